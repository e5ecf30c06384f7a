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

/** kB (1000 bytes) of these files, each sent with gzip. */
const sent = (...files: string[]) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(ROOT, file))).length, 0) / 1000;

it.each([
  ['a prebuilt viewer', 'extension/dist/inner-ear-hydrops.js', 'mode/dist/mode.js'],
  ['a host with UMD plugins', 'extension/dist/index.umd.js', 'mode/dist/index.umd.js'],
])('every mode of %s loads at most 15 kB of ours', (_host, ...entries) => {
  expect(sent(...entries, 'extension/dist/install.js')).toBeLessThanOrEqual(15);
});
