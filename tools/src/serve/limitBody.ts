import { Transform } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { TooLongError } from '../files/readAll';

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
