import { spawnSync } from 'node:child_process';

const missing = new Set<string>();

/** Whether every named program runs here; missing programs are counted and named at the end. */
export function hasTools(...names: string[]): boolean {
  const absent = names.filter((name) => !isInstalled(name));
  absent.forEach((name) => missing.add(name));
  return absent.length === 0;
}

/** `run` where the tools are there, else `skip`, with one line that says why. */
export function requireTools(names: string[]): 'run' | 'skip' {
  if (hasTools(...names)) return 'run';
  const absent = names.filter((name) => missing.has(name));
  console.warn(
    `Left out for want of ${absent.join(', ')} (npm run setup installs them on Debian).`
  );
  return 'skip';
}

/**
 * `describe` where the tools are there, else `describe.skip` with the reason in its title, so that
 * Jest counts what was left out.
 */
export function describeWithTools(title: string, names: string[], body: () => void): void {
  if (requireTools(names) === 'run') describe(title, body);
  else
    describe.skip(`${title} [needs ${names.filter((name) => missing.has(name)).join(', ')}]`, body);
}

/** The Python that has pydicom, nibabel and numpy (Debian's, not a virtual environment's). */
export const PYTHON = '/usr/bin/python3';

/** Tools that are modules of Python. */
const MODULES: Readonly<Record<string, string>> = {
  pydicom: 'pydicom, numpy',
  nibabel: 'nibabel, numpy',
};

function isInstalled(name: string): boolean {
  const modules = MODULES[name];
  if (modules) return spawnSync(PYTHON, ['-c', `import ${modules}`]).status === 0;
  // `command -v` is the shell's own, so nothing of the tool is run.
  return spawnSync('/bin/sh', ['-c', 'command -v -- "$0"', name]).status === 0;
}

/** Exit status and everything the program printed. */
export function runTool(
  command: string,
  args: string[],
  input?: string
): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 28,
  });
  return { status, output: `${stdout}${stderr}` };
}
