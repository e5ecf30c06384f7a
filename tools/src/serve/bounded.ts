import { Transform } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** More bytes than are taken; becomes HTTP 413 where they came from the client. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
  readonly statusCode = 413;
}

/** Ends request bodies that are longer, whether or not the client says how long they are. */
export function limitBody(app: FastifyInstance, maxBytes: number): void {
  const words = `A request to store holds at most ${maxBytes} bytes; send the instances in several requests.`;
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (request.method !== 'POST') return payload;
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new TooLongError(words);
    let length = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        length += chunk.length;
        done(length > maxBytes ? new TooLongError(words) : null, chunk);
      },
    });
    payload.once('error', (error) => counted.destroy(error));
    return payload.pipe(counted);
  });
}

/** @throws TooLongError */
export async function readAll(stream: NodeJS.ReadableStream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > maxBytes) throw new TooLongError(`More than ${maxBytes} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
