import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchFolder, repository } from './folders.ts';
import type { Options } from './options.ts';

export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
}

/** A goal of docs/performance.md, and how far we are. `isMet` null: it could not be measured here. */
export interface Goal {
  goal: string;
  measured: string;
  isMet: boolean | null;
}

export interface Plot {
  title: string;
  x: { title: string; values: string[] };
  yTitle: string;
  lines: { name: string; values: number[] }[];
}

export interface Report {
  tables: Table[];
  goals?: Goal[];
  plots?: Plot[];
  /** What a reader must know: peers that were left out, what else ran on the machine. */
  notes?: string[];
}

export interface SavedReport extends Report {
  name: string;
  command: string;
  at: string;
  isQuick: boolean;
  machine: string;
  commit: string;
}

/** Prints the tables and keeps them as `.local/benchmarks/<name>.json`, from which `npm run bench -- docs` writes the docs. */
export function report(name: string, { isQuick }: Options, found: Report): void {
  for (const { title, columns, rows } of found.tables) console.log(`\n${title}\n${lines(columns, rows).join('\n')}`);
  for (const { goal, measured, isMet } of found.goals ?? []) {
    console.log(`\n${isMet === null ? '?' : isMet ? 'met' : 'MISSED'}: ${goal}: ${measured}`);
  }
  for (const note of found.notes ?? []) console.log(`\nNote: ${note}`);
  const saved: SavedReport = {
    ...{ name, command: `node benchmarks/${name}.ts`, at: new Date().toISOString(), isQuick },
    ...{ machine: machine(), commit: commit(), ...found },
  };
  const file = join(benchFolder(), `${name}.json`);
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`);
  console.log(`\n${file}${isQuick ? ' (--quick: these are no figures)' : ''}`);
}

/** Columns of equal width; the first to the left, numbers to the right. */
function lines(columns: readonly string[], rows: readonly string[][]): string[] {
  const widths = columns.map((column, n) => Math.max(column.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join('  ');
  return [line(columns), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)];
}

const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repository, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
