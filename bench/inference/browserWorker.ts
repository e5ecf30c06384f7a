/// <reference lib="webworker" />
import { env } from '@tensorflow/tfjs-core';
import type { OnnxRuntime, ReadFile } from './engines';
import { runJob, type Job } from './job';

const fetched =
  (folder: string): ReadFile =>
  async (name) => {
    const response = await fetch(`./${folder}/${name}`);
    if (!response.ok) throw new Error(`${folder}/${name}: HTTP ${response.status}`);
    return response.arrayBuffer();
  };

/** Runs one job off the page's main thread, as the extension does. */
self.onmessage = (event: MessageEvent<Job>) => {
  const job = event.data;
  runJob(job, {
    read: fetched('files'),
    readModel: fetched('model'),
    withThreads: (threads, start) => {
      // As the extension does: the backend takes half of the processors, and waits for ever without isolation.
      env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads > 1);
      const value = 2 * threads;
      Object.defineProperty(navigator, 'hardwareConcurrency', { value, configurable: true });
      return start();
    },
    wasmPath: new URL('./wasm/', location.href).href,
    async onnxRuntime(threads) {
      const folder = new URL('./onnxruntime/', location.href).href;
      const runtime = (await import(`${folder}ort.wasm.min.mjs`)) as OnnxRuntime;
      runtime.env.wasm.numThreads = threads;
      runtime.env.wasm.wasmPaths = folder;
      runtime.env.logLevel = 'error';
      return runtime;
    },
  }).then(
    (result) => self.postMessage({ result }),
    (error: unknown) =>
      self.postMessage({
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
  );
};
