import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { DEFAULT_MODEL, wasmFolder } from '../../tools/src/model/modelFiles';
import { launchBrowser } from '../../test/support/browser';
import type { Job, JobResult } from './job';
import type { Measured } from './nodeJob';
import { onnxFolder } from './onnxRuntime';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

export interface BenchServer {
  url: string;
  close(): Promise<void>;
}

/**
 * The benchmark's files on a free loopback port: under `/isolated/` with the headers that threads need,
 * under `/plain/` without.
 */
export async function startBenchServer(folder: string, worker: string): Promise<BenchServer> {
  const folders: Record<string, string> = {
    files: folder,
    model: DEFAULT_MODEL,
    wasm: wasmFolder(),
    onnxruntime: onnxFolder(),
  };
  const server: Server = createServer((request, response) => {
    const [, headers, first = '', ...rest] = normalize(request.url ?? '/').split('/');
    if (headers === 'isolated') {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    const file = first === 'worker.js' ? worker : join(folders[first] ?? folder, ...rest);
    const type = TYPES[extname(first === 'page.html' ? first : file)] ?? 'application/octet-stream';
    response.setHeader('Content-Type', type);
    if (first === 'page.html') response.end('<!doctype html><title>Benchmark</title>');
    else if (isFile(file)) createReadStream(file).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Runs a job in a worker of a page of a new browser; with `gpu`, WebGL by the graphics card. */
export async function runInBrowser(
  job: Job,
  server: BenchServer,
  { gpu }: { gpu: boolean }
): Promise<Measured> {
  const browser = await launchBrowser({ gpu });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${server.url}/${job.threads > 1 ? 'isolated' : 'plain'}/page.html`);
    const answer = await page.evaluate(
      (message) =>
        new Promise<{ result?: JobResult; error?: string }>((resolve) => {
          const worker = new Worker('./worker.js', { type: 'module' });
          worker.onmessage = (event) => resolve(event.data as { result?: JobResult });
          worker.onerror = (event) => resolve({ error: event.message });
          worker.postMessage(message);
        }),
      job
    );
    if (!answer.result) throw new Error(answer.error ?? 'The worker failed.');
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
      processInfo: { type: string; id: number }[];
    };
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    const peakMiB = Math.max(...renderers.map(({ id }) => peakMemory(id)));
    return { ...answer.result, peakMiB };
  } finally {
    await browser.close();
  }
}

/** MiB that a process has held at most; Linux only, NaN elsewhere. */
function peakMemory(id: number): number {
  const file = `/proc/${id}/status`;
  const line = existsSync(file) ? /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8')) : null;
  return line ? Number(line[1]) / 1024 : NaN;
}
