import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An answer of the site's own. */
export interface SiteAnswer {
  status: number;
  type: string;
  body: string;
}

export interface SiteOptions {
  /** Root of a running viewer, whose files are passed on. */
  viewer: string;
  /** Path at the viewer for a path of the site; null: the site has nothing there. */
  locate(path: string): string | null;
  /** Changes a text file as an administrator would. */
  edit?(path: string, text: string): string;
  /** Sent with every answer. */
  headers?: Record<string, string>;
}

export interface Site {
  /** e.g. http://localhost:41234, no slash at its end. */
  url: string;
  /** Paths of all requests, in order, without their queries. */
  requests: string[];
  /** What is answered for paths that end so, in the place of the file; may be changed while it runs. */
  faults: Map<string, SiteAnswer>;
  stop(): Promise<void>;
}

/** A web server as a hospital may have one before the viewer: other paths, another origin, its own faults. */
export async function startSite(options: SiteOptions): Promise<Site> {
  const site: Site = { url: '', requests: [], faults: new Map(), stop: async () => undefined };
  const server = createServer((request, response) => {
    answer(site, options, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://localhost:${(server.address() as AddressInfo).port}`;
  site.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return site;
}

async function answer(
  site: Site,
  { viewer, locate, edit, headers = {} }: SiteOptions,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', viewer);
  site.requests.push(pathname);
  const fault = [...site.faults].find(([end]) => pathname.endsWith(end))?.[1];
  if (fault) {
    response.writeHead(fault.status, { ...headers, 'content-type': fault.type }).end(fault.body);
    return;
  }
  const path = locate(pathname);
  if (path === null) {
    response.writeHead(404, { ...headers, 'content-type': 'text/plain' }).end('Not found');
    return;
  }
  const found = await fetch(viewer + path + search, {
    method: request.method ?? 'GET',
    headers: passedOn(request),
    ...(request.method === 'POST' ? { body: await buffer(request) } : {}),
  });
  const type = found.headers.get('content-type') ?? '';
  const sent = Object.fromEntries(
    ['content-type', 'cross-origin-opener-policy', 'cross-origin-embedder-policy']
      .map((name) => [name, found.headers.get(name)])
      .filter(([, value]) => value !== null)
  ) as Record<string, string>;
  response.writeHead(found.status, { ...sent, 'cache-control': 'no-cache', ...headers });
  const isText = /html|javascript/.test(type);
  if (isText && edit) response.end(edit(path, await found.text()));
  else response.end(Buffer.from(await found.arrayBuffer()));
}

const passedOn = ({ headers }: IncomingMessage): Record<string, string> => ({
  accept: headers.accept ?? '*/*',
  ...(headers['content-type'] ? { 'content-type': headers['content-type'] } : {}),
});

/** The files of a prebuilt viewer made for the root, as an administrator changes them for a folder: `/ohif/`. */
export function forFolder(folder: string, path: string, text: string): string {
  if (path === '/app-config.js') {
    return text.replace(
      'routerBasename: null',
      `routerBasename: ${JSON.stringify(folder.slice(0, -1))}`
    );
  }
  if (/\.bundle\.[^/]*js$/.test(path)) {
    return text.replace('__webpack_require__.p = "/"', `__webpack_require__.p = "${folder}"`);
  }
  return text
    .replaceAll('window.PUBLIC_URL="/"', `window.PUBLIC_URL="${folder}"`)
    .replace(/(src|href)="\//g, `$1="${folder}`);
}
