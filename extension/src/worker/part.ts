import { RefusedInputError } from '@inner-ear-hydrops/core';

/**
 * A part of the worker that is not needed from the beginning.
 * @throws RefusedInputError `worker-unavailable` where it does not come
 */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RefusedInputError(
      'worker-unavailable',
      `A part of the computation's background worker could not be loaded: ${reason}.`,
      'Leave the mode and enter it again. If it keeps failing, ask whoever runs this viewer to serve all files of extension/dist from one build.',
      { reason }
    );
  }
}
