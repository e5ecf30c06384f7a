import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../tools/src/projectRoot';

export interface BenchTable {
  columns: string[];
  rows: (string | number)[][];
}

/** Prints a table and writes `out/bench-NAME.json` with the same rows and the machine they were measured on. */
export function reportTable(name: string, table: BenchTable, notes: string[] = []): void {
  const shown = [table.columns, ...table.rows.map((row) => row.map(String))];
  const widths = table.columns.map((_, n) => Math.max(...shown.map((row) => row[n]!.length)));
  for (const row of shown) {
    const cells = row.map((cell, n) =>
      n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!)
    );
    console.log(cells.join('  '));
  }
  for (const note of notes) console.log(note);
  const directory = join(projectRoot(), 'out');
  mkdirSync(directory, { recursive: true });
  const machine = {
    node: process.version,
    cores: cpus().length,
    processor: cpus()[0]?.model ?? '',
  };
  writeFileSync(
    join(directory, `bench-${name}.json`),
    `${JSON.stringify({ name, date: new Date().toISOString(), machine, notes, ...table }, null, 2)}\n`
  );
}
