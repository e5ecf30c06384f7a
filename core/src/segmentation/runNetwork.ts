import { nextTask } from '../nextTask';
import type { LoadedNetwork } from './engine';

export interface RunOptions {
  /** Slices that enter as channels; the middle slice is segmented. */
  channels: number;
  /** Rows and columns are padded with zeros to a multiple of this. */
  multipleOf: number;
  signal?: AbortSignal;
  /** Told the number of slices done by each batch. */
  onSlices?: (count: number) => void;
}

/** Class probabilities of a crop, slice by slice. */
export interface ClassMaps {
  classes: number;
  /** Shape [slices, rows, columns, classes]; zero where the network did not run. */
  probabilities: Float32Array;
  /** Channel of the likeliest class, shape [slices, rows, columns]. */
  likeliest: Uint8Array;
}

/** Slices of one call to the engine; more make nothing faster, and a cancel waits for a batch. */
const BATCH = 4;

/** Maps of a crop that no slice has been run of. */
export function createClassMaps(
  classes: number,
  size: readonly [number, number, number]
): ClassMaps {
  const voxels = size[0] * size[1] * size[2];
  return {
    classes,
    probabilities: new Float32Array(voxels * classes),
    likeliest: new Uint8Array(voxels),
  };
}

/**
 * Runs a 2.5D network over the slices `first` to `end − 1` of a normalised crop.
 * @param values shape [slices, rows, columns]; the first and last slice stand in for neighbours
 *   that the crop does not hold
 * @param size columns, rows, slices
 * @param maps receives the result
 * @throws the signal's reason when aborted between batches
 */
export async function runNetwork(
  network: LoadedNetwork,
  values: Float32Array,
  size: readonly [number, number, number],
  [first, end]: readonly [number, number],
  maps: ClassMaps,
  options: RunOptions
): Promise<void> {
  const [columns, rows] = size;
  const padded = (count: number) => Math.ceil(count / options.multipleOf) * options.multipleOf;
  const [height, width] = [padded(rows), padded(columns)];
  for (let from = first; from < end; from += BATCH) {
    options.signal?.throwIfAborted();
    const count = Math.min(BATCH, end - from);
    const patch = new Float32Array(count * height * width * options.channels);
    fillPatches(patch, values, size, from, count, options.channels, height, width);
    const found = await network.run(patch, [count, height, width, options.channels]);
    for (let n = 0; n < count; n++) {
      storeSlice(found.subarray(n * height * width * maps.classes), width, size, from + n, maps);
    }
    options.onSlices?.(count);
    await nextTask();
  }
  options.signal?.throwIfAborted();
}

function fillPatches(
  patch: Float32Array,
  values: Float32Array,
  [columns, rows, slices]: readonly [number, number, number],
  first: number,
  count: number,
  channels: number,
  height: number,
  width: number
): void {
  const reach = (channels - 1) / 2;
  for (let n = 0; n < count; n++) {
    for (let channel = 0; channel < channels; channel++) {
      const slice = Math.min(Math.max(first + n + channel - reach, 0), slices - 1);
      for (let j = 0; j < rows; j++) {
        const from = columns * (j + rows * slice);
        let to = width * (j + height * n) * channels + channel;
        for (let i = 0; i < columns; i++, to += channels) patch[to] = values[from + i]!;
      }
    }
  }
}

/** One slice without its padding, and the likeliest class of each of its pixels. */
function storeSlice(
  found: Float32Array,
  width: number,
  [columns, rows]: readonly [number, number, number],
  slice: number,
  { classes, probabilities, likeliest }: ClassMaps
): void {
  for (let j = 0; j < rows; j++) {
    const row = found.subarray(j * width * classes, (j * width + columns) * classes);
    const voxel = columns * (j + rows * slice);
    probabilities.set(row, voxel * classes);
    for (let i = 0, at = 0; i < columns; i++, at += classes) {
      let best = 0;
      for (let channel = 1; channel < classes; channel++) {
        if (row[at + channel]! > row[at + best]!) best = channel;
      }
      likeliest[voxel + i] = best;
    }
  }
}
