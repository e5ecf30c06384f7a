// `npm run bench -- [name …]`: measures, prints a table, and writes out/bench-NAME.json. Each file in
// bench/ is one benchmark. Figures of different runs or machines are not to be compared.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll, buildBenchmark } from './build.mjs';
import { ohifVersions, root, setup, SetupError } from './setup.mjs';

const known = readdirSync(join(root, 'bench'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .filter((name) => /^\/\*\* Benchmark: /m.test(read(name)))
  .map((name) => name.replace(/\.ts$/, ''));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(
    'npm run bench -- [name …] [--quick] [--gpu]\n\n--quick: inference with one run each, to check that all outputs are equal\n--gpu: inference and viewer with WebGL by the graphics card of this machine\n\nBenchmarks (all, if none is named):'
  );
  for (const name of known) console.log(`  ${name.padEnd(12)} ${about(name)}`);
} else {
  try {
    for (const name of asked) {
      if (!known.includes(name))
        throw new SetupError(`There is no benchmark "${name}"; there are ${known.join(', ')}.`);
    }
    await setup({ versions: [ohifVersions.default] });
    await buildAll();
    mkdirSync(join(root, 'out'), { recursive: true });
    for (const name of asked.length > 0 ? asked : known) {
      console.log(`\n== ${name}: ${about(name)}`);
      const file = await buildBenchmark(name);
      const { status } = spawnSync(process.execPath, ['--expose-gc', file, ...flags], {
        cwd: root,
        stdio: 'inherit',
      });
      if (status !== 0) process.exitCode = 1;
    }
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}

/** The words after "Benchmark:" in the file's first comment. */
function about(name) {
  return /^\/\*\* Benchmark: (.*?)(?: \*\/)?$/m.exec(read(`${name}.ts`))?.[1] ?? '';
}

function read(name) {
  return readFileSync(join(root, 'bench', name), 'utf8');
}
