import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ask } from '../../test/ask';
import { InstanceStore } from '../archive';
import { newApp } from './newApp';
import { registerArchive, requireFreePort } from './server';
import { viewerConfigScript } from './viewerConfig';

test('a taken port is named', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(requireFreePort(port)).rejects.toThrow(`Port ${port} is taken`);
  other.close();
});

test('patient data of the embedded archive are neither kept by the browser nor shown as a page', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'serve-test-'));
  const app = newApp();
  await registerArchive(app, await InstanceStore.open(directory));
  await app.listen({ port: 0, host: '127.0.0.1' });
  for (const path of ['/dicomweb/studies', '/dicomweb/studies/1.2.3/metadata']) {
    const { headers } = await ask(app.server, path);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  }
  await app.close();
  await rm(directory, { recursive: true });
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
    const warnings: string[] = [];
    const page = {
      window: { location: { origin: 'http://localhost:1', href: 'http://localhost:1/' } } as {
        config?: Settings | (() => Promise<Settings>);
      },
      document: {
        createElement: () => ({
          setAttribute: () => undefined,
          addEventListener: () => undefined,
          append: () => undefined,
          remove: () => undefined,
          style: {},
          textContent: '',
        }),
        body: { append: (element: { textContent: string }) => notices.push(element.textContent) },
      },
    };
    const console = { warn: (words: string) => void warnings.push(words) };
    const missing = async () => new Response('', { status: 404 });
    new Function('window', 'document', 'console', 'fetch', script)(
      page.window,
      page.document,
      console,
      missing
    );
    /** What the viewer makes of the configuration when it starts. */
    const start = async (): Promise<Settings> => {
      const { config } = page.window;
      const settings: Settings = { ...(typeof config === 'function' ? await config() : config) };
      const [extensions, modes] = [settings['extensions'], settings['modes']] as unknown[][];
      return {
        ...settings,
        extensions: await Promise.all((extensions ?? []).map(async (entry) => entry)),
        modes: await Promise.all((modes ?? []).map(async (entry) => entry)),
      };
    };
    return { window: page.window, start, notices, warnings };
  }

  const install = readFileSync(resolve(__dirname, '../../../extension/public/install.js'), 'utf8');
  /** What takes the places of an extension and a mode that are missing. */
  const NOTHING = [{ id: '@inner-ear-hydrops/extension-left-out' }, undefined];
  const evaluated = (after = '') =>
    evaluate(`${viewerConfigScript(settings)}\n${install}\n${after}`);

  test("without the plugins is the viewer's own", () => {
    expect(evaluate(viewerConfigScript(settings)).window.config).toMatchObject({
      showStudyList: false,
      innerEarHydrops: { backend: 'wasm' },
      dataSources: [{ configuration: { wadoRoot: 'http://localhost:1/dicomweb' } }],
    });
  });

  test('stays an object that scripts after install.js can read, list and change', async () => {
    const { window, start, notices } = evaluated();
    const fields = window.config as Settings;
    expect(typeof fields).toBe('object');
    expect({ ...fields }).toMatchObject({ showStudyList: false, name: 'config/site.js' });
    expect(Object.keys(fields)).toContain('dataSources');
    expect(['dataSources' in fields, 'none' in fields]).toEqual([true, false]);
    expect(Object.getOwnPropertyDescriptor(fields, 'showStudyList')?.value).toBe(false);
    delete fields['name'];
    Object.defineProperty(fields, 'hotkeys', { value: [], enumerable: true });
    (fields['extensions'] as unknown[]).push('@site/second');
    fields['modes'] = ['@site/mode'];
    const made = await start();
    expect(made).toMatchObject({
      extensions: ['@site/extension', NOTHING[0], '@site/second'],
      modes: ['@site/mode', NOTHING[1]],
      hotkeys: [],
    });
    expect(made).not.toHaveProperty('name');
    expect(notices).toEqual([expect.stringContaining('plugins/extension/inner-ear-hydrops.js')]);
  });

  // As scripts of a site do, and the host itself where a site lets an address name a configuration.
  test.each([
    ['a copy with other fields', 'window.config = { ...window.config, late: 1 };'],
    ['an assigned copy', 'window.config = Object.assign({}, window.config, { late: 1 });'],
    [
      'a copy by way of JSON',
      'window.config = JSON.parse(JSON.stringify(window.config)); window.config.late = 1;',
    ],
    [
      'a structured clone',
      'window.config = structuredClone(window.config); window.config.late = 1;',
    ],
    [
      'a function that spreads it',
      'const old = window.config; window.config = (...given) => ({ ...old, late: 1 });',
    ],
    [
      'a function that clones it',
      'const old = structuredClone(window.config); window.config = async () => ({ ...old, late: 1 });',
    ],
    [
      'settings that are frozen',
      'window.config = Object.freeze({ ...window.config, extensions: Object.freeze(["@site/extension"]), late: 1 });',
    ],
    [
      'a list without the plugin',
      'window.config.extensions = ["@site/extension"]; window.config.modes = null; window.config.late = 1;',
    ],
    [
      'the bare addresses, as the shorter form has them',
      'window.config.extensions = ["@site/extension", "/plugins/extension/inner-ear-hydrops.js"]; window.config.late = 1;',
    ],
  ])('%s in its place keeps the settings and the plugins', async (_, after) => {
    const { start } = evaluated(after);
    const made = await start();
    expect(made).toMatchObject({ showStudyList: false, innerEarHydrops: { backend: 'wasm' } });
    expect(made['late']).toBe(1);
    expect(made['extensions']).toEqual(['@site/extension', NOTHING[0]]);
    expect(made['modes']).toEqual([NOTHING[1]]);
  });

  test('that is a function from the start stays one, and can be wrapped', async () => {
    const own =
      'window.config = async () => ({ extensions: ["@site/extension"], modes: [], early: 1 });';
    const after =
      'const old = window.config; window.config = async (...given) => ({ ...(await old(...given)), late: 1 });';
    const { start, window } = evaluate(`${own}\n${install}\n${after}`);
    expect(typeof window.config).toBe('function');
    expect(await start()).toEqual({
      extensions: ['@site/extension', NOTHING[0]],
      modes: [NOTHING[1]],
      early: 1,
      late: 1,
    });
  });

  test.each(['', 'window.config = null;'])(
    'that a site does not set at all gets the plugins alone: %j',
    async (own) => {
      const { start } = evaluate(`${own}\n${install}`);
      expect(await start()).toEqual({ extensions: [NOTHING[0]], modes: [NOTHING[1]] });
    }
  );

  test.each([
    ['an object', viewerConfigScript(settings)],
    ['a function', 'window.config = () => ({ extensions: ["@site/extension"], modes: [] });'],
  ])('with install.js twice below %s has each plugin once, and says so', async (_, own) => {
    const { start, warnings } = evaluate(`${own}\n${install}\n${install}`);
    const { extensions, modes } = await start();
    expect([extensions, modes]).toEqual([['@site/extension', NOTHING[0]], [NOTHING[1]]]);
    expect(warnings).toContainEqual(expect.stringContaining('install.js stands twice'));
  });

  test('survives plugins that are missing, and names them', async () => {
    // As some sites end their own file.
    const own = viewerConfigScript(settings).trimEnd().replace(/;$/, '');
    const { start, notices } = evaluate(`${own}\n${install}`);
    expect(await start()).toMatchObject({
      extensions: ['@site/extension', NOTHING[0]],
      modes: [NOTHING[1]],
      showStudyList: false,
      innerEarHydrops: { backend: 'wasm' },
    });
    expect(notices).toEqual([expect.stringContaining('plugins/extension/inner-ear-hydrops.js')]);
  });
});
