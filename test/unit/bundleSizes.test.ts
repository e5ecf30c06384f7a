import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

// What a browser downloads, as scripts/build.mjs has built it and a server sends it.

const ROOT = resolve(__dirname, '../..');

beforeAll(() => {
  if (existsSync(join(ROOT, 'extension/dist/session.js'))) return;
  const build = [join(ROOT, 'scripts/build.mjs'), 'extension', 'mode'];
  expect(spawnSync(process.execPath, build).status).toBe(0);
});

const text = (file: string) => readFileSync(join(ROOT, 'extension/dist', file), 'utf8');

/** A script of ours with the parts without which it does not run, and those that it loads with this in them. */
function withParts(script: string, ...wanted: RegExp[]): Set<string> {
  const found = new Set<string>();
  const add = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    const source = text(file);
    for (const [, part] of source.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) add(part!);
    for (const [, part] of source.matchAll(/import\("\.\/([^"]+)"\)/g)) {
      if (wanted.some((content) => content.test(text(part!)))) add(part!);
    }
  };
  add(script);
  return found;
}

/** Of each the words that no other part holds. */
const NETWORKS = /className="Conv2DTranspose"/;
const WASM = /The WASM backend was already initialized/;
const WEBGL = /WEBGL_CPU_FORWARD/;
const DCMJS = /naturalizeDataset/;

/** kB (1000 bytes) of these files, each sent with gzip. */
const sent = (...files: string[]) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(ROOT, file))).length, 0) / 1000;

it.each([
  ['a prebuilt viewer', 'extension/dist/inner-ear-hydrops.js', 'mode/dist/mode.js'],
  ['a host with UMD plugins', 'extension/dist/index.umd.js', 'mode/dist/index.umd.js'],
])('every mode of %s loads at most 15 kB of ours', (_host, ...entries) => {
  expect(sent(...entries, 'extension/dist/install.js')).toBeLessThanOrEqual(15);
});

const ofExtension = (files: Iterable<string>) =>
  sent(...[...files].map((file) => `extension/dist/${file}`));

it('the worker computes with at most 350 kB, the backend that runs among them', () => {
  const computing = withParts('worker.js', NETWORKS, WASM);
  expect(ofExtension(computing)).toBeLessThanOrEqual(350);
  for (const needed of [NETWORKS, WASM]) {
    expect([...computing].filter((file) => needed.test(text(file)))).toHaveLength(1);
  }
  // Neither the other backends nor what writes results.
  for (const file of computing) {
    expect(text(file)).not.toMatch(WEBGL);
    expect(text(file)).not.toMatch(DCMJS);
  }
});

it('the page reads and shows without dcmjs, which comes once, with what is written', () => {
  for (const file of withParts('session.js')) expect(text(file)).not.toMatch(DCMJS);
  expect([...withParts('worker.js', DCMJS)].filter((file) => DCMJS.test(text(file)))).toHaveLength(
    1
  );
});

it('the worker is known by the build that its own file names', () => {
  const [build] = /"[0-9a-f]{16}"/.exec(text('inner-ear-hydrops.js')) ?? [];
  expect(text('worker.js')).toContain(build);
});
