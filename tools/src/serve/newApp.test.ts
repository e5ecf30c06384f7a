import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { ask } from '../../test/ask';
import { newApp } from './newApp';

// Clients that begin a request and do not end it.

let app: FastifyInstance;
let logged: string;
let write: jest.SpyInstance;
beforeEach(async () => {
  logged = '';
  write = jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    logged += String(chunk);
    return true;
  });
  app = newApp('info', { headers: 300, request: 600, check: 50 });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/store', async () => 'stored');
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  await app.close();
  write.mockRestore();
});

async function answerTo(beginning: string): Promise<{ status: string; seconds: number }> {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const begun = Date.now();
  socket.write(beginning);
  const status = (await text(socket)).split('\r\n')[0]!;
  return { status, seconds: (Date.now() - begun) / 1000 };
}

test.each([
  ['headers', 'POST /store HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
  [
    'the body',
    'POST /store HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/dicom\r\nContent-Length: 100\r\n\r\nabc',
  ],
])('a request of which %s never end is given up', async (_, beginning) => {
  const { status, seconds } = await answerTo(beginning);
  expect(status).toBe('HTTP/1.1 408 Request Timeout');
  expect(seconds).toBeLessThan(10);
});

test('headers that are too long are refused', async () => {
  const { status } = await answerTo(
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`
  );
  expect(status).toBe('HTTP/1.1 431 Request Header Fields Too Large');
});

test('the log has neither the token nor the name of a patient', async () => {
  await ask(app.server, '/store?PatientName=Doe&hydrops-token=secret', { method: 'POST' });
  expect(logged).toContain('"path":"/store"');
  expect(logged).not.toMatch(/Doe|secret/);
});
