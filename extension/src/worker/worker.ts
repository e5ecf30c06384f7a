/// <reference lib="webworker" />
// The worker's own script: wires the handler to tfjs, the network and the page.
import { analyzeStudy, checkStudy } from '@inner-ear-hydrops/core';
import { createPixelCodecs } from '@inner-ear-hydrops/core/codecs';
import { fetchModel } from './fetchModel';
import { createHandler } from './handler';
import { part } from './part';
import { PROTOCOL, type PageMessage, type WorkerMessage } from './protocol';
import { WasmFiles } from './wasmFiles';
import { prepareWasmThreads } from './wasmThreads';

const scope = self as unknown as DedicatedWorkerGlobalScope;

/** The Blob that started this worker has no folder; the bundle's own address has the binaries beside it. */
const fileBeside = (name: string): string => new URL(`./${name}`, import.meta.url).href;

/** Once it is loaded. */
let running: typeof import('./segmenter') | null = null;
let threads: Promise<number> | null = null;

const binaries = new WasmFiles(scope.fetch.bind(scope));
scope.fetch = binaries.fetch;

const handle = createHandler({
  post: (message, transfer) => scope.postMessage(message, transfer),
  codecs: createPixelCodecs({ locateFile: fileBeside }),
  check: (series, method) => void checkStudy(series, method),
  loadSegmenter: async (modelUrl, choice, signal) => {
    const [model, segmenter] = await Promise.all([
      fetchModel(modelUrl, { signal }),
      part(() => import('./segmenter')),
    ]);
    running = segmenter;
    return segmenter.createSegmenter(model, {
      backend: choice,
      wasmPath: fileBeside(''),
      prepareWasm,
      wasmThreads: await (threads ??= prepareWasmThreads()),
    });
  },
  analyze: analyzeStudy,
  contextLost: () => running?.contextLost() ?? false,
  hold: holdLock,
});

scope.onmessage = (event: MessageEvent<PageMessage>) => void handle(event.data);
scope.postMessage({ protocol: PROTOCOL, kind: 'hello' } satisfies WorkerMessage);

/** Its reason is told here too: with `auto` a slower backend takes over. */
async function prepareWasm(file: string): Promise<void> {
  try {
    await binaries.prepare(fileBeside(file));
  } catch (error) {
    console.warn('Inner Ear Hydrops:', error);
    throw error;
  }
}

/** Resolves once the lock is held; it is let go by the browser when this worker is gone. */
function holdLock(name: string): Promise<boolean> {
  const { locks } = scope.navigator;
  // Without a secure context there are no locks.
  if (!locks) return Promise.resolve(false);
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(true);
        return new Promise<never>(() => undefined);
      })
      .catch(() => resolve(false));
  });
}
