import { sha256 } from '@inner-ear-hydrops/core';
import type { FastifyInstance } from 'fastify';

/** Nothing that an archive sends is shown as a page: an object may hold HTML, and a script in it would be ours. */
const DATA_POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Headers of every answer.
 *
 * @param policy Content Security Policy, as `viewerPolicy` makes it
 */
export function addHeaders(app: FastifyInstance, policy: string): void {
  app.addHook('onRequest', async (_request, reply) => {
    // WASM threads need a cross-origin isolated page.
    reply.header('Cross-Origin-Opener-Policy', 'same-origin');
    reply.header('Cross-Origin-Embedder-Policy', 'require-corp');
    reply.header('Cross-Origin-Resource-Policy', 'same-origin');
    reply.header('X-Content-Type-Options', 'nosniff');
    reply.header('Referrer-Policy', 'same-origin');
    reply.header('Content-Security-Policy', policy);
  });
}

/** Of answers that hold patient data: no browser keeps them, and none shows them as a page. */
export function addDataHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('Content-Security-Policy', DATA_POLICY);
    reply.header('Cache-Control', 'no-store');
  });
}

/**
 * What the viewer and the mode need, and no more (docs/install.md tells a site the same).
 *
 * @param indexHtml page of the viewer, whose scripts within the page are allowed one by one
 * @param modelUrl of a model that may lie on another server
 */
export function viewerPolicy(indexHtml: string, modelUrl?: string): string {
  const scripts = [...indexHtml.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, text = '']) => `'sha256-${Buffer.from(sha256(text), 'hex').toString('base64')}'`
  );
  const policy = {
    'default-src': ["'self'"],
    // The decoders of compressed series are made with eval.
    'script-src': ["'self'", 'blob:', "'wasm-unsafe-eval'", "'unsafe-eval'", ...scripts],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", 'data:', 'blob:', ...originOf(modelUrl)],
    // WASM on several threads.
    'worker-src': ["'self'", 'blob:'],
    // Documents of a study, which the viewer shows from memory.
    'object-src': ['blob:'],
    'frame-src': ["'self'", 'blob:'],
    'base-uri': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(policy)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}

/** None for a path, which lies on this server. */
function originOf(url: string | undefined): string[] {
  if (url === undefined || !/^https?:/i.test(url)) return [];
  return URL.canParse(url) ? [new URL(url).origin] : [];
}
