import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { download, scriptFault } from './download';

// A real server on this machine that answers as a site's may.

const answers: Record<string, RequestListener> = {
  '/bytes': (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(new Uint8Array([6, 5, 4, 3, 2, 1]));
  },
  '/in-parts': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end('import"./part-HERE.js";import{a as b}from"./part-LOST.js";');
  },
  '/part-LOST.js': (_request, response) => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
  },
  '/part-HERE.js': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end('1;');
  },
  '/never': () => undefined,
  '/stops': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.write('half');
  },
  '/breaks': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  },
  '/missing': (_request, response) => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
  },
  '/login': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
  },
  '/plain': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('1;');
  },
  '/script': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end('1;');
  },
};

let server: Server;
let base: string;
beforeAll(async () => {
  server = createServer((request, response) => answers[request.url ?? '']?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Short for what never comes; what comes may be late on a busy machine. */
const patienceFor = (path: string) => (/never|stops/.test(path) ? 50 : 10_000);

/** A server that sends what it is told, when it is told; null ends the file. */
function slowly() {
  let sending: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (sending = controller),
  });
  return {
    fetch: () => Promise.resolve(new Response(body)),
    send: (byte: number | null) =>
      byte === null ? sending.close() : sending.enqueue(new Uint8Array([byte])),
  };
}

describe('a download', () => {
  afterEach(() => void jest.useRealTimers());

  it('is whole, with the media type that its server states', async () => {
    const { contents, type } = await download(`${base}/bytes`);
    expect([...new Uint8Array(contents)]).toEqual([6, 5, 4, 3, 2, 1]);
    expect(type).toBe('application/octet-stream');
  });

  it('is whole, however slowly it comes, as long as something comes', async () => {
    jest.useFakeTimers();
    const { send, fetch } = slowly();
    const downloaded = download(base, { patience: 1000, fetch });
    for (const byte of [6, 5, 4, 3, 2, 1, null]) {
      await jest.advanceTimersByTimeAsync(900);
      send(byte);
    }
    expect([...new Uint8Array((await downloaded).contents)]).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it.each([
    ['/never', 'its server has sent nothing for 0.05 seconds', 0],
    ['/stops', 'its server has sent nothing for 0.05 seconds', 0],
    ['/breaks', 'breaks off', 0],
    ['/missing', 'its server answers 404 (text/plain)', 404],
  ])('of %s says why it failed, with address and status', async (path, words, status) => {
    const failing = download(base + path, { patience: patienceFor(path) });
    await expect(failing).rejects.toMatchObject({
      name: 'DownloadError',
      message: expect.stringContaining(words),
      url: base + path,
      status,
    });
  });

  it('is given up where there is more of it than may be', async () => {
    const maxBytes = 6;
    expect((await download(`${base}/bytes`, { maxBytes })).contents.byteLength).toBe(6);
    await expect(download(`${base}/bytes`, { maxBytes: 5 })).rejects.toMatchObject({
      message: 'it is longer than 5 bytes',
      isTooLong: true,
    });
  });

  it('is given up where its server sends a byte now and then, for ever', async () => {
    jest.useFakeTimers();
    const { send, fetch } = slowly();
    const failing = download(base, { patience: 1000, maxBytes: 100, slowest: 100, fetch });
    const failed = expect(failing).rejects.toMatchObject({
      message: 'its server sends less than 100 bytes in a second',
      isTooLong: false,
    });
    for (let byte = 0; byte < 3; byte++) {
      await jest.advanceTimersByTimeAsync(900);
      send(byte);
    }
    await jest.advanceTimersByTimeAsync(0);
    await failed;
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    const failing = download(`${base}/never`, { signal: controller.signal });
    controller.abort();
    await expect(failing).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('what is wrong with a script that the browser does not run', () => {
  it.each([
    ['/missing', 'its server answers 404 (text/plain)'],
    ['/login', 'its server sends a web page in its place (text/html)'],
    ['/plain', 'its server sends it as text/plain, which browsers do not run'],
    ['/never', 'its server has sent nothing for 0.05 seconds'],
  ])('%s', async (path, words) => {
    const fault = await scriptFault(base + path, { patience: patienceFor(path) });
    expect(fault?.message).toContain(words);
  });

  it('nothing, where its server sends it as it should', async () => {
    expect(await scriptFault(`${base}/script`)).toBeNull();
  });

  it('a part without which it cannot run is missing', async () => {
    const fault = await scriptFault(`${base}/in-parts`);
    expect(fault?.message).toBe(
      'of part-LOST.js, which it needs beside it: its server answers 404 (text/plain)'
    );
  });

  it('an empty script, or one of another build, is known by what it does not contain', async () => {
    const fault = await scriptFault(`${base}/script`, { mark: 'build 7' });
    expect(fault?.message).toContain('not its script');
    expect(await scriptFault(`${base}/script`, { mark: '1;' })).toBeNull();
  });
});
