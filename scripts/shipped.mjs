// What of other people ships: `node scripts/shipped.mjs` writes out/THIRD-PARTY-NOTICES.txt and out/sbom.cdx.json from
// package-lock.json; the release packs both. It refuses a licence that is not on the list below.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...path) => join(root, ...path);

/** Their dependencies are in the bundles. */
const SHIPPED = ['extension', 'mode'];
/** Licences that ask for no more than their notice. Whoever adds one has read it. */
const PERMISSIVE = new Set(
  'MIT ISC 0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BlueOak-1.0.0 Zlib IJG NCSA'.split(' ')
);
/**
 * Compiled into WASM files of packages, so that no package of the lock file names them: from the packages' own
 * documentation. Their versions are those that the package was built with, which it does not say.
 */
const COMPILED_IN = [
  {
    name: 'CharLS',
    license: 'BSD-3-Clause',
    inside: '@cornerstonejs/codec-charls',
    source: 'https://github.com/team-charls/charls',
  },
  {
    name: 'OpenJPEG',
    license: 'BSD-2-Clause',
    inside: '@cornerstonejs/codec-openjpeg',
    source: 'https://github.com/uclouvain/openjpeg',
  },
  {
    name: 'libjpeg-turbo',
    license: 'IJG AND BSD-3-Clause AND Zlib',
    inside: '@cornerstonejs/codec-libjpeg-turbo-8bit',
    source: 'https://github.com/libjpeg-turbo/libjpeg-turbo',
    notice: 'This software is based in part on the work of the Independent JPEG Group.',
  },
  {
    name: 'XNNPACK',
    license: 'BSD-3-Clause',
    inside: '@tensorflow/tfjs-backend-wasm',
    source: 'https://github.com/google/XNNPACK',
  },
  {
    name: 'Emscripten runtime',
    license: 'MIT OR NCSA',
    inside: '@tensorflow/tfjs-backend-wasm, @cornerstonejs/codec-*',
    source: 'https://github.com/emscripten-core/emscripten',
  },
];
/** Where the text of a licence is, for packages that come without a copy. */
const TEXTS = {
  MIT: 'LICENSE',
  ISC: 'node_modules/quickselect/LICENSE',
  'Apache-2.0': 'node_modules/long/LICENSE',
};

export class LicenseError extends Error {}

/**
 * The packages that workspaces need to run, with those that these need, as the lock file has them.
 * @returns sorted `{ path, name, version, license, integrity, needs }`; `needs` are paths
 */
export function runtimePackages(workspaces = SHIPPED) {
  const lock = readLock();
  const found = new Map();
  const visit = (path) => {
    if (found.has(path)) return;
    const { version, license, integrity, dependencies, optionalDependencies } = lock[path];
    const names = Object.keys({ ...dependencies, ...optionalDependencies });
    const needs = names.map((name) => resolved(lock, path, name));
    const missing = names.find((_, n) => needs[n] === null);
    if (missing) throw new Error(`package-lock.json has no ${missing}, which ${path} needs.`);
    const name = path.split('node_modules/').at(-1);
    found.set(path, { path, name, version, license, integrity, needs });
    needs.forEach(visit);
  };
  workspaces.forEach(visit);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As Node looks for a package: beside the one that needs it, then in each folder above. */
function resolved(lock, from, name) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const path = join(folder, 'node_modules', name).replaceAll('\\', '/');
    if (lock[path]) return lock[path].link ? lock[path].resolved : path;
    if (!folder.includes('node_modules')) {
      const top = `node_modules/${name}`;
      if (!lock[top]) return null;
      return lock[top].link ? lock[top].resolved : top;
    }
  }
}

/** @throws LicenseError naming the packages whose licence is unknown or asks for more than a notice */
export function requirePermissive(packages) {
  const others = packages.filter(({ license }) => {
    const ids = (license ?? '').split(/[\s()]+|\bAND\b|\bOR\b/).filter(Boolean);
    return ids.length === 0 || !ids.every((id) => PERMISSIVE.has(id));
  });
  if (others.length === 0) return;
  const list = others.map(({ name, version, license }) => `${name} ${version} (${license})`);
  throw new LicenseError(
    `These may not ship before their licence is read and put on the list in scripts/shipped.mjs: ${list.join(', ')}.`
  );
}

/** Names, licences and their texts, of everything in the bundles and WASM files that is not ours. */
export function thirdPartyNotices() {
  const packages = foreign(runtimePackages());
  requirePermissive([...packages, ...COMPILED_IN]);
  const parts = packages.map(
    (entry) => `${entry.name} ${entry.version}\nLicence: ${entry.license}\n\n${licenseText(entry)}`
  );
  const compiled = COMPILED_IN.map(({ name, license, inside, source, notice }) =>
    [
      `${name}, compiled into ${inside}`,
      `Licence: ${license}`,
      `Source and text of the licence: ${source}`,
      notice,
    ]
      .filter(Boolean)
      .join('\n')
  );
  const rule = `\n\n${'='.repeat(80)}\n\n`;
  return `Software of others in Inner Ear Hydrops\n${rule}${[...parts, ...compiled].join(rule)}\n`;
}

function licenseText({ path, license }) {
  const files = readdirSync(at(path)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  if (files.length > 0) {
    return files.map((file) => readFileSync(at(path, file), 'utf8').trim()).join('\n\n');
  }
  const { author } = readJson(join(path, 'package.json'));
  const holder = (typeof author === 'object' ? author.name : author) || 'its authors';
  return license
    .split(/[\s()]+|\bAND\b/)
    .filter(Boolean)
    .map((id) => {
      if (!TEXTS[id]) throw new LicenseError(`${path} has no text of its licence, ${id}.`);
      const text = readFileSync(at(TEXTS[id]), 'utf8').trim();
      const general =
        id === 'Apache-2.0' ? text : text.replace(/^.*copyright \(c\).*$/im, '').trim();
      return `Copyright (c) ${holder}\n(The package has no copy of its licence; this is the text of ${id}.)\n\n${general}`;
    })
    .join('\n\n');
}

/** Software bill of materials, CycloneDX 1.5 in JSON, of the packages, compiled libraries and models that ship. */
export function sbom() {
  const packages = runtimePackages();
  const { version, license, description } = readJson('package.json');
  const refOf = new Map(
    packages.map((entry) => [entry.path, `${entry.name}@${entry.version}|${entry.path}`])
  );
  const own = 'inner-ear-hydrops';
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        ...{ type: 'application', 'bom-ref': own, name: own, version, description },
        licenses: [{ license: { id: license } }],
      },
    },
    components: [
      ...packages.map((entry) => packageComponent(entry, refOf.get(entry.path))),
      ...COMPILED_IN.map(({ name, license, inside, source }) => ({
        ...{ type: 'library', 'bom-ref': name, name, description: `Compiled into ${inside}` },
        licenses: [{ expression: license }],
        externalReferences: [{ type: 'website', url: source }],
      })),
      ...models(),
    ],
    dependencies: [
      { ref: own, dependsOn: SHIPPED.map((path) => refOf.get(path)) },
      ...packages.map(({ path, needs }) => ({
        ref: refOf.get(path),
        dependsOn: [...new Set(needs.map((needed) => refOf.get(needed)))],
      })),
    ],
  };
}

function packageComponent({ name, version, license, integrity }, ref) {
  const component = {
    ...{ type: 'library', 'bom-ref': ref, name, version },
    licenses: [{ expression: license.replace(/^\((.*)\)$/, '$1') }],
  };
  if (!integrity) return component;
  const [algorithm, hash] = integrity.split('-', 2);
  return {
    ...component,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    hashes: [
      {
        alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
        content: Buffer.from(hash, 'base64').toString('hex'),
      },
    ],
  };
}

function models() {
  return readdirSync(at('models'))
    .filter((name) => existsSync(at('models', name, 'manifest.json')))
    .map((folder) => {
      const manifest = readFileSync(at('models', folder, 'manifest.json'));
      const { name, version, license } = JSON.parse(manifest);
      return {
        ...{ type: 'machine-learning-model', 'bom-ref': `models/${folder}`, name, version },
        licenses: [{ expression: license }],
        hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(manifest).digest('hex') }],
      };
    });
}

/** The packages that are not of this repository. */
export function foreign(packages) {
  return packages.filter(({ path }) => path.includes('node_modules/'));
}

function readLock() {
  return readJson('package-lock.json').packages;
}

function readJson(path) {
  return JSON.parse(readFileSync(at(path), 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(at('out'), { recursive: true });
  writeFileSync(at('out/THIRD-PARTY-NOTICES.txt'), thirdPartyNotices());
  writeFileSync(at('out/sbom.cdx.json'), `${JSON.stringify(sbom(), null, 2)}\n`);
  console.log('out/THIRD-PARTY-NOTICES.txt, out/sbom.cdx.json');
}
