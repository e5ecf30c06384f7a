import { readFileSync } from 'node:fs';
import { mapAxes, type Volume } from '@inner-ear-hydrops/core';
import type { LabelImage } from './labelImage';
import { endOf, readNiftiHeader, type NiftiHeader } from './niftiHeader';
import { allBytes, firstBytes } from './unpack';
import { countVoxels, labelsOf, voxelsOf, type Voxels } from './voxels';

/**
 * Labels from a NIfTI-1 or NIfTI-2 file, packed or not.
 * @param content the file as it is stored
 * @throws RefusedInputError `label-file-unreadable`, `label-orientation-unknown`, `labels-expected`
 */
export function readNiftiLabels(file: string, content: Buffer): LabelImage {
  const { header, voxels } = readNifti(file, content);
  const { size, origin, steps } = header;
  return { size, origin, steps, layers: [labelsOf(file, voxels, header)], named: [] };
}

/**
 * An image from a NIfTI file, in LPS millimetres.
 * @throws RefusedInputError `label-file-unreadable`, `label-orientation-unknown`
 */
export function readNiftiVolume(file: string): Volume {
  const { header, voxels } = readNifti(file, readFileSync(file));
  const { size, origin, steps, slope, intercept } = header;
  const spacing = mapAxes(steps, (step) => Math.hypot(...step));
  const [i, j, k] = mapAxes(steps, (step, axis) => mapAxes(step, (value) => value / spacing[axis]));
  const data = Float32Array.from(voxels, (value) => value * slope + intercept);
  return { data, size, spacing, origin, direction: [...i, ...j, ...k] };
}

function readNifti(file: string, content: Buffer): { header: NiftiHeader; voxels: Voxels } {
  const header = readNiftiHeader(file, firstBytes(file, content));
  const end = endOf(header, countVoxels(file, header.size));
  const bytes = allBytes(file, content, end);
  const { type, start, isLittleEndian } = header;
  return { header, voxels: voxelsOf(bytes.subarray(start, end), type, isLittleEndian) };
}
