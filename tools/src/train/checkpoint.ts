import { open, readFile, rename } from 'node:fs/promises';
import type { OptimizerState } from './adam';

const LISTS = ['weights', 'firstMoments', 'secondMoments', 'averages'] as const;

/** What a progress plot shows of one moment. */
export interface ProgressPoint {
  step: number;
  /** Mean loss since the point before. */
  loss: number;
  /** Validation IoU of each foreground class (null: not in the patches), and mean of the first two. */
  iou: (number | null)[];
  meanIou: number;
}

/** All that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  state: OptimizerState;
  /** Sum and number of losses since the last point. */
  losses: { sum: number; count: number };
  history: ProgressPoint[];
  /** Seconds of training up to here. */
  seconds: number;
}

/**
 * Writes a checkpoint: one line of JSON, then the arrays as little-endian float32. Written beside,
 * flushed and renamed, so that a kill at any moment leaves the previous or the new checkpoint.
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { state, losses, history, seconds } = checkpoint;
  const lengths = state.weights.map((values) => values.length);
  const header = { step: state.step, lengths, losses, history, seconds };
  const arrays = LISTS.flatMap((list) => state[list]).map((values) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  );
  const file = await open(`${path}.part`, 'w');
  try {
    await file.writeFile(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...arrays]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}

export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const contents = await readFile(path);
  const end = contents.indexOf(10);
  const { step, lengths, losses, history, seconds } = JSON.parse(
    contents.subarray(0, end).toString()
  ) as Omit<Checkpoint, 'state'> & { step: number; lengths: number[] };
  let offset = end + 1;
  const read = () =>
    lengths.map((length) => {
      const bytes = contents.subarray(offset, offset + 4 * length);
      offset += 4 * length;
      return new Float32Array(Uint8Array.from(bytes).buffer);
    });
  // In the order of LISTS, in which they were written.
  const state = {
    step,
    weights: read(),
    firstMoments: read(),
    secondMoments: read(),
    averages: read(),
  };
  return { state, losses, history, seconds };
}
