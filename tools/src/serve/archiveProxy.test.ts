import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { ask, type Asked } from '../../test/ask';
import { isArchiveRequest } from './archivePaths';
import { basicAuthorization, parseArchiveUrl } from '../dicomweb/archiveAddress';
import { archiveProxy, ledThroughProxy, type ProxyOptions } from './archiveProxy';

interface Seen {
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

describe('a proxied archive', () => {
  let upstream: Server;
  let app: FastifyInstance;
  let seen: Seen[];
  let respond: (response: ServerResponse) => void;

  const start = async (options: Partial<ProxyOptions> = {}) => {
    const { port } = upstream.address() as AddressInfo;
    app = Fastify({ forceCloseConnections: true });
    await archiveProxy(app, {
      url: `http://127.0.0.1:${port}/dicom-web/`,
      authorization: basicAuthorization('reader', 'secret'),
      ...options,
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
  };
  beforeEach(async () => {
    seen = [];
    // Stands in for an archive behind a password that thinks it has another name.
    respond = (response) => {
      response.writeHead(200, { 'content-type': 'application/dicom+json' });
      response.end(
        '[{"00081190":{"vr":"UR","Value":["http://pacs.internal:8042/dicom-web/studies/1.2.3"]}}]'
      );
    };
    upstream = createServer((request, response) => {
      const { url, headers } = request;
      text(request).then(
        (body) => {
          seen.push({ url, headers, body });
          respond(response);
        },
        () => response.destroy()
      );
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await app.close();
    upstream.close();
    upstream.closeAllConnections();
  });
  const send = (path: string, asked: Asked = {}) => ask(app.server, `/dicomweb${path}`, asked);

  test('gets the path, the query, the body and the password; the browser gets our address', async () => {
    await start();
    const host = `localhost:${(app.server.address() as AddressInfo).port}`;
    const answer = await send('/studies?limit=1', { headers: { host } });
    expect(JSON.parse(answer.body)).toEqual([
      { '00081190': { vr: 'UR', Value: [`http://${host}/dicomweb/studies/1.2.3`] } },
    ]);
    const headers = { 'content-type': 'multipart/related; boundary=x' };
    await send('/studies', { method: 'POST', headers, body: '--x--' });
    const authorization = 'Basic cmVhZGVyOnNlY3JldA==';
    expect(seen).toMatchObject([
      { url: '/dicom-web/studies?limit=1', headers: { authorization }, body: '' },
      { url: '/dicom-web/studies', headers: { authorization, ...headers }, body: '--x--' },
    ]);
  });

  test('hears nothing of cookies, of pages and of what only the browser and this server share', async () => {
    await start();
    const headers = {
      ...{ cookie: 'hydrops-1=secret', origin: 'http://localhost:1', referer: 'http://x/?Name=A' },
      ...{ 'hydrops-token': 'secret', authorization: 'Bearer of-a-page', accept: 'image/jpeg' },
    };
    await send('/studies', { headers });
    expect(Object.keys(seen[0]!.headers).sort()).toEqual(
      ['accept', 'accept-encoding', 'authorization', 'connection', 'host'].sort()
    );
    expect(seen[0]!.headers).toMatchObject({
      accept: 'image/jpeg',
      authorization: 'Basic cmVhZGVyOnNlY3JldA==',
    });
  });

  test('does not open this server to other pages, nor rule over localhost', async () => {
    respond = (response) =>
      response
        .writeHead(200, {
          'content-type': 'text/html',
          'access-control-allow-origin': '*',
          'access-control-allow-credentials': 'true',
          'access-control-allow-headers': 'hydrops-token',
          'set-cookie': 'session=1',
          'strict-transport-security': 'max-age=31536000',
          'cache-control': 'public, max-age=600',
          'retry-after': '7',
        })
        .end('<script>steal()</script>');
    await start();
    const { headers } = await send('/studies');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).toMatchObject({
      'retry-after': '7',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  test('its refusal reaches the viewer without a password prompt', async () => {
    respond = (response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="archive"' }).end('no');
    await start();
    const answer = await send('/studies');
    expect(answer.status).toBe(401);
    expect(answer.headers).not.toHaveProperty('www-authenticate');
  });

  test('its redirection is not followed by the browser, but told', async () => {
    respond = (response) =>
      response
        .writeHead(302, { location: 'https://login.example/', 'content-length': 2 })
        .end('no');
    await start();
    const answer = await send('/studies');
    expect(answer.status).toBe(502);
    expect(answer.headers).not.toHaveProperty('location');
    expect(answer.body).toContain('sends the viewer elsewhere (HTTP 302)');
  });

  test('that is gone is named', async () => {
    await start();
    upstream.close();
    upstream.closeAllConnections();
    const response = await send('/studies');
    expect(response.status).toBe(502);
    expect(JSON.parse(response.body)).toMatchObject({
      message: expect.stringContaining('did not answer'),
    });
  });

  test('an answer that does not fit into memory is given up, with a reason', async () => {
    respond = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/dicom+json' })
        .end(`["${'a'.repeat(2000)}"]`);
    await start({ maxJson: 1000 });
    const answer = await send('/studies');
    expect([answer.status, answer.body]).toEqual([502, expect.stringContaining('1000 bytes')]);
  });

  test.each([
    ['says so', { 'content-length': '2000' }],
    ['does not say so', { 'transfer-encoding': 'chunked' }],
  ])('a request to store that is too large, and %s, is refused', async (_, length) => {
    await start({ maxBody: 1000 });
    const headers = { 'content-type': 'application/dicom', ...length };
    const asked = { method: 'POST', headers, body: 'a'.repeat(2000) };
    const answer = await send('/studies', asked);
    expect([answer.status, answer.body]).toEqual([413, expect.stringContaining('1000 bytes')]);
    expect(seen).toEqual([]);
    const small = { ...asked, headers: { 'content-type': 'application/dicom' }, body: 'a' };
    expect((await send('/studies', small)).status).toBe(200);
  });

  test('what the viewer does not need never reaches it', async () => {
    await start();
    const refused: [string, string][] = [
      ['DELETE', '/studies/1.2.3'],
      ['PUT', '/studies/1.2.3'],
      ['OPTIONS', '/studies'],
      ['POST', '/studies/1.2.3/series/1.2.4/reject/113001^DCM'],
      ['GET', '?requestType=WADO&studyUID=1.2.3'],
      ['GET', '/../instances'],
      ['GET', '/studies/..%2f..%2finstances'],
      ['GET', '/studies/1.2.3/series/1.2.4/instances/1.2.5/bulk/../../../../../../../tools'],
      ['GET', '/servers'],
      ['POST', '/servers/other/stow'],
    ];
    for (const [method, path] of refused) {
      const answer = await send(path, { method });
      expect([method, path, [403, 404].includes(answer.status)]).toEqual([method, path, true]);
    }
    // The prefix in another spelling.
    expect((await ask(app.server, '/%64icomweb/studies')).status).toBe(403);
    expect(seen).toEqual([]);
  });
});

const INSTANCE = '/studies/1.2.3/series/1.2.4/instances/1.2.5';

test.each([
  ['GET', '/studies'],
  ['GET', '/series'],
  ['GET', '/studies/1.2.3/series'],
  ['GET', '/studies/1.2.3/instances'],
  ['GET', '/studies/1.2.3/series/1.2.4/instances'],
  ['GET', '/studies/1.2.3'],
  ['GET', '/studies/1.2.3/series/1.2.4/metadata'],
  ['GET', INSTANCE],
  ['HEAD', INSTANCE],
  ['GET', `${INSTANCE}/rendered`],
  ['GET', `${INSTANCE}/frames/1,2`],
  ['GET', `${INSTANCE}/frames/1%2C2/rendered`],
  ['GET', `${INSTANCE}/frames/1/thumbnail`],
  // Orthanc, dcm4chee and our own archive.
  ['GET', `${INSTANCE}/bulk/00420011`],
  ['GET', `${INSTANCE}/bulk/52009229/1/00289145/1/7fe00010`],
  ['GET', `${INSTANCE}/bulkdata/00720026/00720050/1/00720060`],
  ['GET', `/studies/1.2.3/bulkdata/0f1e.pdf`],
  ['POST', '/studies'],
  ['POST', '/studies/1.2.3'],
])('%s %s is passed on', (method, path) => {
  expect(isArchiveRequest(method, path)).toBe(true);
});

test.each([
  ['GET', '/studies/1..3'],
  ['GET', `${INSTANCE}/bulk/../..`],
  ['GET', `${INSTANCE}/bulk/.`],
  ['GET', `${INSTANCE}/bulk/%2e%2e/x`],
  ['GET', `${INSTANCE}/bulk//x`],
  ['GET', `${INSTANCE}\\..`],
  ['GET', '/studies\n'],
  ['POST', INSTANCE],
  ['get', '/studies'],
])('%s %j is not passed on', (method, path) => {
  expect(isArchiveRequest(method, path)).toBe(false);
});

test('an address that goes on for ever is judged at once', () => {
  const start = process.cpuUsage().user;
  for (const step of ['1.', '1/', 'a.', 'a/.', '%2C']) {
    isArchiveRequest('GET', `${INSTANCE}/bulk/${step.repeat(50_000)}!`);
    isArchiveRequest('GET', `/studies/${step.repeat(50_000)}!`);
  }
  expect(process.cpuUsage().user - start).toBeLessThan(5e5);
});

test('only addresses of studies are led through the proxy', () => {
  const json =
    '{"a":"https://x/dw/studies/1/bulk","b":"http://example.org/manual","c":"see http://x/studies/1"}';
  expect(ledThroughProxy(json, 'http://localhost:1/dicomweb')).toBe(
    '{"a":"http://localhost:1/dicomweb/studies/1/bulk","b":"http://example.org/manual","c":"see http://x/studies/1"}'
  );
});

test('an address that is not http is refused in words', () => {
  expect(() => parseArchiveUrl('localhost:8042')).toThrow('"localhost:8042" is not the address');
});
