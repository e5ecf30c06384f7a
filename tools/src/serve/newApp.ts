import Fastify, { type FastifyInstance } from 'fastify';

/** Milliseconds that a client has for a request, so that one that sends nothing more does not hold it open for ever. */
export interface Timeouts {
  headers: number;
  /** With its body. */
  request: number;
  /** How often Node looks for requests that take longer. */
  check: number;
}

const TIMEOUTS: Timeouts = { headers: 20_000, request: 300_000, check: 5_000 };

/** A server without routes. Request headers have at most 16 KiB, Node's own limit. */
export function newApp(logLevel = 'silent', timeouts = TIMEOUTS): FastifyInstance {
  return Fastify({
    // Standard output has the address alone.
    logger: { level: logLevel, stream: process.stderr, serializers: { req: loggedRequest } },
    // Ctrl-C must not wait for a browser's idle connections.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2000 },
    requestTimeout: timeouts.request,
    http: { headersTimeout: timeouts.headers, connectionsCheckingInterval: timeouts.check },
  });
}

/** Queries name patients, and the first one holds the token: a log has neither. */
function loggedRequest({ method, url }: { method: string; url: string }): Record<string, string> {
  return { method, path: url.split('?', 1)[0] ?? '' };
}
