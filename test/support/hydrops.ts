import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');
export const HYDROPS = join(ROOT, 'tools/bin/hydrops.mjs');

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** So that a test never runs a command of yesterday. */
export function buildTools(): void {
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), 'tools']);
  if (built.status !== 0) throw new Error(`The tools cannot be built: ${built.stderr.toString()}`);
}

/** The `hydrops` command as a user starts it. */
export function hydrops(...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [HYDROPS, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}
