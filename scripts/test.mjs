// `npm test`: set-up, build, then types, lint, API docstrings, unit, conformance and browser tests. Every stage
// runs, so that one report tells all; `npm test -- lint unit` runs only those named. The last line is "N passed, N failed, N skipped".
import { spawnSync } from 'node:child_process';
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
const asked = process.argv.slice(2);

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
stage('types', () => bin('tsc', '--noEmit'));
// All of them, so that one run shows everything that needs fixing.
stage('lint', () =>
  [
    bin('eslint', '.'),
    bin('depcruise', '.', '--output-type', 'err-long'),
    bin('prettier', '--check', '--log-level', 'warn', '.'),
  ].every(Boolean)
);
// Docstrings of core: links that lead nowhere. The pages themselves are written by `npm run api`.
stage('api', () => bin('typedoc', '--emit', 'none'));
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
  console.log(
    `== ${name}: ${passed ? 'passed' : 'FAILED'} in ${((Date.now() - start) / 1000).toFixed(0)} s`
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
  return node(join('node_modules', '.bin', name), ...args);
}
