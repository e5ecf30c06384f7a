import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { ask, type Asked } from '../../test/ask';
import { Access, TOKEN_NAME, withoutToken } from './access';
import { addGate } from './gate';
import { addHeaders, viewerPolicy } from './headers';

// Requests as browsers and programs send them, against the gate before two routes.

let access: Access;
let app: FastifyInstance;

beforeEach(async () => {
  access = new Access();
  app = Fastify({ forceCloseConnections: true });
  addHeaders(app, viewerPolicy(''));
  addGate(app, access);
  app.get('/viewer', async () => 'the viewer');
  app.get('/manifest.json', async () => ({}));
  app.route({ method: ['GET', 'POST'], url: '/dicomweb/studies', handler: async () => 'the list' });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => app.close());

const port = () => (app.server.address() as AddressInfo).port;
const token = () => new URLSearchParams(access.addressWithToken('').slice(1)).get(TOKEN_NAME)!;
const send = (path: string, asked: Asked = {}) => ask(app.server, path, asked);
/** What Chromium adds when a link or the address bar opens a page. */
const opened = (site = 'none') => ({
  'sec-fetch-site': site,
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  accept: 'text/html,*/*',
});
async function cookie(): Promise<string> {
  const { headers } = await send(access.addressWithToken('/viewer'), { headers: opened() });
  return headers['set-cookie']![0]!.split(';')[0]!;
}

describe('the token of the printed address', () => {
  test('is exchanged for a cookie and leaves the address; the cookie opens the rest', async () => {
    const path = access.addressWithToken('/viewer?StudyInstanceUIDs=1.2&token=archive%20own');
    const answer = await send(path, { headers: opened() });
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      '/viewer?StudyInstanceUIDs=1.2&token=archive%20own',
    ]);
    const [set = ''] = answer.headers['set-cookie'] ?? [];
    expect(set).toMatch(/^hydrops-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(set).toContain(`hydrops-${port()}=`);
    expect(set).not.toContain(token());
    const headers = { cookie: `other=1; ${set.split(';')[0]}`, 'sec-fetch-site': 'same-origin' };
    expect((await send('/dicomweb/studies', { headers })).body).toBe('the list');
  });

  test('that is old in a bookmark leaves the address where the browser is admitted', async () => {
    const [set = ''] =
      (await send(access.addressWithToken('/'), { headers: opened() })).headers['set-cookie'] ?? [];
    const headers = { ...opened(), cookie: set.split(';')[0] ?? '' };
    const answer = await send('/viewer?hydrops-token=old&x=1', { headers });
    expect([answer.status, answer.headers.location]).toEqual([303, '/viewer?x=1']);
  });

  test('a script sends it as a header', async () => {
    const headers = { [TOKEN_NAME]: token() };
    expect((await send('/dicomweb/studies', { headers })).body).toBe('the list');
  });

  test('that is wrong, of an earlier start or missing opens nothing, whatever is sent', async () => {
    const earlier = new Access();
    for (const path of ['/viewer', '/dicomweb/studies', earlier.addressWithToken('/viewer')]) {
      expect((await send(path)).status).toBe(401);
    }
    const cookies = [`hydrops-${port()}=`, `hydrops-${port()}=${token()}`, `x=${token()}`];
    for (const value of cookies) {
      expect((await send('/dicomweb/studies', { headers: { cookie: value } })).status).toBe(401);
    }
    const headers = { [TOKEN_NAME]: 'guess' };
    expect((await send('/dicomweb/studies', { headers })).status).toBe(401);
  });

  test('a reader without it gets a page that says what to do; a program gets JSON', async () => {
    const page = await send('/viewer?StudyInstanceUIDs=1.2', { headers: opened() });
    expect(page.status).toBe(401);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('contains hydrops-token');
    expect(page.body).toContain('npm start -- --port');
    const json = await send('/dicomweb/studies');
    expect(JSON.parse(json.body)).toEqual({ message: expect.stringContaining('hydrops-token') });
  });

  test('never reaches a route in an address, as the archive would see it', async () => {
    const headers = { cookie: await cookie() };
    const path = access.addressWithToken('/dicomweb/studies');
    expect((await send(path, { method: 'POST', headers })).status).toBe(401);
    expect((await send(path, { headers })).headers.location).toBe('/dicomweb/studies');
  });

  test('the way back stays on this server', () => {
    expect(withoutToken('//evil.example/x?hydrops-token=a')).toBe('/evil.example/x');
    expect(withoutToken('/\\evil.example?hydrops-token=a&b=%26')).toBe('/evil.example?b=%26');
    expect(withoutToken('/x?hydrops%2Dtoken=a&token=b&hydrops-token=c')).toBe('/x?token=b');
  });

  test("what the browser fetches without cookies is open: the viewer's own manifest", async () => {
    expect((await send('/manifest.json')).status).toBe(200);
  });
});

describe('another page', () => {
  test.each([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ['of another origin, in an older browser', { origin: 'http://evil.example' }],
    ['of another port, in an older browser', { origin: 'http://localhost:1' }],
    ['in a sandboxed frame or a file', { origin: 'null' }],
  ])('%s gets nothing, although the cookie goes along', async (_, headers) => {
    const kept = { cookie: await cookie(), host: `localhost:${port()}`, ...headers };
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await send('/dicomweb/studies', { method, headers: kept });
      expect([answer.status, answer.body.includes('the list')]).toEqual([403, false]);
    }
    const link = await send('/viewer', { headers: { ...kept, ...opened('cross-site') } });
    expect([link.status, link.body.includes('address bar')]).toEqual([403, true]);
  });

  test('does not use the token for a request that is no visit', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    const answer = await send(access.addressWithToken('/viewer'), { headers });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });

  test('may hold the printed address as a link: a page of ours goes on with the cookie', async () => {
    const path = access.addressWithToken('/viewer?a="><script>');
    const answer = await send(encodeURI(path), { headers: opened('cross-site') });
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toHaveLength(1);
    expect(answer.body).toContain('content="0; url=/viewer?a=%22%3E%3Cscript%3E"');
    expect(answer.body).not.toContain(token());
  });
});

test('a page of our own is let through', async () => {
  const host = `127.0.0.1:${port()}`;
  const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
  const asked: Asked = { method: 'POST', headers: { ...headers, cookie: await cookie() } };
  expect((await send('/dicomweb/studies', asked)).status).toBe(200);
});

test.each([
  'evil.example',
  'localhost.evil.example:3000',
  '127.0.0.1.evil.example',
  '10.0.0.7:3000',
])('the name %s is refused, as a rebound DNS name would be', async (host) => {
  const headers = { host, cookie: await cookie() };
  const answer = await send('/dicomweb/studies', { headers });
  expect([answer.status, answer.body.includes(host)]).toEqual([403, true]);
});

test('every answer, refused ones too, says that it is neither framed nor guessed at', async () => {
  const requests: Asked['headers'][] = [{}, { host: 'evil.example' }, { cookie: await cookie() }];
  for (const headers of requests) {
    const answer = await send('/viewer', headers ? { headers } : {});
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

describe('the policy of the viewer', () => {
  test("names each script within the viewer's page by its hash, and no other", () => {
    const policy = viewerPolicy('<script>a()</script><script src="/b.js"></script>');
    // printf 'a()' | openssl dgst -sha256 -binary | base64
    expect(policy).toContain("'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='");
    expect(policy.match(/sha256/g)).toHaveLength(1);
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-inline'/);
  });

  test('allows the server of a model elsewhere', () => {
    const connect = (url?: string) => /connect-src ([^;]*)/.exec(viewerPolicy('', url))?.[1];
    expect(connect('https://models.example:8443/m/manifest.json')).toContain(
      ' https://models.example:8443'
    );
    for (const own of [undefined, '/models/m/manifest.json', 'https://']) {
      expect(connect(own)).toBe("'self' data: blob:");
    }
  });
});
