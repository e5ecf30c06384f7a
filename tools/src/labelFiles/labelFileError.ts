import { RefusedInputError } from '@inner-ear-hydrops/core';

/** A file that ends early, contradicts itself, or is written in a way that is not read. */
export function unreadable(file: string, why: string, remedy?: string): RefusedInputError {
  return new RefusedInputError(
    'label-file-unreadable',
    `${file} cannot be read: ${why}.`,
    remedy ?? 'Copy or export the file again.',
    { file }
  );
}

/** A file that does not say where in the patient its voxels lie. */
export function orientationUnknown(file: string, why: string): RefusedInputError {
  return new RefusedInputError(
    'label-orientation-unknown',
    `${file} does not say where in the patient its voxels lie: ${why}.`,
    'Export it with the geometry of the images that it was drawn on.',
    { file }
  );
}

/** A file whose values are no labels. */
export function notLabels(file: string, why: string): RefusedInputError {
  return new RefusedInputError(
    'labels-expected',
    `${file} holds no labels: ${why}.`,
    'Give the file of the segmentation, in which each voxel has the number of a label.',
    { file }
  );
}
