import httpProxy, { type FastifyHttpProxyOptions } from '@fastify/http-proxy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_STORE_REQUEST } from '../archive';
import { authorizationIn, parseArchiveUrl } from '../dicomweb/archiveAddress';
import { readAll, TooLongError } from '../files/readAll';
import { isArchiveRequest } from './archivePaths';
import { limitBody } from './limitBody';
import { addDataHeaders } from './headers';

export interface ProxyOptions {
  /** DICOMweb root of the archive, e.g. http://localhost:8042/dicom-web. */
  url: string;
  /** Sent as Authorization; never reaches the browser. */
  authorization?: string;
  /** Milliseconds until an archive that says nothing counts as not answering. */
  timeout?: number;
  /** Bytes of one request to store. */
  maxBody?: number;
  /** Bytes of one answer in JSON, which is kept in memory as a whole. */
  maxJson?: number;
}

type ReplyOptions = NonNullable<FastifyHttpProxyOptions['replyOptions']>;
type OnResponse = NonNullable<ReplyOptions['onResponse']>;
type OnError = NonNullable<ReplyOptions['onError']>;

const PREFIX = '/dicomweb';
const JSON_TYPE = /^application\/(dicom\+)?json/i;
/** Below the longest text that JavaScript can hold. */
const MAX_JSON = 1 << 28;

/** What an archive needs to know of a request; cookies, origin and page are no business of it. */
const REQUEST_HEADERS = [
  ...['host', 'accept', 'accept-charset', 'accept-language', 'authorization', 'user-agent'],
  ...['content-type', 'content-length', 'transfer-encoding', 'range'],
];
/**
 * What the viewer needs to know of an answer. Not among them: CORS headers, which would open this server to other
 * pages; cookies and Strict-Transport-Security, which would hold for all of localhost; a password prompt.
 */
const ANSWER_HEADERS = [
  ...['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'date'],
  ...['content-range', 'accept-ranges', 'retry-after', 'warning'],
];

/**
 * Passes /dicomweb on to an archive that is already running, so that the browser sees one origin and no
 * CORS set-up is needed. Only what the viewer needs is passed on (`isArchiveRequest`). Absolute addresses
 * in JSON answers (Retrieve URL, BulkDataURI) are led through the proxy too: a cross-origin address would be
 * blocked by the page's embedder policy.
 */
export async function archiveProxy(app: FastifyInstance, options: ProxyOptions): Promise<void> {
  const url = parseArchiveUrl(options.url);
  const authorization = options.authorization ?? authorizationIn(url);
  await app.register(async (scope) => {
    addDataHeaders(scope);
    scope.addHook('onRequest', refuseOtherRequests);
    limitBody(scope, options.maxBody ?? MAX_STORE_REQUEST);
    await scope.register(httpProxy, {
      upstream: url.origin,
      prefix: PREFIX,
      rewritePrefix: url.pathname.replace(/\/$/, ''),
      undici: {
        headersTimeout: options.timeout ?? 60_000,
        bodyTimeout: options.timeout ?? 60_000,
        connect: { timeout: Math.min(options.timeout ?? 10_000, 10_000) },
      },
      replyOptions: {
        rewriteRequestHeaders: (_request, headers) => ({
          ...only(REQUEST_HEADERS, headers),
          'accept-encoding': 'identity',
          ...(authorization ? { authorization } : {}),
        }),
        rewriteHeaders: (headers) => {
          const kept = only(ANSWER_HEADERS, headers);
          if (isJson(headers['content-type'])) delete kept['content-length'];
          return kept;
        },
        onResponse: passAnswer(options.maxJson ?? MAX_JSON),
        onError: noAnswer(url.origin + url.pathname),
      },
    });
  });
}

async function refuseOtherRequests(
  request: FastifyRequest,
  reply: FastifyReply
): Promise<FastifyReply | undefined> {
  const path = (request.raw.url ?? '').split('?', 1)[0] ?? '';
  const isOurs = path.startsWith(`${PREFIX}/`);
  if (isOurs && isArchiveRequest(request.method, path.slice(PREFIX.length))) return undefined;
  return reply.code(403).send({
    message: `${request.method} ${path} is not passed on: the viewer only searches, reads and stores (QIDO-RS, WADO-RS, STOW-RS).`,
  });
}

const passAnswer =
  (maxJson: number): OnResponse =>
  (request, reply, response) => {
    const stream = (response as unknown as { stream: NodeJS.ReadableStream }).stream;
    const fail = (message: string) =>
      reply.removeHeader('content-length').code(502).type('application/json').send({ message });
    if (reply.statusCode >= 300 && reply.statusCode < 400) {
      stream.resume();
      fail(
        `The archive sends the viewer elsewhere (HTTP ${reply.statusCode}): its address has changed, or it asks for a log-in. Start the server with the new address or with --dicomweb-user.`
      );
      return;
    }
    if (!isJson(reply.getHeader('content-type'))) {
      reply.send(stream);
      return;
    }
    readAll(stream, maxJson).then(
      (body) =>
        reply.send(ledThroughProxy(body.toString('utf8'), `http://${request.host}${PREFIX}`)),
      (error) => {
        request.log.error(error);
        if (error instanceof TooLongError) {
          fail(`The archive's answer is longer than ${maxJson} bytes: ask for less at a time.`);
        } else reply.raw.destroy();
      }
    );
  };

const noAnswer =
  (archive: string): OnError =>
  (reply, { error }) => {
    const { cause } = error;
    if (cause instanceof TooLongError) {
      reply.code(413).type('application/json').send({ message: cause.message });
      return;
    }
    const message = `The archive at ${archive} did not answer: ${error.message}`;
    reply.log.error(message);
    const isLate = /timeout/i.test(error.name + error.message);
    reply
      .code(isLate ? 504 : 502)
      .type('application/json')
      .send({ message });
  };

function isJson(contentType: unknown): boolean {
  return JSON_TYPE.test(String(contentType ?? ''));
}

function only<T>(names: string[], headers: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value] as const];
    })
  );
}

/** Values that are addresses of studies (of whatever host the archive thinks it has) on our host. */
export function ledThroughProxy(json: string, base: string): string {
  return json.replace(/"https?:\/\/[^"\s]*?\/studies\//g, `"${base}/studies/`);
}
