// Everything that the commands need and git does not hold. Uses Node's own modules only until
// `npm ci` has run. `npm run setup` does all of it; `npm start` leaves out what only tests need.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const ohifVersions = JSON.parse(
  readFileSync(join(root, 'scripts/ohif-versions.json'), 'utf8')
);

/** Programs that only tests use: how each is recognised, and what its absence leaves out. */
const TEST_PROGRAMS = [
  {
    package: 'chromium',
    file: process.env.CHROMIUM ?? '/usr/bin/chromium',
    leavesOut: 'browser tests',
  },
  { package: 'orthanc', file: '/usr/sbin/Orthanc', leavesOut: 'tests against Orthanc' },
  {
    package: 'orthanc-dicomweb',
    file: '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
    leavesOut: 'tests against Orthanc',
  },
  { package: 'dcmtk', file: '/usr/bin/dcmdump', leavesOut: 'conformance tests with dcmtk' },
  {
    package: 'dicom3tools',
    file: '/usr/bin/dciodvfy',
    leavesOut: 'conformance tests with dciodvfy',
  },
  { package: 'python3-pydicom', python: 'pydicom', leavesOut: 'conformance tests with pydicom' },
  {
    package: 'python3-nibabel',
    python: 'nibabel',
    leavesOut: 'conformance tests of NIfTI with nibabel',
  },
  {
    package: 'teem-apps',
    file: '/usr/bin/teem-unu',
    leavesOut: 'conformance tests of NRRD with unu',
  },
  { package: 'python3-numpy', python: 'numpy', leavesOut: 'conformance tests with pydicom' },
];

/** Stops with a message for the user, without a stack. */
export class SetupError extends Error {}

/** @param options `tests: true` adds what only `npm test` needs. Returns what is missing. */
export async function setup({ versions = [ohifVersions.default], tests = false } = {}) {
  checkNode();
  installModules();
  for (const version of versions) await fetchViewer(version);
  return tests ? installTestPrograms() : [];
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    throw new SetupError(`Node 20 or newer is needed; this is ${process.versions.node}.`);
}

function installModules() {
  if (modulesAreCurrent()) return;
  console.error('Installing packages (npm ci) …');
  run(
    npm(),
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'npm ci did not finish; see its message above.'
  );
}

/** npm notes what it installed in node_modules/.package-lock.json; every package of ours must be in it. */
function modulesAreCurrent() {
  const noted = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(noted)) return false;
  const installed = JSON.parse(readFileSync(noted, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      !path.startsWith('node_modules/') ||
      entry.optional ||
      entry.devOptional ||
      entry.peer ||
      entry.link ||
      installed[path]?.version === entry.version
  );
}

/**
 * The prebuilt viewer: the `dist` folder of @ohif/app's tarball, without its dependency tree. It
 * counts as there only when complete, since the folder gets its name at the end.
 */
async function fetchViewer(version) {
  const integrity = ohifVersions.integrity[version];
  if (!integrity) {
    const known = Object.keys(ohifVersions.integrity).join(', ');
    throw new SetupError(
      `The viewer ${version} has no integrity hash in scripts/ohif-versions.json; known versions: ${known}.`
    );
  }
  const cache = join(root, '.cache/ohif');
  const target = join(cache, version);
  if (existsSync(join(target, 'index.html'))) return;
  mkdirSync(cache, { recursive: true });
  const tarball = join(cache, `ohif-app-${version}.tgz`);
  if (!existsSync(tarball)) {
    console.error(`Fetching the viewer @ohif/app ${version} (about 48 MB) …`);
    const failure = `The viewer @ohif/app ${version} could not be fetched. Is the npm registry reachable?`;
    run(npm(), ['pack', `@ohif/app@${version}`, '--pack-destination', cache, '--silent'], failure);
  }
  const actual = `sha512-${await sha512(tarball)}`;
  if (actual !== integrity) {
    rmSync(tarball);
    throw new SetupError(
      `The fetched viewer ${version} is not the expected file: its hash is ${actual}, not ${integrity}.`
    );
  }
  const { extract } = await import('tar');
  const temporary = `${target}.incomplete`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  await extract({
    file: tarball,
    cwd: temporary,
    strip: 2,
    filter: (path) => path.startsWith('package/dist/'),
  });
  rmSync(target, { recursive: true, force: true });
  renameSync(temporary, target);
  rmSync(tarball);
}

async function sha512(path) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('base64');
}

/** Installs missing test programs where that is possible; returns those still missing. */
function installTestPrograms() {
  const missing = missingPrograms();
  if (missing.length === 0) return [];
  const names = missing.map((program) => program.package);
  const debian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
  if (debian && process.getuid?.() === 0) {
    console.error(`Installing ${names.join(', ')} …`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { stdio: ['ignore', 2, 2], env: environment };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    const install = ['install', '-y', '-qq', '--no-install-recommends'];
    // One by one where all together fail: a package that a release lacks must not cost the others.
    if (spawnSync('apt-get', [...install, ...names], quiet).status !== 0) {
      for (const name of names) spawnSync('apt-get', [...install, name], quiet);
    }
  }
  const still = missingPrograms();
  for (const program of still) {
    console.error(`Missing: ${program.package}. Left out without it: ${program.leavesOut}.`);
  }
  if (still.length > 0 && !(debian && process.getuid?.() === 0)) {
    const list = still.map((program) => program.package).join(' ');
    console.error(
      `They are installed automatically only as root on a Debian-like system (apt-get install ${list}).`
    );
  }
  return still;
}

function missingPrograms() {
  return TEST_PROGRAMS.filter((program) =>
    program.file
      ? !existsSync(program.file)
      : spawnSync('/usr/bin/python3', ['-c', `import ${program.python}`]).status !== 0
  );
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

function run(command, args, failure) {
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };
  if (spawnSync(command, args, options).status !== 0) throw new SetupError(failure);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setup({ versions: ohifVersions.tested, tests: true });
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}
