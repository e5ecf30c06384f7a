import { itemAt } from '@inner-ear-hydrops/core';
import { spawn } from 'node:child_process';
import { availableParallelism, freemem } from 'node:os';
import { createInterface } from 'node:readline';
import { CommandError } from '../errors';

/** What one process of training holds at most, bytes: some 400 cropped studies and the network's tensors. */
const MEMORY_OF_A_FOLD = 2e9;

export interface FoldProcesses {
  folds: number[];
  jobs: number;
  /** Arguments of the `hydrops` program that train one fold of a run whose plan is written. */
  argumentsOf(fold: number): string[];
  signal: AbortSignal;
  say(line: string): void;
}

/** Folds at a time where nothing else was asked for: what processors and free memory allow. */
export function defaultJobs(folds: number): number {
  const byMemory = Math.floor(freemem() / MEMORY_OF_A_FOLD);
  return Math.max(1, Math.min(folds, availableParallelism(), byMemory));
}

/**
 * Trains folds in processes of their own, `jobs` at a time; a fold's weights do not depend on what runs
 * beside it. When the signal is aborted every process saves its checkpoint and ends.
 * @throws CommandError when a fold fails, after the others have ended
 */
export async function trainInProcesses(request: FoldProcesses): Promise<void> {
  const waiting = [...request.folds];
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let fold = waiting.shift(); fold !== undefined; fold = waiting.shift()) {
      if (request.signal.aborted) return;
      const failure = await trainOne(fold, request);
      if (failure) failed.push(`fold ${fold} (${failure})`);
    }
  };
  await Promise.all(Array.from({ length: request.jobs }, work));
  if (failed.length > 0) {
    throw new CommandError(
      `Training failed in ${failed.join(', ')}; the reasons are above. The other folds are kept; --resume trains what is missing.`
    );
  }
}

/** Null when the process ended well, else how it ended. */
function trainOne(
  fold: number,
  { argumentsOf, signal, say }: FoldProcesses
): Promise<string | null> {
  return new Promise((resolve) => {
    const program = [...process.execArgv, itemAt(process.argv, 1), ...argumentsOf(fold)];
    const child = spawn(process.execPath, program, { stdio: ['ignore', 'ignore', 'pipe'] });
    createInterface({ input: child.stderr }).on('line', say);
    const stop = () => child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    const end = (failure: string | null) => {
      signal.removeEventListener('abort', stop);
      resolve(failure);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (status, killed) =>
      end(status === 0 ? null : killed ? `ended by ${killed}` : `exit status ${status}`)
    );
  });
}
