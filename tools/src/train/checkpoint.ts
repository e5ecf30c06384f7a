import { readFile, rename, writeFile } from 'node:fs/promises';
import type { OptimizerState } from './adam';

const LISTS = ['weights', 'firstMoments', 'secondMoments', 'averages'] as const;

/**
 * Writes a checkpoint: one line of JSON, then the arrays as little-endian float32. Written beside
 * and renamed, so that a kill at any moment leaves the previous or the new one.
 */
export async function saveCheckpoint(path: string, state: OptimizerState): Promise<void> {
  const lengths = state.weights.map((values) => values.length);
  const header = Buffer.from(`${JSON.stringify({ step: state.step, lengths })}\n`);
  const arrays = LISTS.flatMap((list) => state[list]).map((values) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  );
  await writeFile(`${path}.part`, Buffer.concat([header, ...arrays]));
  await rename(`${path}.part`, path);
}

export async function loadCheckpoint(path: string): Promise<OptimizerState> {
  const contents = await readFile(path);
  const end = contents.indexOf(10);
  const header = JSON.parse(contents.subarray(0, end).toString()) as {
    step: number;
    lengths: number[];
  };
  let offset = end + 1;
  const read = () =>
    header.lengths.map((length) => {
      const bytes = contents.subarray(offset, offset + 4 * length);
      offset += 4 * length;
      return new Float32Array(Uint8Array.from(bytes).buffer);
    });
  const [weights, firstMoments, secondMoments, averages] = LISTS.map(read);
  return { step: header.step, weights, firstMoments, secondMoments, averages };
}
