/** Lines over one axis, for the report. */
export interface Chart {
  title: string;
  xTitle: string;
  yTitle: string;
  /** Ascending. */
  x: readonly number[];
  /** As long as `x`. */
  lines: readonly { name: string; values: readonly number[] }[];
}

const [width, height] = [720, 240];
const edge = { left: 64, right: 16, top: 12, bottom: 56 };
const gridLines = 4;

const texts: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as HTML shows it. */
export const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => texts[sign]!);

const figure = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 });

/** The next of 1, 2, 5, 10, 20 … that is not below. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value)!;
}

/** The chart as one SVG. Empty text where there are fewer than two points to join. */
export function svgOf({ title, xTitle, yTitle, x, lines }: Chart): string {
  if (x.length < 2) return '';
  const [from, to] = [x[0]!, x.at(-1)!];
  const most = niceAbove(Math.max(1, ...lines.flatMap(({ values }) => values)));
  const across = (value: number) => edge.left + ((value - from) / (to - from)) * (width - edge.left - edge.right);
  const up = (value: number) => height - edge.bottom - (value / most) * (height - edge.top - edge.bottom);
  const steps = Array.from({ length: gridLines + 1 }, (_, n) => n / gridLines);
  const grid = steps.map((step) => {
    const y = up(step * most).toFixed(1);
    const label = `<text x="${edge.left - 8}" y="${y}" dy="4" text-anchor="end">${figure(step * most)}</text>`;
    return `<line class="grid" x1="${edge.left}" x2="${width - edge.right}" y1="${y}" y2="${y}"/>${label}`;
  });
  const below = steps.map((step) => {
    const value = from + step * (to - from);
    return `<text x="${across(value).toFixed(1)}" y="${height - edge.bottom + 22}" text-anchor="middle">${figure(value)}</text>`;
  });
  const drawn = lines.map(({ values }, n) => {
    const points = values.map((value, at) => `${across(x[at]!).toFixed(1)},${up(value).toFixed(1)}`);
    return `<polyline class="line line-${n}" points="${points.join(' ')}"/>`;
  });
  const legend = lines.map(({ name }, n) => `<span class="key key-${n}">${escape(name)}</span>`);
  return `<figure>
<figcaption>${escape(title)} <small>${escape(yTitle)}</small> ${legend.join(' ')}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">
${[...grid, ...below, ...drawn].join('\n')}
<text x="${(width + edge.left) / 2}" y="${height - 6}" text-anchor="middle">${escape(xTitle)}</text>
</svg>
</figure>`;
}
