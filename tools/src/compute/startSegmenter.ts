import type { ModelFiles, Segmenter } from '@inner-ear-hydrops/core';
import { createSegmenter } from '@inner-ear-hydrops/core/segmentation';
import { wasmFolder } from './modelFiles';
import { availableThreads, withWasmThreads } from './wasmThreads';

/**
 * A model on WASM, on as many threads as this process may use. The number of threads changes no label.
 * @throws RefusedInputError as `createSegmenter`
 */
export function startSegmenter(model: ModelFiles): Promise<Segmenter & { dispose(): void }> {
  return withWasmThreads(availableThreads(), (wasmThreads) =>
    createSegmenter(model, { backend: 'wasm', wasmPath: wasmFolder(), wasmThreads })
  );
}
