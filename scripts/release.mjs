// `npm run release -- X.Y.Z` gives everything that version, builds, and packs what a site installs into
// out/release; without a version it packs the version of the checkout. `--built`: packs what is built already.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { LicenseError, sbom, thirdPartyNotices } from './shipped.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...path) => join(root, ...path);
const OWN = '@inner-ear-hydrops/';
/** In the archive, and in the checkout: folders as a viewer serves them. */
const FOLDERS = {
  'plugins/extension': 'extension/dist',
  'plugins/mode': 'mode/dist',
  models: 'models',
};
const FILES = {
  'install.md': 'docs/install.md',
  'CHANGELOG.md': 'CHANGELOG.md',
  LICENSE: 'LICENSE',
};
/** Without these the archive would be of no use. */
const NEEDED = [
  /^plugins\/extension\/inner-ear-hydrops\.js$/,
  /^plugins\/extension\/session\.js$/,
  /^plugins\/extension\/worker\.js$/,
  /^plugins\/extension\/install\.js$/,
  /^plugins\/extension\/.*\.wasm$/,
  /^plugins\/mode\/mode\.js$/,
  /^models\/[^/]+\/manifest\.json$/,
];
/** The same files give the same archive, whenever it is packed. */
const PACKED = new Date(2026, 0, 1);

class ReleaseError extends Error {}

try {
  await release(process.argv.slice(2));
} catch (error) {
  const isKnown = error instanceof ReleaseError || error instanceof LicenseError;
  console.error(isKnown ? error.message : error);
  process.exitCode = 1;
}

async function release(args) {
  const [asked, ...more] = args.filter((argument) => !argument.startsWith('--'));
  const unknown = args.find((argument) => argument.startsWith('--') && argument !== '--built');
  if (more.length > 0 || unknown) {
    throw new ReleaseError('Usage: npm run release -- [X.Y.Z] [--built]');
  }
  const version = asked ?? readJson('package.json').version;
  if (!/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/.test(version)) {
    throw new ReleaseError(`"${version}" is not a version such as 1.2.0 or 1.2.0-beta.1.`);
  }
  requireChanges(version);
  if (asked) setVersion(version);
  requireOneVersion(version);
  if (!args.includes('--built')) await buildAnew();
  pack(version);
}

/** @throws ReleaseError where CHANGELOG.md has no section for the version, or an empty section. */
function requireChanges(version) {
  const sections = readFileSync(at('CHANGELOG.md'), 'utf8').split(/^## /m);
  const section = sections.find((text) => text.split(/[\s,]/, 1)[0] === version);
  if (!section || section.split('\n').slice(1).join('').trim() === '') {
    throw new ReleaseError(
      `CHANGELOG.md says nothing about ${version}. Rename its heading "## Unreleased" to "## ${version}".`
    );
  }
}

/** Root and workspaces, their dependencies on each other, and the lock file. */
function setVersion(version) {
  for (const file of packageFiles()) {
    const text = readFileSync(at(file), 'utf8');
    // As text, so that nothing else in the file moves.
    const changed = text
      .replace(/^( {2}"version": )"[^"]*"/m, `$1"${version}"`)
      .replace(/("@inner-ear-hydrops\/[\w-]+": )"[^"]*"/g, `$1"${version}"`);
    writeFileSync(at(file), changed);
  }
  const lock = readJson('package-lock.json');
  lock.version = version;
  for (const file of packageFiles()) {
    const entry = lock.packages[file.replace(/\/?package\.json$/, '')];
    entry.version = version;
    for (const name of Object.keys(entry.dependencies ?? {})) {
      if (name.startsWith(OWN)) entry.dependencies[name] = version;
    }
  }
  writeFileSync(at('package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
}

/** @throws ReleaseError naming the packages that carry another version. */
function requireOneVersion(version) {
  const others = packageFiles().filter((file) => {
    const { version: own, dependencies = {} } = readJson(file);
    const wanted = Object.keys(dependencies).filter((name) => name.startsWith(OWN));
    return own !== version || wanted.some((name) => dependencies[name] !== version);
  });
  if (others.length > 0) {
    throw new ReleaseError(`These have a version other than ${version}: ${others.join(', ')}.`);
  }
}

async function buildAnew() {
  const { buildAll } = await import('./build.mjs');
  // What an earlier build has left is not released.
  for (const folder of ['extension/dist', 'mode/dist'])
    rmSync(at(folder), { recursive: true, force: true });
  await buildAll(['extension', 'mode']);
}

/** Writes the archive, with the list of its files' hashes in it, and the archive's own hash beside it. */
function pack(version) {
  const name = `inner-ear-hydrops-${version}`;
  const files = filesOfRelease();
  const sums = Object.entries(files).map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`);
  const entries = { ...files, SHA256SUMS: Buffer.from(sums.join('')) };
  const folder = Object.fromEntries(
    Object.entries(entries).map(([path, bytes]) => [`${name}/${path}`, bytes])
  );
  const zip = zipSync(folder, { mtime: PACKED });
  mkdirSync(at('out', 'release'), { recursive: true });
  const target = join('out', 'release', `${name}.zip`);
  writeFileSync(at(target), zip);
  writeFileSync(at(`${target}.sha256`), `${sha256(zip)}  ${name}.zip\n`);
  const megabytes = (zip.length / 2 ** 20).toFixed(1);
  console.log(`${target}: ${Object.keys(entries).length} files, ${megabytes} MiB`);
}

/** Bytes by path in the archive, sorted. @throws ReleaseError where something is not built. */
function filesOfRelease() {
  const sources = { ...FILES };
  for (const [target, folder] of Object.entries(FOLDERS)) {
    const names = existsSync(at(folder)) ? readdirSync(at(folder), { recursive: true }) : [];
    for (const name of names) {
      // Source maps are larger than all the rest, and are made again from the tagged source.
      if (!statSync(at(folder, name)).isFile() || name.endsWith('.map')) continue;
      sources[`${target}/${name.replaceAll('\\', '/')}`] = join(folder, name);
    }
  }
  const missing = NEEDED.find(
    (pattern) => !Object.keys(sources).some((path) => pattern.test(path))
  );
  if (missing)
    throw new ReleaseError(`Nothing is built that matches ${missing}: run "npm run build".`);
  const read = Object.entries(sources).map(([path, source]) => [path, readFileSync(at(source))]);
  const made = {
    'THIRD-PARTY-NOTICES.txt': Buffer.from(thirdPartyNotices()),
    'sbom.cdx.json': Buffer.from(`${JSON.stringify(sbom(), null, 2)}\n`),
  };
  return Object.fromEntries(
    [...read, ...Object.entries(made)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, bytes]) => [path, new Uint8Array(bytes)])
  );
}

function packageFiles() {
  const { workspaces } = readJson('package.json');
  return ['package.json', ...workspaces.map((name) => `${name}/package.json`)];
}

function readJson(file) {
  return JSON.parse(readFileSync(at(file), 'utf8'));
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
