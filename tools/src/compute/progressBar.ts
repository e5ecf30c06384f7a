import { SingleBar } from 'cli-progress';
import type { Progress } from '@inner-ear-hydrops/core';

const WORDS: Record<Progress['stage'], string> = {
  read: 'reading images',
  model: 'loading the model',
  align: 'aligning PPI and PEI',
  locate: 'finding the ears',
  segment: 'segmenting',
  measure: 'measuring',
};

/** A progress bar on a terminal's standard error; silent anywhere else. */
export function createProgressBar(quiet: boolean): {
  update(progress: Progress): void;
  stop(): void;
} {
  if (quiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: '{bar} {percentage} % {stage}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(100, 0, { stage: WORDS.read });
  return {
    update: ({ stage, fraction }) =>
      bar.update(Math.round(100 * fraction), { stage: WORDS[stage] }),
    stop: () => bar.stop(),
  };
}
