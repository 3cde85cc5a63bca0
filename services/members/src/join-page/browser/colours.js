/**
 * Part of the contrast of two colours as WCAG counts it.
 * @param {string} colour `#RRGGBB`
 */
function luminance(colour) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * @param {string} one
 * @param {string} other
 */
function contrastOf(one, other) {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The least that small text needs (WCAG 2, AA). */
const READABLE = 4.5;

/**
 * The colours of a card as its partner chose them, with a text that can be read on it. Null: none were chosen.
 * @param {string | null} background `#RRGGBB`
 * @param {string | null} text
 */
export function cardColours(background, text) {
  if (background === null) return null;
  if (text !== null && contrastOf(background, text) >= READABLE) return { background, text };
  const white = '#FFFFFF';
  return { background, text: contrastOf(background, white) >= READABLE ? white : '#000000' };
}
