// `npm test`: set-up, build, then types, lint, API docstrings, unit, conformance and browser tests. Every stage
// runs, so that one report tells all; `npm test -- lint unit` runs only those named, and `--every-viewer` tries every
// feature on each supported viewer, not only on the newest. The last line is "N passed, N failed, N skipped".
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { ohifVersions, root, setup, SetupError } from './setup.mjs';

/** Browser tests that run at a time. */
const BROWSERS = 2;
const REPORTS = join(root, '.cache/test');
const total = { passed: 0, failed: 0, skipped: 0 };
/** What did not run, and why. */
const leftOut = [];
const failedStages = [];
const STAGES = ['build', 'types', 'lint', 'api', 'unit', 'conformance', 'browser'];
const asked = process.argv.slice(2).filter((word) => word !== '--every-viewer');
// Jest's workers inherit it (test/support/viewer.ts).
if (process.argv.includes('--every-viewer')) process.env.HYDROPS_EVERY_VIEWER = '1';
const unknown = asked.filter((name) => !STAGES.includes(name));
if (unknown.length > 0) {
  console.error(
    `npm test knows no "${unknown.join('", "')}": name stages (${STAGES.join(', ')}) or --every-viewer.`
  );
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}

try {
  for (const program of await setup({ versions: ohifVersions.tested, tests: true })) {
    leftOut.push(`${program.leavesOut}: ${program.package} is not installed`);
  }
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
mkdirSync(REPORTS, { recursive: true });
stage('build', () => node('scripts/build.mjs'));
await stages({
  types: [['tsc', '--noEmit']],
  // All of them, so that one run shows everything that needs fixing.
  lint: [
    ['prettier', '--check', '--log-level', 'warn', '.'],
    ['eslint', '.'],
    ['depcruise', '.', '--output-type', 'err-long'],
  ],
  // Docstrings of core: links that lead nowhere. The pages themselves are written by `npm run api`.
  api: [['typedoc', '--emit', 'none']],
});
for (const project of ['unit', 'conformance', 'browser']) jestStage(project);

if (leftOut.length > 0)
  console.log(`\nLeft out:\n${leftOut.map((line) => `  ${line}`).join('\n')}`);
if (failedStages.length > 0) console.log(`\nFailed: ${failedStages.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

function stage(name, action) {
  if (asked.length > 0 && !asked.includes(name)) return;
  console.log(`\n== ${name}`);
  const start = Date.now();
  const passed = action();
  ended(name, passed, Date.now() - start);
}

/** Stages of commands that need nothing of each other: each command keeps one core busy, so as many run as there are. */
async function stages(commandsOf) {
  const wanted = Object.entries(commandsOf).filter(
    ([name]) => asked.length === 0 || asked.includes(name)
  );
  const waiting = wanted.flatMap(([name, commands]) => commands.map((one) => ({ name, one })));
  const done = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const start = Date.now();
      const { passed, printed } = await outcome(...next.one);
      done.push({ name: next.name, passed, printed, took: Date.now() - start });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  for (const [name] of wanted) {
    console.log(`\n== ${name}`);
    const own = done.filter((one) => one.name === name);
    process.stdout.write(own.map(({ printed }) => printed).join(''));
    ended(
      name,
      own.every(({ passed }) => passed),
      own.reduce((sum, { took }) => sum + took, 0)
    );
  }
}

function ended(name, passed, milliseconds) {
  console.log(
    `== ${name}: ${passed ? 'passed' : 'FAILED'} in ${(milliseconds / 1000).toFixed(0)} s`
  );
  if (passed) return;
  failedStages.push(name);
  total.failed++;
}

function jestStage(project) {
  if (asked.length > 0 && !asked.includes(project)) return;
  console.log(`\n== ${project}`);
  const report = join(REPORTS, `${project}.json`);
  rmSync(report, { force: true });
  const start = Date.now();
  // Jest alone would leave a core free, which on two cores is half the machine. A browser test keeps more than one busy.
  const cores = availableParallelism();
  const workers = project === 'browser' ? Math.min(cores, BROWSERS) : cores;
  const args = [
    '--selectProjects',
    project,
    '--passWithNoTests',
    '--json',
    `--outputFile=${report}`,
    `--maxWorkers=${workers}`,
  ];
  const passed = bin('jest', ...args);
  const counts = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : null;
  // Jest that ended without a report, or with an error outside every test, has failed too.
  if (!counts || (!passed && counts.failed === 0)) total.failed++;
  if (!passed) failedStages.push(project);
  const shown = counts ?? { passed: 0, failed: 1, skipped: 0 };
  for (const key of Object.keys(total)) total[key] += counts?.[key] ?? 0;
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(
    `== ${project}: ${shown.passed} passed, ${shown.failed} failed, ${shown.skipped} skipped in ${seconds} s`
  );
}

function count(report) {
  for (const suite of report.testResults) {
    const skipped = suite.assertionResults.filter((test) =>
      ['pending', 'todo', 'skipped'].includes(test.status)
    );
    const groups = new Map();
    for (const test of skipped) {
      const title = test.ancestorTitles[0] ?? test.title;
      groups.set(title, (groups.get(title) ?? 0) + 1);
    }
    for (const [title, number] of groups) {
      leftOut.push(`${relative(root, suite.name)}: ${title} (${number})`);
    }
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function node(...args) {
  // Jest's JSON goes to its file; what people read goes to standard output as it comes.
  return spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 1, 1] }).status === 0;
}

function bin(name, ...args) {
  return node(inBin(name), ...args);
}

/** Whether a program passed, and all that it printed. */
function outcome(name, ...args) {
  const child = spawn(process.execPath, [inBin(name), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (printed += text));
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ passed: false, printed: `${error}\n` }));
    child.once('close', (status) => resolve({ passed: status === 0, printed }));
  });
}

function inBin(name) {
  return join('node_modules', '.bin', name);
}
