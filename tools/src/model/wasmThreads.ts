import { itemAt } from '@inner-ear-hydrops/core';
import { EventEmitter } from 'node:events';
import os from 'node:os';
import workerThreads, { type Worker } from 'node:worker_threads';
// Registers the flag that is set below.
import '@tensorflow/tfjs-backend-wasm';
import { env } from '@tensorflow/tfjs-core';

/** The threaded build starts this many workers, however few of them it will use. */
const POOL = 8;
/** More threads than this gain nothing on patches so small, and the backend takes no more. */
const MAX_THREADS = 4;
const PACKAGE = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd';

/** Threads that this process may use: `HYDROPS_THREADS`, or the processors there are. */
export function availableThreads(): number {
  const asked = Number(process.env.HYDROPS_THREADS);
  const threads = Number.isInteger(asked) && asked > 0 ? asked : os.availableParallelism();
  return Math.min(threads, MAX_THREADS);
}

/**
 * Runs `start`, in which tfjs's WASM backend may start on several threads. tfjs keeps its threaded build from
 * Node because its workers start from blob addresses, which Node has not. While `start` runs, the
 * workers that it makes are started from the package's files instead, as many as there are threads, and
 * the processors are counted double, since the backend takes half of them.
 */
export async function withWasmThreads<T>(
  threads: number,
  start: (threads: number) => Promise<T>
): Promise<T> {
  if (threads < 2) return start(1);
  const shared = workerThreads as { Worker: unknown };
  const system = os as { cpus: typeof os.cpus };
  const [RealWorker, cpus] = [workerThreads.Worker, os.cpus];
  let made = 0;
  // The backend takes workers from the end of its pool, and works on the main thread too.
  shared.Worker = function makeWorker() {
    made++;
    return made > POOL - (threads - 1) ? startWorker(RealWorker) : new IdleWorker();
  };
  system.cpus = () => Array.from({ length: 2 * threads }, () => itemAt(cpus(), 0));
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  try {
    return await start(threads);
  } finally {
    shared.Worker = RealWorker;
    system.cpus = cpus;
    // The backend leaves the name behind, by which other packages take Node for a browser.
    delete (globalThis as { Worker?: unknown }).Worker;
  }
}

/** Stands in the pool for a worker that is never given work. */
class IdleWorker extends EventEmitter {
  postMessage(message: { cmd?: string }): void {
    if (message.cmd === 'load') setImmediate(() => this.emit('message', { cmd: 'loaded' }));
  }
  ref = () => this;
  unref = () => this;
  terminate = () => Promise.resolve(0);
}

function startWorker(RealWorker: typeof Worker): Worker {
  const worker = new RealWorker(WORKER_SOURCE, {
    eval: true,
    workerData: {
      module: require.resolve(`${PACKAGE}.js`),
      worker: require.resolve(`${PACKAGE}.worker.js`),
    },
  });
  // A waiting worker must not keep the process alive; once it has loaded, the backend lets go of it.
  worker.ref = () => undefined;
  return worker;
}

/** The package's own worker script, told where to read the module that it would get as a blob. */
const WORKER_SOURCE = `
const { module: path, worker } = require('node:worker_threads').workerData;
URL.createObjectURL = () => path;
URL.revokeObjectURL = () => {};
Object.assign(globalThis, { require, __filename: path, __dirname: require('node:path').dirname(path) });
const { wasmWorkerContents } = require(worker);
(0, eval)(wasmWorkerContents.replace(/\\n/g, '\\\\n'));
`;
