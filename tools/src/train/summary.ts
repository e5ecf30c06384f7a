import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingPlan } from './plans';

export interface FoldSummary {
  fold: number;
  steps: number;
  hours: number;
  trainingPatients: number;
  validationPatients: number;
  loss: number | null;
  /** Mean of the organs, and each foreground class. */
  meanIou: number | null;
  iou: (number | null)[];
}

/** Writes the fold's `summary.json`, and a `summary.json` over all existing folds. */
export async function writeSummaries(
  out: string,
  summary: FoldSummary,
  plan: TrainingPlan
): Promise<void> {
  const file = path.join(out, `fold-${summary.fold}`, 'summary.json');
  await replaceFile(file, `${JSON.stringify(summary, null, 2)}\n`);
  const folds: FoldSummary[] = [];
  for (const name of (await readdir(out)).filter((entry) => /^fold-\d+$/.test(entry))) {
    const other = path.join(out, name, 'summary.json');
    if (existsSync(other)) folds.push(JSON.parse(await readFile(other, 'utf8')) as FoldSummary);
  }
  folds.sort((a, b) => a.fold - b.fold);
  const values = folds.flatMap((fold) => fold.meanIou ?? []);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  const deviation =
    values.length > 1
      ? Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
      : null;
  const whole = {
    preset: plan.preset,
    classes: Object.values(plan.format.outputs.pred.channel_def).slice(1),
    meanIou: values.length > 0 ? { mean, standardDeviation: deviation } : null,
    folds,
  };
  await replaceFile(path.join(out, 'summary.json'), `${JSON.stringify(whole, null, 2)}\n`);
}

/** As a whole: folds in other processes read it while it is written. */
async function replaceFile(file: string, text: string): Promise<void> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, text);
  await rename(own, file);
}
