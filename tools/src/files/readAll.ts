/** More bytes than are taken; becomes HTTP 413 where they came from the client. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
  readonly statusCode = 413;
}

/** A stream to its end. @throws TooLongError */
export async function readAll(
  stream: AsyncIterable<Uint8Array | string>,
  maxBytes: number
): Promise<Buffer> {
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
