import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { benchFolder, repository } from './folders.ts';
import type { Goal, Plot, SavedReport, Table } from './report.ts';

const docs = join(repository, 'docs', 'performance.md');

/** Puts what benchmarks found last between the marks `<!-- bench NAME -->` and `<!-- /bench NAME -->` of docs/performance.md. */
export async function writeDocs(names: readonly string[]): Promise<void> {
  const reports = names.flatMap((name) => readReport(name) ?? []);
  let text = readFileSync(docs, 'utf8');
  for (const report of reports) text = between(text, report.name, sectionOf(report));
  if (reports.length > 0) text = between(text, 'goals', goalsOf(reports));
  writeFileSync(docs, await format(text, { ...(await resolveConfig(docs)), parser: 'markdown' }));
  console.log(`${docs}: ${reports.map(({ name }) => name).join(', ') || 'nothing was measured yet'}`);
}

/** Short runs show that a benchmark works, and are no figures. */
function readReport(name: string): SavedReport | null {
  const file = join(benchFolder(), `${name}.json`);
  if (!existsSync(file)) return null;
  const report = JSON.parse(readFileSync(file, 'utf8')) as SavedReport;
  if (report.isQuick) console.log(`${name}: left out, it was run with --quick`);
  return report.isQuick ? null : report;
}

function between(text: string, name: string, section: string): string {
  const [from, to] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`];
  const [before, rest] = [text.indexOf(from), text.indexOf(to)];
  if (before === -1 || rest < before) throw new Error(`${docs} has no marks for ${name}`);
  return `${text.slice(0, before + from.length)}\n\n${section}\n\n${text.slice(rest)}`;
}

const sectionOf = ({ command, at, machine, commit, tables, plots = [], notes = [] }: SavedReport): string =>
  [
    `\`${command}\` (${at.slice(0, 10)}, commit ${commit}, ${machine})`,
    ...tables.map(tableOf),
    ...plots.map(plotOf),
    notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const tableOf = ({ title, columns, rows }: Table): string =>
  [`**${title}**`, '', line(columns), line(columns.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );

/** Mermaid, which needs no library and is shown where the docs are read. It has no legend, so the text below names the lines. */
function plotOf({ title, x, yTitle, lines }: Plot): string {
  const most = Math.max(...lines.flatMap(({ values }) => values));
  const axis = x.values.map((value) => `"${value}"`).join(', ');
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${title}"`,
    `  x-axis "${x.title}" [${axis}]`,
    `  y-axis "${yTitle}" 0 --> ${Math.ceil(most * 1.1)}`,
    ...lines.map(({ values }) => `  line [${values.join(', ')}]`),
    '```',
    '',
    `Lines, in the order of their colours: ${lines.map(({ name }) => name).join(' · ')}.`,
  ].join('\n');
}

function goalsOf(reports: readonly SavedReport[]): string {
  const rows = reports.flatMap(({ command, goals = [] }) => goals.map((goal) => rowOf(goal, command)));
  return [line(['goal', 'measured', '', 'command']), line(['---', '---', '---', '---']), ...rows].join('\n');
}

const rowOf = ({ goal, measured, isMet }: Goal, command: string): string =>
  line([goal, measured, isMet === null ? 'not measured' : isMet ? 'met' : '**missed**', `\`${command}\``]);
