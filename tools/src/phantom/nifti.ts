import { mapAxes, perAxis } from '@inner-ear-hydrops/core';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Vector3, Volume } from '@inner-ear-hydrops/core';
import { CommandError } from '../errors';

/** NIfTI-1 data types that are read here: code, bytes, and how one value is read. */
const DATA_TYPES: Record<number, { bytes: number; read: (view: DataView, at: number) => number }> =
  {
    2: { bytes: 1, read: (view, at) => view.getUint8(at) },
    4: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
    8: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
    16: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
    64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
    512: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  };

/**
 * A little-endian NIfTI-1 volume (single file, perhaps gzipped, with an sform) in LPS millimetres.
 * NIfTI's world is RAS, so x and y change their sign. Layout: nifti1.h of the NIfTI-1 standard.
 * @throws CommandError when the file is something else.
 */
export function readNifti(path: string): Volume {
  const compressed = readFileSync(path);
  const raw = path.endsWith('.gz') ? gunzipSync(compressed) : compressed;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (raw.length < 352 || view.getInt32(0, true) !== 348) {
    throw new CommandError(`${path} is not a little-endian NIfTI-1 file.`);
  }
  if (view.getInt16(254, true) <= 0) throw new CommandError(`${path} has no orientation (sform).`);
  const type = DATA_TYPES[view.getInt16(70, true)];
  if (!type)
    throw new CommandError(
      `${path} holds data of type ${view.getInt16(70, true)}, which cannot be read here.`
    );

  const size = [42, 44, 46].map((at) => view.getInt16(at, true)) as Vector3;
  const start = view.getFloat32(108, true);
  const count = size[0] * size[1] * size[2];
  if (raw.length < start + count * type.bytes) throw new CommandError(`${path} is cut off.`);
  const slope = view.getFloat32(112, true) || 1;
  const intercept = view.getFloat32(116, true);
  const data = Float32Array.from(
    { length: count },
    (_, i) => type.read(view, start + i * type.bytes) * slope + intercept
  );

  // Columns of the affine are the steps of i, j and k, and the origin; its rows are R, A, S.
  const affine = (row: number, column: number) =>
    view.getFloat32(280 + 16 * row + 4 * column, true);
  const column = (c: number): Vector3 => [-affine(0, c), -affine(1, c), affine(2, c)];
  const steps = perAxis(column);
  const spacing = mapAxes(steps, (step) => Math.hypot(...step));
  const [i, j, k] = mapAxes(steps, (step, axis) => mapAxes(step, (value) => value / spacing[axis]));
  return {
    data,
    size,
    spacing,
    origin: column(3),
    direction: [...i, ...j, ...k],
  };
}
