import type { ModelFiles, Segmenter } from '@inner-ear-hydrops/core';
import { createSegmenter } from '@inner-ear-hydrops/core/segmentation';
import { CommandError } from '../errors';
import { wasmFolder } from './modelFiles';
import { availableThreads, withWasmThreads } from './wasmThreads';

/** Far longer than threads and networks take to start. */
const PATIENCE_MS = 60_000;

/**
 * A model on WASM, on as many threads as this process may use. The number of threads changes no label.
 * @throws RefusedInputError as `createSegmenter`
 * @throws CommandError where the threads do not start, as they may not in a Node.js that was never tried
 */
export async function startSegmenter(model: ModelFiles): Promise<Segmenter & { dispose(): void }> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new CommandError(
            `The threads of the network did not start under Node.js ${process.version}. Set HYDROPS_THREADS=1 to run without threads.`
          )
        ),
      PATIENCE_MS
    );
  });
  const started = withWasmThreads(availableThreads(), (wasmThreads) =>
    createSegmenter(model, { backend: 'wasm', wasmPath: wasmFolder(), wasmThreads })
  );
  return Promise.race([started, tooLate]).finally(() => clearTimeout(timer));
}
