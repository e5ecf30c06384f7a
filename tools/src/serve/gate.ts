import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { tokenIn, withoutToken, type Access } from './access';
import { movedPage, noticePage, PAGE_POLICY } from './pages';

/** What a browser on this machine calls it: other names are a foreign page's DNS rebinding. */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Browsers fetch it without cookies. It is a file of the viewer, the same for everyone. */
const OPEN_PATHS = new Set(['/manifest.json']);

/**
 * Lets through what the reader's own browser asks for from a page of this server, and nothing else.
 *
 * @param access null: no token is asked for
 */
export function addGate(app: FastifyInstance, access: Access | null): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!LOOPBACK_HOST.test(request.host ?? '')) {
      return refuse(request, reply, 403, {
        title: 'This server answers on localhost only',
        words: [
          `It was addressed as "${request.host}". Open it as localhost or 127.0.0.1, on the machine on which it runs.`,
        ],
      });
    }
    const url = request.raw.url ?? '/';
    const token = access ? tokenIn(url) : null;
    const isExchange = token !== null && ['GET', 'HEAD'].includes(request.method);
    const foreign = comesFromElsewhere(request);
    if (access && isExchange && access.isToken(token) && (!foreign || isNavigation(request))) {
      return exchange(request, reply, access, foreign);
    }
    if (foreign) return refuse(request, reply, 403, FOREIGN);
    if (!access || OPEN_PATHS.has(request.url)) return;
    // A bookmark of an earlier start, in a browser that is admitted.
    if (token !== null && isNavigation(request) && access.allows(request)) {
      return reply.redirect(withoutToken(url), 303);
    }
    // A token in an address that is not exchanged would be passed on to the archive.
    if (token !== null || !access.allows(request)) return refuse(request, reply, 401, NO_TOKEN);
  });
}

interface Notice {
  title: string;
  words: string[];
}

const FOREIGN: Notice = {
  title: 'Another web page asked for this',
  words: [
    'This server answers only its own pages, as it shows images of patients.',
    'To open the viewer, copy its address into the address bar of the browser.',
  ],
};

const NO_TOKEN: Notice = {
  title: 'This viewer opens by the address that it printed',
  words: [
    'Look at the terminal in which it was started (npm start or hydrops serve). It shows one line that begins with http://localhost and contains hydrops-token. Open that whole address in this browser, once. The browser must accept cookies of localhost.',
    'The address is a new one after each start: one that was kept from an earlier start no longer opens the viewer.',
    'Was it started by somebody else on this machine? Start a viewer of your own, on another port: npm start -- --port 3001',
  ],
};

/** Sec-Fetch-Site is the browser's own word; older browsers still name the origin of what changes something. */
function comesFromElsewhere({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  return origin !== undefined && hostOf(origin) !== host.toLowerCase();
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    // "null", as from a sandboxed frame or a file.
    return null;
  }
}

function isNavigation({ headers }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return (headers.accept ?? '').includes('text/html');
}

/** The cookie for the token, and the same page without the token in its address. */
function exchange(
  request: FastifyRequest,
  reply: FastifyReply,
  access: Access,
  foreign: boolean
): FastifyReply {
  const target = withoutToken(request.raw.url ?? '/');
  reply.header('Set-Cookie', access.cookie(request)).header('Cache-Control', 'no-store');
  // Behind a link of another page the browser withholds the cookie along redirects; a page of ours starts anew.
  if (foreign) return sendPage(reply, 200, movedPage(target));
  return reply.redirect(target, 303);
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  { title, words }: Notice
): FastifyReply {
  reply.header('Cache-Control', 'no-store');
  if (isNavigation(request)) return sendPage(reply, status, noticePage(title, words));
  return reply.code(status).send({ message: `${title}. ${words.join(' ')}` });
}

function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .header('Content-Security-Policy', PAGE_POLICY)
    .type('text/html; charset=utf-8')
    .send(html);
}
