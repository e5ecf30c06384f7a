// `npm run fuzz [SECONDS [SEED]]`: damages files for longer than `npm test` does (test/conformance/fuzz.test.ts).
// Files that broke a rule are kept in .cache/fuzz. The seed is printed: the same seed gives the same damage.
import { spawnSync } from 'node:child_process';

const [seconds = '600', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
if (!(Number(seconds) > 0) || !Number.isInteger(Number(seed))) {
  console.error('Usage: npm run fuzz -- [SECONDS [SEED]]');
  process.exit(2);
}
console.log(`Damaging files for ${seconds} s, seed ${seed}.`);
const { status } = spawnSync(
  'npx',
  ['jest', '--selectProjects', 'conformance', '--testPathPatterns', 'conformance/fuzz'],
  { stdio: 'inherit', env: { ...process.env, FUZZ_SECONDS: seconds, FUZZ_SEED: seed } }
);
process.exitCode = status ?? 1;
