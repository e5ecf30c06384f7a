import { SEGMENTS } from '@inner-ear-hydrops/core';
import { dealFolds } from '../train/folds';
import { IGNORED } from './formats';

/** nnU-Net's name of a raw data set: Dataset, three digits, a word. */
export const DATASET_NAME = /^Dataset\d{3}_\w+$/;

/** A study in the data set. */
export interface DatasetCase {
  name: string;
  patient: string;
}

/** `dataset.json` (nnU-Net, documentation/dataset_format.md). @param hasIgnored whether a case has voxels that nobody annotated */
export function datasetJson(cases: readonly DatasetCase[], hasIgnored: boolean): string {
  const organs = SEGMENTS.map(({ label, number }) => [label.toLowerCase(), number] as const);
  const labels = Object.fromEntries([
    ['background', 0],
    ...organs,
    ...(hasIgnored ? [['ignore', IGNORED] as const] : []),
  ]) as Record<string, number>;
  const dataset = {
    channel_names: { 0: 'MRC' },
    labels,
    numTraining: cases.length,
    file_ending: '.nii.gz',
  };
  return `${JSON.stringify(dataset, null, 2)}\n`;
}

/** `splits_final.json`: patients are in one fold only, as `hydrops train` deals them by the same seed. */
export function splitsJson(cases: readonly DatasetCase[], folds: number, seed: number): string {
  const patients = [...new Set(cases.map(({ patient }) => patient))];
  const splits = dealFolds(patients, folds, seed).map((held) => {
    const names = (isHeld: boolean) =>
      cases.filter(({ patient }) => held.includes(patient) === isHeld).map(({ name }) => name);
    return { train: names(false), val: names(true) };
  });
  return `${JSON.stringify(splits, null, 2)}\n`;
}
