import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  /** Answers with a status (401, 404, 409, 413, 500 …) and an optional body instead of passing on. */
  | { kind: 'status'; status: number; body?: string; contentType?: string }
  /** Takes the request and never answers. */
  | { kind: 'silence' }
  /** Closes the connection without an answer. */
  | { kind: 'reset' }
  /** Passes on, but closes the connection after so many bytes of the answer's body. */
  | { kind: 'cut'; afterBytes: number }
  /** Stores only the first `accept` parts of a STOW request, and says so as an archive would. */
  | { kind: 'partial-store'; accept: number };

export interface FaultRule {
  method?: 'GET' | 'POST';
  /** Tested against the path below the DICOMweb root, query included. */
  path?: RegExp;
  /** How often the rule applies before it is spent; always when absent. */
  times?: number;
  fault: Fault;
}

export interface FaultyArchive {
  /** DICOMweb root. */
  url: string;
  /** Rules may be changed while it runs; the first that fits applies. */
  rules: FaultRule[];
  /** Method and path of all requests, in order. */
  requests: string[];
  stop(): Promise<void>;
}

/** A proxy before a real archive that does what archives and networks do on a bad day. */
export async function startFaultyArchive(
  upstream: string,
  rules: FaultRule[] = []
): Promise<FaultyArchive> {
  const target = new URL(upstream);
  const archive: FaultyArchive = { url: '', rules, requests: [], stop: async () => undefined };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    archive.requests.push(`${request.method} ${path}`);
    const fault = takeFault(archive.rules, request.method ?? 'GET', path);
    handle(fault, target, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  archive.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  archive.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return archive;
}

function takeFault(rules: FaultRule[], method: string, path: string): Fault | null {
  for (const rule of rules) {
    if (rule.times === 0) continue;
    if ((rule.method ?? method) !== method || !(rule.path ?? /^/).test(path)) continue;
    if (rule.times !== undefined) rule.times--;
    return rule.fault;
  }
  return null;
}

async function handle(
  fault: Fault | null,
  target: URL,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const body = await readAll(request);
  switch (fault?.kind) {
    case 'status': {
      const type = fault.contentType ?? 'application/json';
      response.writeHead(fault.status, { 'content-type': type });
      response.end(fault.body ?? JSON.stringify({ message: `Injected status ${fault.status}` }));
      return;
    }
    case 'silence':
      return;
    case 'reset':
      request.socket.destroy();
      return;
    case 'partial-store':
      return partialStore(fault.accept, target, request, body, response);
    default: {
      const answer = await passOn(target, request, body);
      if (fault?.kind === 'cut') {
        response.writeHead(answer.status, answer.headers);
        response.write(answer.body.subarray(0, fault.afterBytes), () => request.socket.destroy());
      } else {
        response.writeHead(answer.status, answer.headers);
        response.end(answer.body);
      }
    }
  }
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

function passOn(target: URL, request: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...request.headers,
      host: target.host,
      'content-length': String(body.length),
    };
    const sent = httpRequest(
      {
        host: target.hostname,
        port: target.port,
        path: target.pathname.replace(/\/$/, '') + (request.url ?? ''),
        method: request.method,
        headers,
      },
      (answer) => {
        readAll(answer).then((whole) => {
          const kept: Answer['headers'] = {
            ...answer.headers,
            'content-length': String(whole.length),
          };
          delete kept['transfer-encoding'];
          resolve({ status: answer.statusCode ?? 502, headers: kept, body: whole });
        }, reject);
      }
    );
    sent.once('error', reject);
    sent.end(request.method === 'GET' ? undefined : body);
  });
}

/** Passes the first parts on and reports the others as failed (0110H), with 202 or 409. */
async function partialStore(
  accept: number,
  target: URL,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse
): Promise<void> {
  const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
  const pieces = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
  const taken = pieces.slice(0, accept);
  const references: unknown[] = [];
  if (taken.length > 0) {
    const part = Buffer.from(
      taken.map((piece) => `--${boundary}${piece}`).join('') + `--${boundary}--\r\n`,
      'latin1'
    );
    const answer = await passOn(target, request, part);
    const stored = JSON.parse(answer.body.toString() || '{}') as Record<
      string,
      { Value?: unknown[] }
    >;
    references.push(...(stored['00081199']?.Value ?? []));
  }
  const failed = pieces.slice(accept).map((piece) => failedItem(piece));
  const dataset: Record<string, unknown> = {};
  if (references.length > 0) dataset['00081199'] = { vr: 'SQ', Value: references };
  if (failed.length > 0) dataset['00081198'] = { vr: 'SQ', Value: failed };
  response.writeHead(failed.length === 0 ? 200 : references.length > 0 ? 202 : 409, {
    'content-type': 'application/dicom+json',
  });
  response.end(JSON.stringify(dataset));
}

/** The SOP UIDs stand in the file meta information as text (0002,0002) and (0002,0003). */
function failedItem(piece: string): unknown {
  const uid = (element: string) => {
    const at = piece.indexOf(`\x02\x00${element}\x00UI`);
    const length = piece.charCodeAt(at + 6) + 256 * piece.charCodeAt(at + 7);
    return at < 0 ? '' : piece.slice(at + 8, at + 8 + length).replace(/\0+$/, '');
  };
  return {
    '00081150': { vr: 'UI', Value: [uid('\x02')] },
    '00081155': { vr: 'UI', Value: [uid('\x03')] },
    '00081197': { vr: 'US', Value: [0x0110] },
  };
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
