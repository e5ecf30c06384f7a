import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import * as z from 'zod';

// What ships of other people's software: scripts/shipped.mjs against the bundles that are built.

const ROOT = resolve(__dirname, '../..');
const SCRIPT = pathToFileURL(join(ROOT, 'scripts/shipped.mjs')).href;
const BUNDLES = ['extension/dist', 'mode/dist'];

/** The value of an expression in which the functions of the script are known. */
function evaluated<T>(expression: string): T {
  const code = `import * as shipped from ${JSON.stringify(SCRIPT)}; console.log(JSON.stringify(${expression}));`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as T;
}

interface Package {
  path: string;
  name: string;
  version: string;
  license: string;
}

const license = z.union([
  z.strictObject({ license: z.strictObject({ id: z.string().min(1) }) }),
  z.strictObject({ expression: z.string().min(1) }),
]);
const component = z.strictObject({
  type: z.enum(['application', 'library', 'machine-learning-model']),
  'bom-ref': z.string().min(1),
  name: z.string().min(1),
  version: z.string().optional(),
  description: z.string().optional(),
  licenses: z.array(license).length(1),
  purl: z
    .string()
    .regex(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d[\w.-]*$/)
    .optional(),
  hashes: z
    .array(
      z.union([
        z.strictObject({ alg: z.literal('SHA-512'), content: z.string().regex(/^[0-9a-f]{128}$/) }),
        z.strictObject({ alg: z.literal('SHA-256'), content: z.string().regex(/^[0-9a-f]{64}$/) }),
      ])
    )
    .optional(),
  externalReferences: z
    .array(z.strictObject({ type: z.literal('website'), url: z.url() }))
    .optional(),
});
/** As much of the schema of CycloneDX 1.5 as is used, and nothing beside it. */
const bomSchema = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.5.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.5'),
  version: z.literal(1),
  metadata: z.strictObject({ component }),
  components: z.array(component),
  dependencies: z.array(z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

const shipped = evaluated<{
  packages: Package[];
  tools: Package[];
  notices: string;
  bom: unknown;
}>(
  '{ packages: shipped.foreign(shipped.runtimePackages()), tools: shipped.foreign(shipped.runtimePackages(["tools"])), notices: shipped.thirdPartyNotices(), bom: shipped.sbom() }'
);
const bom = bomSchema.parse(shipped.bom);

beforeAll(() => {
  if (BUNDLES.every((folder) => existsSync(join(ROOT, folder)))) return;
  const build = [join(ROOT, 'scripts/build.mjs'), 'extension', 'mode'];
  expect(spawnSync(process.execPath, build).status).toBe(0);
});

/** `name version` of every package that a bundle has something of, by its source map. */
function bundled(): string[] {
  const found = new Set<string>();
  for (const folder of BUNDLES) {
    for (const file of readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.js.map'))) {
      const { sources } = JSON.parse(readFileSync(join(ROOT, folder, file), 'utf8')) as {
        sources: string[];
      };
      for (const source of sources) {
        const inside = /^(.*node_modules\/)((?:@[^/]+\/)?[^/]+)\//.exec(source);
        const tfjs = /\/(tfjs-[a-z-]+)\/src\//.exec(source)?.[1];
        const name = inside?.[2] ?? (tfjs ? `@tensorflow/${tfjs}` : undefined);
        if (name === undefined) continue;
        // Put into another package by its makers, whose folder names the version.
        const vendored = /\.pnpm\/.*@([\d.]+)\/node_modules\/$/.exec(inside?.[1] ?? '')?.[1];
        const own = join(ROOT, 'node_modules', name, 'package.json');
        const version =
          vendored ?? (JSON.parse(readFileSync(own, 'utf8')) as { version: string }).version;
        found.add(`${name} ${version}`);
      }
    }
  }
  return [...found].sort();
}

test('every package of the bundles is in the notices, with its licence, and in the bill of materials', () => {
  const names = bundled();
  expect(names.length).toBeGreaterThan(20);
  const sections = shipped.notices.split(/\n={80}\n\n/);
  const without = names.filter((name) => {
    const section = sections.find((text) => text.trimStart().startsWith(`${name}\n`));
    return !section || !/^Licence: /m.test(section) || section.length < 600;
  });
  expect(without).toEqual([]);
  const listed = new Set(bom.components.map(({ name, version }) => `${name} ${version}`));
  expect(names.filter((name) => !listed.has(name))).toEqual([]);
});

test('every WASM file comes from a package whose compiled libraries are named', () => {
  const files = readdirSync(join(ROOT, 'extension/dist')).filter((name) => name.endsWith('.wasm'));
  const libraries: Record<string, string> = {
    charls: 'CharLS',
    openjpeg: 'OpenJPEG',
    libjpegturbo: 'libjpeg-turbo',
    tfjs: 'XNNPACK',
  };
  for (const file of files) {
    const library = Object.entries(libraries).find(([start]) => file.startsWith(start))?.[1];
    expect([file, shipped.notices.includes(`\n${library}, compiled into`)]).toEqual([file, true]);
    expect(bom.components.map(({ name }) => name)).toContain(library);
  }
  expect(shipped.notices).toContain('in part on the work of the Independent JPEG Group');
});

test('nothing that ships, or that the command line installs, asks for more than its notice', () => {
  const all = [...shipped.packages, ...shipped.tools];
  expect(all.length).toBeGreaterThan(100);
  const copyleft = all.filter(({ license: words }) =>
    /GPL|MPL|EPL|CDDL|SSPL|CC-BY-(SA|NC)/.test(words)
  );
  expect(copyleft).toEqual([]);
  evaluated(`(shipped.requirePermissive(${JSON.stringify(all)}), true)`);
});

test.each([
  'GPL-3.0-or-later',
  'MIT AND LGPL-2.1-only',
  '(MIT OR GPL-2.0)',
  'SEE LICENSE IN x',
  '',
])('a package under "%s" stops the release by its name', (words) => {
  const entry = JSON.stringify([{ name: 'other', version: '1.0.0', license: words }]);
  expect(() => evaluated(`shipped.requirePermissive(${entry})`)).toThrow('other 1.0.0');
});

test('the bill of materials names each thing once, and all that it depends on', () => {
  const refs = bom.components.map((one) => one['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  const known = new Set([...refs, bom.metadata.component['bom-ref']]);
  const unknown = bom.dependencies.flatMap(({ ref, dependsOn }) =>
    [ref, ...dependsOn].filter((name) => !known.has(name))
  );
  expect(unknown).toEqual([]);
  const packages = bom.components.filter(({ purl }) => purl !== undefined);
  expect(packages.length).toBe(shipped.packages.length);
  expect(packages.filter(({ hashes }) => hashes?.length !== 1)).toEqual([]);
  const models = bom.components.filter(({ type }) => type === 'machine-learning-model');
  expect(models.map(({ name }) => name).sort()).toEqual(['inner-ear-3into3vgg', 'inner-ear-unet']);
});

test('CITATION.cff is a citation of format 1.2.0, of the software and of the paper', () => {
  const author = z.union([
    z.strictObject({ name: z.string().min(1) }),
    z.strictObject({ 'family-names': z.string().min(1) }),
  ]);
  const citation = z
    .strictObject({
      'cff-version': z.literal('1.2.0'),
      message: z.string().min(1),
      type: z.literal('software'),
      title: z.string().min(1),
      abstract: z.string().min(1),
      authors: z.array(author).min(1),
      license: z.literal('MIT'),
      keywords: z.array(z.string()).min(1),
      references: z.tuple([
        z.strictObject({
          type: z.literal('article'),
          title: z.string().min(1),
          authors: z.array(author).min(1),
          journal: z.string(),
          year: z.int(),
          volume: z.int(),
          start: z.string(),
          doi: z.string().regex(/^10\.\d{4,9}\/\S+$/),
          scope: z.string(),
        }),
      ]),
    })
    .parse(parse(readFileSync(join(ROOT, 'CITATION.cff'), 'utf8')));
  expect(citation.references[0].doi).toBe('10.1038/s41598-020-63887-8');
});
