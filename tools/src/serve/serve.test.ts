import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { archiveProxy, basicAuthorization, ledThroughProxy, parseArchiveUrl } from './archiveProxy';
import { requireFreePort } from './server';
import { viewerConfigScript } from './viewerConfig';

describe('a proxied archive', () => {
  let upstream: Server;
  let app: FastifyInstance;
  let seen: { url: string | undefined; authorization: string | undefined; body: string }[];

  beforeEach(async () => {
    seen = [];
    // Stands in for an archive behind a password that thinks it has another name.
    upstream = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url, headers } = request;
        seen.push({
          url,
          authorization: headers.authorization,
          body: Buffer.concat(chunks).toString(),
        });
        if (url?.includes('denied')) {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="archive"' }).end('no');
          return;
        }
        response.writeHead(200, { 'content-type': 'application/dicom+json' });
        response.end(
          '[{"00081190":{"vr":"UR","Value":["http://pacs.internal:8042/dicom-web/studies/1.2.3"]}}]'
        );
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.address() as AddressInfo;
    app = Fastify({ forceCloseConnections: true });
    await archiveProxy(app, {
      url: `http://127.0.0.1:${port}/dicom-web/`,
      authorization: basicAuthorization('reader', 'secret'),
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(async () => {
    await app.close();
    upstream.close();
    upstream.closeAllConnections();
  });
  const base = () => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/dicomweb`;

  test('gets the path, the query, the body and the password; the browser gets our address', async () => {
    const answer = await (await fetch(`${base()}/studies?limit=1`)).json();
    expect(answer).toEqual([{ '00081190': { vr: 'UR', Value: [`${base()}/studies/1.2.3`] } }]);
    const headers = { 'content-type': 'multipart/related; boundary=x' };
    await fetch(`${base()}/studies`, { method: 'POST', headers, body: '--x--' });
    expect(seen).toEqual([
      { url: '/dicom-web/studies?limit=1', authorization: 'Basic cmVhZGVyOnNlY3JldA==', body: '' },
      { url: '/dicom-web/studies', authorization: 'Basic cmVhZGVyOnNlY3JldA==', body: '--x--' },
    ]);
  });

  test('its refusal reaches the viewer without a password prompt', async () => {
    const response = await fetch(`${base()}/denied`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBeNull();
  });

  test('that is gone is named', async () => {
    upstream.close();
    upstream.closeAllConnections();
    const response = await fetch(`${base()}/studies`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      message: expect.stringContaining('did not answer'),
    });
  });
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

test('a taken port is named', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(requireFreePort(port)).rejects.toThrow(`Port ${port} is taken`);
  other.close();
});

describe('the viewer configuration', () => {
  type Settings = Record<string, unknown>;
  const settings = {
    innerEarHydrops: { backend: 'wasm' },
    overrides: { showStudyList: false, name: 'config/site.js', extensions: ['@site/extension'] },
  };

  /** As much of a browser as the script touches; `import()` finds nothing there. */
  function evaluate(script: string) {
    const notices: string[] = [];
    const page = {
      window: { location: { origin: 'http://localhost:1', href: 'http://localhost:1/' } } as {
        config?: Settings | (() => Promise<Settings>);
      },
      document: {
        createElement: () => ({
          setAttribute: () => undefined,
          addEventListener: () => undefined,
          append: () => undefined,
          style: {},
          textContent: '',
        }),
        body: { append: (element: { textContent: string }) => notices.push(element.textContent) },
      },
    };
    const silent = { warn: () => undefined };
    const missing = async () => new Response('', { status: 404 });
    new Function('window', 'document', 'console', 'fetch', script)(
      page.window,
      page.document,
      silent,
      missing
    );
    return { config: page.window.config, window: page.window, notices };
  }

  test("without the plugins is the viewer's own", () => {
    expect(evaluate(viewerConfigScript(settings)).config).toMatchObject({
      showStudyList: false,
      innerEarHydrops: { backend: 'wasm' },
      dataSources: [{ configuration: { wadoRoot: 'http://localhost:1/dicomweb' } }],
    });
  });

  test('can be copied, listed, extended and replaced by scripts that stand after install.js', async () => {
    const install = readFileSync(
      resolve(__dirname, '../../../extension/public/install.js'),
      'utf8'
    );
    const { window, notices } = evaluate(`${viewerConfigScript(settings)}\n${install}`);
    const fields = window.config as unknown as Settings;
    expect({ ...fields }).toMatchObject({ showStudyList: false, name: 'config/site.js' });
    expect(Object.keys(fields)).toContain('dataSources');
    expect(['dataSources' in fields, 'none' in fields]).toEqual([true, false]);
    expect(Object.getOwnPropertyDescriptor(fields, 'showStudyList')?.value).toBe(false);
    expect(Object.assign({}, fields)['innerEarHydrops']).toEqual({ backend: 'wasm' });
    delete fields['name'];
    Object.defineProperty(fields, 'hotkeys', { value: [], enumerable: true });
    // As scripts of a site do, and the host itself where a site lets an address name a configuration.
    window.config = { ...fields, showStudyList: true };
    const made = await (window.config as unknown as () => Promise<Settings>)();
    expect(made).toMatchObject({ showStudyList: true, hotkeys: [], modes: [] });
    expect(made).not.toHaveProperty('name');
    expect(notices).toEqual([expect.stringContaining('plugins/extension/inner-ear-hydrops.js')]);
    const other = async () => ({});
    window.config = other;
    expect(window.config).toBe(other);
  });

  test('survives plugins that are missing, names them, and can be read like the settings themselves', async () => {
    const install = readFileSync(
      resolve(__dirname, '../../../extension/public/install.js'),
      'utf8'
    );
    // As some sites end their own file.
    const own = viewerConfigScript(settings).trimEnd().replace(/;$/, '');
    const { config, notices } = evaluate(`${own}\n${install}`);
    // The viewer reads some settings before it calls the function.
    const fields = config as unknown as Settings;
    expect([fields['name'], fields['showStudyList']]).toEqual(['config/site.js', false]);
    fields['whiteLabeling'] = 'set later';
    expect(await (config as () => Promise<Settings>)()).toMatchObject({
      extensions: ['@site/extension'],
      modes: [],
      showStudyList: false,
      whiteLabeling: 'set later',
      innerEarHydrops: { backend: 'wasm' },
    });
    expect(notices).toEqual([expect.stringContaining('plugins/extension/inner-ear-hydrops.js')]);
  });
});
