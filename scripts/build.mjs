// Builds what is shipped. `node scripts/build.mjs [extension] [mode] [tools]`; all without arguments.
import { build, context } from 'esbuild';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packedDictionary } from './packedDictionary.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...path) => join(root, ...path);

/** What every build shares. */
const common = {
  bundle: true,
  logLevel: 'warning',
  sourcemap: 'linked',
  legalComments: 'linked',
  absWorkingDir: root,
  define: {
    // One version and one build id for page, worker and command line (core/src/version.ts).
    __HYDROPS_VERSION__: JSON.stringify(
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version
    ),
    __HYDROPS_BUILD__: JSON.stringify(buildId()),
  },
};
/**
 * Zod shares settings and registry with every other copy of Zod on a page, by two globals; the viewer's page may hold
 * another, and is not ours.
 */
const zodWithoutGlobals = {
  name: 'zod-without-globals',
  setup(plugin) {
    plugin.onLoad({ filter: /zod[\\/]v4[\\/]core[\\/](core|registries)\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('globalThis')) throw new Error(`${path} names its globals otherwise.`);
      return { contents: `const zodScope = {};\n${text.replaceAll('globalThis', 'zodScope')}` };
    });
  },
};

const dictionaryAlone = {
  name: 'dictionary-alone',
  setup(plugin) {
    const filter = /core[\\/]src[\\/]dicom[\\/]read[\\/]dictionary\.ts$/;
    plugin.onLoad({ filter }, () => ({ contents: packedDictionary(root) }));
  },
};

/** The oldest browsers that are promised (docs/install.md); eslint.config.mjs and tsconfig's lib hold back newer calls. */
const OLDEST_BROWSERS = ['chrome103', 'edge103', 'firefox115', 'safari16.4'];

const browser = {
  ...common,
  platform: 'browser',
  plugins: [zodWithoutGlobals, dictionaryAlone],
  target: ['es2022', ...OLDEST_BROWSERS],
  minify: true,
  jsx: 'automatic',
  define: { ...common.define, 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  // Node-only branches of tfjs and of the WASM codecs, never reached in a browser.
  external: [
    'fs',
    'path',
    'crypto',
    'os',
    'util',
    'worker_threads',
    'perf_hooks',
    'node:*',
    'zlib',
    'stream',
    'url',
    'module',
  ],
  loader: { '.css': 'text', '.svg': 'text', '.wasm': 'file' },
};

/** Follows from the sources: the same for all files of a build; it differs as soon as a line differs. */
function buildId() {
  const hash = createHash('sha256');
  for (const folder of ['core', 'extension']) {
    const names = readdirSync(at(folder, 'src'), { recursive: true }).map(String).sort();
    for (const name of names.filter((name) => /\.(tsx?|css)$/.test(name))) {
      hash.update(name).update(readFileSync(at(folder, 'src', name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** The entry, which every mode loads, asks for the session's file by its own address when ours is entered. */
const entryDefine = { ...browser.define, __HYDROPS_SESSION_APART__: 'true' };
/** Minified, esbuild drops the comment, without which a source build of the host would look for the file itself. */
const IMPORT_FILE = 'const __importFile = (url) => import(/* webpackIgnore: true */ url);';

/** With parts that are loaded where they are needed, and a part of what they share; all lie beside each other. */
const inParts = { ...browser, format: 'esm', splitting: true, chunkNames: 'part-[hash]' };
const isPart = (name) => name.startsWith('part-');

/** What a prebuilt viewer loads. */
const modules = {
  entry: {
    ...browser,
    format: 'esm',
    entryPoints: { 'inner-ear-hydrops': 'extension/src/index.tsx' },
    outdir: 'extension/dist',
    define: entryDefine,
    banner: { js: IMPORT_FILE },
  },
  session: {
    ...inParts,
    entryPoints: { session: 'extension/src/sessionFile.ts' },
    outdir: 'extension/dist',
  },
  worker: {
    ...inParts,
    entryPoints: { worker: 'extension/src/worker/worker.ts' },
    outdir: 'extension/dist',
  },
  mode: {
    ...browser,
    format: 'esm',
    entryPoints: { mode: 'mode/src/index.ts' },
    outdir: 'mode/dist',
  },
};

async function buildExtension() {
  const dist = at('extension', 'dist');
  // The parts of earlier builds have other names.
  if (existsSync(dist))
    readdirSync(dist)
      .filter(isPart)
      .forEach((name) => rmSync(join(dist, name)));
  for (const name of ['entry', 'session', 'worker']) await build(modules[name]);
  await buildUmd('extension', 'extension/src/index.tsx');
  copyFilesBeside();
}

/** What lies beside the bundle of the extension. */
function copyFilesBeside() {
  copyWasm(at('extension', 'dist'));
  // Appended to a file that may end in a comment without a line break.
  const install = readFileSync(at('extension', 'public', 'install.js'), 'utf8');
  writeFileSync(at('extension', 'dist', 'install.js'), `\n${install}`);
}

/** tfjs and the codecs of compressed images fetch their WASM binaries from the folder of the plugin. */
function copyWasm(target) {
  const require = createRequire(at('core', 'package.json'));
  const tfjs = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
  const binaries = readdirSync(tfjs)
    .filter((name) => name.endsWith('.wasm'))
    .map((name) => join(tfjs, name));
  for (const codec of ['charls', 'openjpeg', 'libjpeg-turbo-8bit']) {
    binaries.push(require.resolve(`@cornerstonejs/codec-${codec}/decodewasm`));
  }
  mkdirSync(target, { recursive: true });
  for (const file of binaries) copyFileSync(file, join(target, basename(file)));
}

/**
 * The UMD bundle that package.json's `main` names, for source builds of OHIF and for hosts with its
 * runtime plugin contract: `window[package name]` is the plugin itself. Nothing is left outside: the
 * viewer's own libraries are reached through its managers, dcmjs is the version that was tested, and
 * the panel is a custom element with a React root of its own, whatever React the host has.
 */
async function buildUmd(folder, entryPoint) {
  const { name } = JSON.parse(readFileSync(at(folder, 'package.json'), 'utf8'));
  const key = JSON.stringify(name);
  await build({
    ...browser,
    format: 'iife',
    globalName: '__plugin',
    entryPoints: { 'index.umd': entryPoint },
    outdir: `${folder}/dist`,
    define: { ...entryDefine, 'import.meta.url': '__bundleUrl' },
    banner: {
      js: `(function (root, factory) {
if (typeof exports === 'object' && typeof module === 'object') module.exports = factory();
else if (typeof define === 'function' && define.amd) define(${key}, [], factory);
else root[${key}] = factory();
})(globalThis, function () {
var __bundleUrl = typeof document === 'object' && document.currentScript ? document.currentScript.src : '';
${IMPORT_FILE}`,
    },
    footer: { js: 'return __plugin.default;\n});' },
  });
}

async function buildMode() {
  await build(modules.mode);
  await buildUmd('mode', 'mode/src/index.ts');
}

/** Packages stay outside the bundle, except this project's own, whose source is TypeScript. */
const bundleOwnPackages = {
  name: 'bundle-own-packages',
  setup(plugin) {
    plugin.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.kind === 'entry-point' || args.path.startsWith('@inner-ear-hydrops/'))
        return undefined;
      return { path: args.path, external: true };
    });
  },
};

async function buildTools() {
  const commands = ['serve', 'phantom', 'compute', 'convert', 'train', 'evaluate'].filter((name) =>
    existsSync(at('tools', 'src', name, 'command.ts'))
  );
  const loaders = commands.map((name) => `${name}: () => import('./src/${name}/command.ts'),`);
  await build({
    ...common,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    stdin: {
      resolveDir: at('tools'),
      sourcefile: 'hydrops.ts',
      loader: 'ts',
      contents: `import { run } from './src/cli.ts';
export const main = (argv: string[]) => run(argv, { ${loaders.join(' ')} });`,
    },
    outfile: 'tools/dist/hydrops.cjs',
    plugins: [bundleOwnPackages],
  });
}

/** Bundles one file of bench/, and what it runs in a browser; returns the path of the program. */
export async function buildBenchmark(name) {
  const outfile = at('bench', 'dist', `${name}.cjs`);
  const worker = at('bench', name, 'browserWorker.ts');
  if (existsSync(worker)) {
    await build({
      ...browser,
      format: 'esm',
      entryPoints: [worker],
      outfile: at('bench', 'dist', `${name}-worker.js`),
    });
  }
  await build({
    ...common,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    entryPoints: [`bench/${name}.ts`],
    outfile,
    plugins: [bundleOwnPackages],
  });
  return outfile;
}

/** The page of the panel in every state, for those who work on it; not shipped. */
const panelPage = {
  ...browser,
  format: 'esm',
  entryPoints: { panel: 'test/panelPage/page.tsx' },
  outdir: '.cache/dev',
  define: { ...browser.define, 'process.env.NODE_ENV': '"development"' },
};

/**
 * Builds what the named pages need, `viewer` or `panel`, and again after every change of a source.
 *
 * @param onBuilt told the page's name after each build without errors; those with errors are told by esbuild.
 * @returns once each has been built, a function that ends it.
 */
export async function watch(pages, onBuilt) {
  const bundles = {
    viewer: [modules.entry, modules.session, modules.worker, modules.mode],
    panel: [panelPage],
  };
  if (pages.includes('viewer')) copyFilesBeside();
  const contexts = [];
  for (const page of pages) {
    for (const options of bundles[page]) {
      await new Promise((built, fail) => {
        const tell = {
          name: 'tell',
          setup: (plugin) =>
            plugin.onEnd(({ errors }) => {
              if (errors.length === 0) onBuilt(page);
              built();
            }),
        };
        context({ ...options, minify: false, plugins: [...(options.plugins ?? []), tell] })
          .then((made) => {
            contexts.push(made);
            return made.watch();
          })
          .catch(fail);
      });
    }
  }
  return () => Promise.all(contexts.map((made) => made.dispose()));
}

const steps = { extension: buildExtension, mode: buildMode, tools: buildTools };

/** Builds the named parts, or all. */
export async function buildAll(names = Object.keys(steps)) {
  for (const name of names) {
    if (!steps[name])
      throw new Error(
        `There is no part "${name}" to build; there are ${Object.keys(steps).join(', ')}.`
      );
    await steps[name]();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildAll(process.argv.length > 2 ? process.argv.slice(2) : undefined);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
