import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Vector3, Volume } from '@inner-ear-hydrops/core';
import * as phantom from '@inner-ear-hydrops/phantom';
import type { PhantomStudy } from '@inner-ear-hydrops/phantom';
import * as nifti from 'nifti-reader-js';
import { CommandError } from '../errors';
import { projectRoot } from '../projectRoot';

/** Beside the checkout; never copied into it. */
export function realEarDirectory(): string {
  return resolve(projectRoot(), '..', 'shared', 'real-ear');
}

export function hasRealEar(): boolean {
  return existsSync(join(realEarDirectory(), 'left-t2.nii.gz'));
}

/**
 * The study around the real left ear: MRC contrast as measured, PPI and PEI simulated inside its labels.
 * @throws CommandError when the files are missing.
 */
export function realEarStudy(seed: number): PhantomStudy {
  const directory = realEarDirectory();
  if (!hasRealEar()) {
    throw new CommandError(
      `The real ear is not there: ${directory} has no left-t2.nii.gz. Leave --real-ear out.`
    );
  }
  const t2 = readNifti(join(directory, 'left-t2.nii.gz'));
  const labels = readNifti(join(directory, 'left-labels.nii.gz'));
  return phantom.buildStudyAroundEar({ t2, labels: Uint8Array.from(labels.data), seed });
}

/**
 * A NIfTI-1 volume in LPS millimetres. NIfTI's world is RAS, so x and y change their sign.
 * @throws CommandError when the file is not NIfTI or has no usable orientation.
 */
export function readNifti(path: string): Volume {
  const compressed = readFileSync(path);
  const raw = path.endsWith('.gz') ? gunzipSync(compressed) : compressed;
  const buffer = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength) as ArrayBuffer;
  if (!nifti.isNIFTI(buffer)) throw new CommandError(`${path} is not a NIfTI file.`);
  const header = nifti.readHeader(buffer);
  const image = nifti.readImage(header, buffer);
  const size = header.dims.slice(1, 4) as Vector3;
  const values = typedValues(header.datatypeCode, image, path);
  const slope = header.scl_slope || 1;
  const data = Float32Array.from(values, (value) => value * slope + header.scl_inter);
  // Columns of the affine are the steps of i, j and k; its rows are R, A, S.
  const affine = header.affine;
  const column = (c: number): Vector3 => [-affine[0]![c]!, -affine[1]![c]!, affine[2]![c]!];
  const steps = [column(0), column(1), column(2)];
  const spacing = steps.map((step) => Math.hypot(...step)) as Vector3;
  if (spacing.some((length) => !(length > 0)))
    throw new CommandError(`${path} has no orientation.`);
  return {
    data,
    size,
    spacing,
    origin: column(3),
    direction: steps.flatMap((step, axis) => step.map((value) => value / spacing[axis]!)),
  };
}

function typedValues(code: number, image: ArrayBuffer, path: string): ArrayLike<number> {
  switch (code) {
    case nifti.NIFTI1.TYPE_UINT8:
      return new Uint8Array(image);
    case nifti.NIFTI1.TYPE_INT16:
      return new Int16Array(image);
    case nifti.NIFTI1.TYPE_UINT16:
      return new Uint16Array(image);
    case nifti.NIFTI1.TYPE_INT32:
      return new Int32Array(image);
    case nifti.NIFTI1.TYPE_FLOAT32:
      return new Float32Array(image);
    case nifti.NIFTI1.TYPE_FLOAT64:
      return new Float64Array(image);
    default:
      throw new CommandError(`${path} holds data of NIfTI type ${code}, which is not read here.`);
  }
}
