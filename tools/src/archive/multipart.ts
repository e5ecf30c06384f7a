import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

export interface Part {
  /** Lower-case header names. */
  headers: Record<string, string>;
  body: Buffer;
}

/** A multipart body that does not follow RFC 2046. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

/** The value of a parameter of a media type, unquoted; empty when it is missing. */
export function mediaTypeParameter(mediaType: string, name: string): string {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;,\\s]+))`, 'i').exec(mediaType);
  return match?.[1] ?? match?.[2] ?? '';
}

/**
 * Splits a multipart/related body.
 * @throws MultipartError when the boundary is missing or the last part is not closed (a body cut off).
 */
export function parseMultipart(body: Buffer, contentType: string): Part[] {
  const boundary = mediaTypeParameter(contentType, 'boundary');
  if (boundary === '') throw new MultipartError('The Content-Type names no boundary.');
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(delimiter);
  if (at < 0) throw new MultipartError('The boundary does not occur in the body.');
  for (;;) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return parts;
    const next = nextDelimiter(body, delimiter, start);
    if (next < 0) throw new MultipartError('The body ends before its closing boundary.');
    parts.push(parsePart(body.subarray(start, next)));
    at = next + 2;
  }
}

/** Where CRLF and the delimiter stand next; DICOM bytes could hold the delimiter without CRLF. */
function nextDelimiter(body: Buffer, delimiter: Buffer, from: number): number {
  return body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), from);
}

function parsePart(raw: Buffer): Part {
  const end = raw.indexOf('\r\n\r\n');
  if (end < 0) throw new MultipartError('A part has no empty line after its headers.');
  // Names come from the client.
  const headers = Object.create(null) as Record<string, string>;
  for (const line of raw.subarray(0, end).toString('latin1').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0)
      headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: raw.subarray(end + 4) };
}

/** A multipart/related body, made part by part so that a study need not fit into memory. */
export function multipartStream(
  type: string,
  parts: AsyncIterable<{ contentType: string; body: Uint8Array }>
): { contentType: string; stream: Readable } {
  const boundary = `part-${randomUUID()}`;
  async function* write() {
    for await (const part of parts) {
      yield Buffer.from(
        `--${boundary}\r\nContent-Type: ${part.contentType}\r\nContent-Length: ${part.body.byteLength}\r\n\r\n`
      );
      yield part.body;
      yield Buffer.from('\r\n');
    }
    yield Buffer.from(`--${boundary}--\r\n`);
  }
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    stream: Readable.from(write(), { objectMode: false }),
  };
}
