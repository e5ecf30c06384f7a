// The server of `npm run dev`: hands everything on to `hydrops serve`, and adds what only those need who work on the
// code: a stream of changes, a page that reloads itself, and the page of the panel's states. None of it is shipped.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import httpProxy from '@fastify/http-proxy';
import Fastify from 'fastify';
import { root } from './setup.mjs';

const CHANGES = '/dev/changes';
const TYPES = { '.js': 'text/javascript; charset=utf-8', '.map': 'application/json' };

const reloadOn = (page) =>
  `new EventSource('${CHANGES}').addEventListener('${page}', () => location.reload());`;

const PANEL_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Panel in every state</title></head>
<body><div id="states"></div>
<script type="module" src="/dev/panel.js"></script>
<script type="module">${reloadOn('panel')}</script>
</body></html>
`;

/**
 * @param upstream address of the server behind; null serves the panel's page alone.
 * @returns `tell(page)` reloads the open pages of that name, `viewer` or `panel`; `close()` ends the server.
 */
export async function startDevServer({ port, upstream }) {
  const listeners = new Set();
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 2000 } });

  app.get(CHANGES, (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    // So that the browser counts the stream as open.
    reply.raw.write(': open\n\n');
    listeners.add(reply.raw);
    request.raw.on('close', () => listeners.delete(reply.raw));
  });
  app.get('/panel', (_, reply) => reply.type('text/html; charset=utf-8').send(PANEL_PAGE));
  app.get('/dev/:file', async (request, reply) => {
    const file = /^[\w.-]+$/.exec(request.params.file)?.[0] ?? '';
    const text = await readFile(join(root, '.cache/dev', file)).catch(() => null);
    if (text === null) return reply.code(404).send({ message: `${file} is not built.` });
    return reply
      .header('Cache-Control', 'no-store')
      .type(TYPES[extname(file)] ?? 'text/plain; charset=utf-8')
      .send(text);
  });
  if (upstream) {
    app.get('/app-config.js', async ({ headers: { cookie = '' } }, reply) => {
      const answer = await fetch(`${upstream}/app-config.js`, { headers: { cookie } });
      const config = await answer.text();
      return reply
        .code(answer.status)
        .header('Cache-Control', 'no-store')
        .type(TYPES['.js'])
        .send(`${config}\n;${reloadOn('viewer')}\n`);
    });
    await app.register(httpProxy, {
      upstream,
      replyOptions: {
        // The archive's answers hold addresses, which must be those that the browser knows.
        rewriteRequestHeaders: (request, headers) => ({ ...headers, host: request.headers.host }),
      },
    });
  } else {
    app.get('/', (_, reply) => reply.redirect('/panel'));
  }
  await app.listen({ port, host: '127.0.0.1' });
  return {
    tell: (page) => {
      for (const stream of listeners) stream.write(`event: ${page}\ndata: built\n\n`);
    },
    close: () => app.close(),
  };
}
