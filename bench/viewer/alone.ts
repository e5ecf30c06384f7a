import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Measurement } from '@inner-ear-hydrops/core';
import { projectRoot } from '../../tools/src/projectRoot';

/** Milliseconds of the same measurement on the command line, without the process around it; the yardstick of a busy machine. */
export function measureAlone(folder: string): number {
  const command = [join(projectRoot(), 'tools/bin/hydrops.mjs'), 'compute', folder, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`hydrops compute ended with ${status}: ${stderr}`);
  const { timings } = JSON.parse(stdout) as Measurement;
  return timings['total'] ?? 0;
}
