import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance } from 'fastify';
import { CommandError } from '../errors';

export interface ProxyOptions {
  /** DICOMweb root of the archive, e.g. http://localhost:8042/dicom-web. */
  url: string;
  /** Sent as Authorization; never reaches the browser. */
  authorization?: string;
  /** Milliseconds until an archive that says nothing counts as not answering. */
  timeout?: number;
}

const JSON_TYPE = /^application\/(dicom\+)?json/i;

/** @throws CommandError when the address is not http or https. */
export function parseArchiveUrl(text: string): URL {
  let url: URL | null = null;
  try {
    url = new URL(text);
  } catch {
    // Reported below.
  }
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(
      `"${text}" is not the address of a DICOMweb archive; it starts with http:// or https://.`
    );
  }
  return url;
}

/**
 * Passes /dicomweb on to an archive that is already running, so that the browser sees one origin and no
 * CORS set-up is needed. Absolute addresses in JSON answers (Retrieve URL, BulkDataURI) are led
 * through the proxy too: a cross-origin address would be blocked by the page's embedder policy.
 */
export async function archiveProxy(app: FastifyInstance, options: ProxyOptions): Promise<void> {
  const url = parseArchiveUrl(options.url);
  const authorization =
    options.authorization ??
    (url.username
      ? basicAuthorization(decodeURIComponent(url.username), decodeURIComponent(url.password))
      : undefined);
  const shown = url.origin + url.pathname;
  await app.register(httpProxy, {
    upstream: url.origin,
    prefix: '/dicomweb',
    rewritePrefix: url.pathname.replace(/\/$/, ''),
    undici: {
      headersTimeout: options.timeout ?? 60_000,
      bodyTimeout: options.timeout ?? 60_000,
      connect: { timeout: Math.min(options.timeout ?? 10_000, 10_000) },
    },
    replyOptions: {
      rewriteRequestHeaders: (_request, headers) => {
        const kept: typeof headers = { ...headers, 'accept-encoding': 'identity' };
        // The archive sees our request, not a page of another origin.
        for (const name of ['origin', 'referer', 'cookie']) delete kept[name];
        if (authorization) kept.authorization = authorization;
        return kept;
      },
      rewriteHeaders: (headers) => {
        const kept = { ...headers };
        // A browser would ask for a password that belongs to the proxy.
        delete kept['www-authenticate'];
        if (JSON_TYPE.test(String(headers['content-type'] ?? ''))) delete kept['content-length'];
        return kept;
      },
      onResponse: (request, reply, response) => {
        const stream = (response as unknown as { stream: NodeJS.ReadableStream }).stream;
        if (!JSON_TYPE.test(String(reply.getHeader('content-type') ?? ''))) {
          reply.send(stream);
          return;
        }
        const base = `http://${request.host}/dicomweb`;
        readAll(stream).then(
          (body) => reply.send(ledThroughProxy(body.toString('utf8'), base)),
          (error) => {
            request.log.error(error);
            reply.raw.destroy();
          }
        );
      },
      onError: (reply, { error }) => {
        const message = `The archive at ${shown} did not answer: ${error.message}`;
        reply.log.error(message);
        reply
          .code(/timeout/i.test(error.name + error.message) ? 504 : 502)
          .type('application/json');
        reply.send({ message });
      },
    },
  });
}

export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Values that are addresses of studies (of whatever host the archive thinks it has) on our host. */
export function ledThroughProxy(json: string, base: string): string {
  return json.replace(/"https?:\/\/[^"\s]*?\/studies\//g, `"${base}/studies/`);
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
