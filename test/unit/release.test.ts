import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unzipSync } from 'fflate';

// `npm run release` on a copy of what it reads and writes, with the bundles that are built.

const ROOT = resolve(__dirname, '../..');
const { workspaces } = readJson<{ workspaces: string[] }>(join(ROOT, 'package.json'));
const PACKAGES = ['package.json', ...workspaces.map((name) => `${name}/package.json`)];
const BUILT = ['extension/dist', 'mode/dist'];
const VERSION = '9.8.7';

let checkout: string;
beforeAll(() => {
  if (!BUILT.every((folder) => existsSync(join(ROOT, folder)))) {
    const build = [join(ROOT, 'scripts/build.mjs'), 'extension', 'mode'];
    expect(spawnSync(process.execPath, build).status).toBe(0);
  }
});
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'hydrops-release-'));
  const copied = [
    ...PACKAGES,
    ...BUILT,
    ...['package-lock.json', 'CHANGELOG.md', 'LICENSE', 'docs/install.md', 'models', 'scripts'],
  ];
  for (const path of copied) {
    const filter = (source: string) => !source.endsWith('.map');
    cpSync(join(ROOT, path), join(checkout, path), { recursive: true, filter });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
});
afterEach(() => rmSync(checkout, { recursive: true }));

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

function release(...args: string[]) {
  const script = join(checkout, 'scripts/release.mjs');
  const run = spawnSync(process.execPath, [script, ...args], { cwd: checkout, encoding: 'utf8' });
  return { status: run.status, stderr: run.stderr };
}

const versionOf = (path: string) => readJson<{ version: string }>(join(checkout, path)).version;
const describeChanges = (version: string) =>
  writeFileSync(join(checkout, 'CHANGELOG.md'), `# Changelog\n\n## ${version}\n\n- A change.\n`);
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('packs what a site installs, under one version, with hashes that hold', () => {
  describeChanges(VERSION);
  expect(release(VERSION, '--built')).toEqual({ status: 0, stderr: '' });

  for (const file of [...PACKAGES, 'package-lock.json']) expect(versionOf(file)).toBe(VERSION);
  const lock = readFileSync(join(checkout, 'package-lock.json'), 'utf8');
  expect(lock.match(/"@inner-ear-hydrops\/\w+": "(?!9\.8\.7")[^"]*"/g)).toBeNull();

  const name = `inner-ear-hydrops-${VERSION}`;
  const zip = readFileSync(join(checkout, 'out/release', `${name}.zip`));
  const beside = readFileSync(join(checkout, 'out/release', `${name}.zip.sha256`), 'utf8');
  expect(beside).toBe(`${hashOf(zip)}  ${name}.zip\n`);
  const files = unzipSync(zip);
  const { [`${name}/SHA256SUMS`]: sums, ...listed } = files;
  const expected = Object.entries(listed).map(
    ([path, bytes]) => `${hashOf(bytes)}  ${path.slice(name.length + 1)}`
  );
  expect(Buffer.from(sums!).toString().trimEnd().split('\n').sort()).toEqual(expected.sort());

  expect(Object.keys(listed)).toEqual(
    expect.arrayContaining([`${name}/THIRD-PARTY-NOTICES.txt`, `${name}/sbom.cdx.json`])
  );
  const bom = JSON.parse(Buffer.from(listed[`${name}/sbom.cdx.json`]!).toString());
  expect(bom.metadata.component.version).toBe(VERSION);

  // Byte for byte what is served in the tests of the viewer, and all of it but source maps.
  for (const [folder, source] of [
    ['plugins/extension', 'extension/dist'],
    ['plugins/mode', 'mode/dist'],
    ['models/inner-ear-unet', 'models/inner-ear-unet'],
  ] as const) {
    const there = readdirSync(join(checkout, source));
    expect(there.length).toBeGreaterThan(1);
    for (const file of there) {
      const bytes = readFileSync(join(checkout, source, file));
      expect(hashOf(listed[`${name}/${folder}/${file}`]!)).toBe(hashOf(bytes));
    }
  }
});

test('without a version packs the version of the checkout', () => {
  const own = versionOf('package.json');
  describeChanges(own);
  expect(release('--built').status).toBe(0);
  expect(readdirSync(join(checkout, 'out/release'))).toContain(`inner-ear-hydrops-${own}.zip`);
});

test.each([
  ['a version that the changelog does not describe', ['9.9.9'], 'CHANGELOG.md says nothing'],
  ['what is not a version', ['next'], '"next" is not a version'],
  ['an option that it does not know', ['--bulit'], 'Usage:'],
])('refuses %s, and changes nothing', (_, args, words) => {
  describeChanges(VERSION);
  const before = PACKAGES.map(versionOf);
  const { status, stderr } = release(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(PACKAGES.map(versionOf)).toEqual(before);
  expect(existsSync(join(checkout, 'out'))).toBe(false);
});

test('refuses packages of different versions', () => {
  const own = versionOf('package.json');
  describeChanges(own);
  const file = join(checkout, 'mode/package.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(`"${own}"`, '"0.0.9"'));
  const { status, stderr } = release('--built');
  expect([status, stderr]).toEqual([1, expect.stringContaining('mode/package.json')]);
});

test('refuses a build that is not complete', () => {
  describeChanges(VERSION);
  rmSync(join(checkout, 'extension/dist/worker.js'));
  const { status, stderr } = release(VERSION, '--built');
  expect([status, stderr]).toEqual([1, expect.stringContaining('worker')]);
});
