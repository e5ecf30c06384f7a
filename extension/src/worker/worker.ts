/// <reference lib="webworker" />
// The worker's own script: wires the handler to tfjs, the network and the page.
import { backend, getBackend } from '@tensorflow/tfjs-core';
import { analyzeStudy, checkStudy } from '@inner-ear-hydrops/core';
import { encodeDerivedSeries } from '@inner-ear-hydrops/core/dicom';
import { createSegmenter } from '@inner-ear-hydrops/core/segmentation';
import { fetchModel } from './fetchModel';
import { createHandler } from './handler';
import type { WorkerRequest } from './protocol';
import { prepareWasmThreads } from './wasmThreads';

const scope = self as unknown as DedicatedWorkerGlobalScope;

let threads: Promise<number> | null = null;

const handle = createHandler({
  post: (response, transfer) => scope.postMessage(response, transfer),
  check: (series, method) => void checkStudy(series, method),
  loadSegmenter: async (modelUrl, choice, signal) => {
    const model = await fetchModel(modelUrl, signal);
    // The Blob that started this worker has no folder; the bundle's own address has the binaries.
    const wasmPath = new URL('./', import.meta.url).href;
    return createSegmenter(model, {
      backend: choice,
      wasmPath,
      wasmThreads: await (threads ??= prepareWasmThreads()),
    });
  },
  encode: encodeDerivedSeries,
  analyze: analyzeStudy,
  contextLost,
});

scope.onmessage = (event: MessageEvent<WorkerRequest>) => void handle(event.data);

function contextLost(): boolean {
  if (getBackend() !== 'webgl') return false;
  const webgl = backend() as { getGPGPUContext?: () => { gl: WebGLRenderingContext } };
  return webgl.getGPGPUContext?.().gl.isContextLost() ?? false;
}
