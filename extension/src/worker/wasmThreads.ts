/** Beyond four threads, patches this small gain nothing (and the backend takes no more). */
const MAX_THREADS = 4;
const PROBE_LIMIT_MS = 3000;

/**
 * Readies this worker for the threaded WASM build and returns the number of threads to ask for.
 * Without cross-origin isolation, or where a worker may not start workers of its own (a content
 * security policy), the single-threaded build is taken for one thread; the threaded build would wait for ever.
 */
export async function prepareWasmThreads(): Promise<number> {
  const cores = navigator.hardwareConcurrency || 1;
  const isIsolated = globalThis.crossOriginIsolated;
  if (!isIsolated || !(await canStartWorkers())) {
    if (isIsolated) {
      console.warn(
        'Inner Ear Hydrops: WebAssembly runs on one thread, because the Content Security Policy of the site does not allow workers and their scripts from blob: (worker-src, script-src). Results are the same but take longer.'
      );
    }
    return 1;
  }
  const threads = Math.min(cores, MAX_THREADS);
  // The backend takes half of the cores reported, whatever it is asked for: on two cores, one.
  Object.defineProperty(navigator, 'hardwareConcurrency', {
    value: 2 * threads,
    configurable: true,
  });
  return threads;
}

/**
 * A thread of the backend is a worker that imports the backend's script: both from memory, and each may be forbidden. An
 * error that it did not catch would also reach the page, as one of the worker that started it.
 */
const PROBE = `try {
  importScripts(URL.createObjectURL(new Blob([''], { type: 'text/javascript' })));
  postMessage(true);
} catch {
  postMessage(false);
}`;

function canStartWorkers(): Promise<boolean> {
  return new Promise((resolve) => {
    const url = URL.createObjectURL(new Blob([PROBE], { type: 'text/javascript' }));
    let probe: Worker | null = null;
    const answer = (works: boolean) => {
      clearTimeout(limit);
      probe?.terminate();
      URL.revokeObjectURL(url);
      resolve(works);
    };
    const limit = setTimeout(() => answer(false), PROBE_LIMIT_MS);
    try {
      probe = new Worker(url);
      probe.onmessage = ({ data }) => answer(data === true);
      probe.onerror = () => answer(false);
    } catch {
      answer(false);
    }
  });
}
