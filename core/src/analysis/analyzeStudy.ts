import { AUTOMATIC_CHOICES, measure } from '../measurement';
import { DEFAULT_METHOD, perEar } from '../registry';
import {
  RefusedInputError,
  type Choices,
  type ChosenBy,
  type EarSide,
  type Method,
  type Progress,
  type ProgressListener,
  type Vector3,
  type Warning,
} from '../types';
import { checkStudy } from '../volume';
import type { Segmenter, StudyResult, StudySeries } from '../study';
import { prepareStudy } from './prepareStudy';

export interface RunOptions {
  /** Default 'hydrops-mi2'. */
  method?: Method;
  signal?: AbortSignal;
  onProgress?: ProgressListener;
  /** LPS mm: crop centres that the reader set; the ears are located when absent. */
  centers?: Partial<Record<EarSide, Vector3>>;
  /**
   * Who chose method and roles, and what the software had instead; automatic where absent. Who chose the ears is known
   * from `centers`.
   */
  choices?: Partial<Pick<Choices, 'method' | 'roles' | 'automatic'>>;
  /** Warnings from reading the series; they come first in the result. */
  warnings?: Warning[];
}

/** Share of the whole computation that each stage ends at; from measured times. */
const ENDS: Record<'read' | 'segment' | 'align' | 'measure', number> = {
  read: 0.02,
  segment: 0.8,
  align: 0.95,
  measure: 1,
};

/**
 * The whole computation: check, segment MRC, align PPI and PEI around the ears that were found, make
 * HYDROPS-Mi2, measure. Each stage's milliseconds stand in `measurement.timings`.
 *
 * @throws RefusedInputError for input that cannot be measured; an `AbortError` when aborted.
 */
export async function analyzeStudy(
  series: StudySeries,
  segmenter: Segmenter,
  options: RunOptions = {}
): Promise<StudyResult> {
  const { signal } = options;
  const method = options.method ?? DEFAULT_METHOD;
  const started = now();
  const timings: Record<string, number> = {};
  const report = (stage: Progress['stage'], fraction: number): void =>
    options.onProgress?.({ stage, fraction });
  /** Lets the caller's events (an abort, a repaint) run between two long stages. */
  const turn = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfAborted(signal);
  };

  throwIfAborted(signal);
  report('read', 0);
  let since = now();
  const lap = (stage: string): void => {
    timings[stage] = now() - since;
    since = now();
  };
  // Input that will be refused is refused before the long part.
  checkStudy(series, method);
  const mrc = series.mrc;
  if (!mrc) {
    throw new RefusedInputError(
      'series-missing',
      'The study has no series with the role MRC.',
      'Assign the MR cisternography to the role MRC.'
    );
  }
  lap('check');

  report('locate', ENDS.read);
  await turn();
  const segmentation = await segmenter.segment(mrc.volume, {
    signal,
    centers: options.centers,
    onProgress: (fraction) =>
      report('segment', ENDS.read + (ENDS.segment - ENDS.read) * clampShare(fraction)),
  });
  lap('segment');

  report('align', ENDS.segment);
  await turn();
  const prepared = prepareStudy(series, {
    method,
    centers: segmentation.ears.map((ear) => ear.center),
    warnings: options.warnings,
  });
  lap('align');

  report('measure', ENDS.align);
  await turn();
  const measurement = measure({
    prepared,
    labels: segmentation.labels,
    anatomy: segmentation.anatomy,
    ears: segmentation.ears,
    absent: segmentation.absent,
    automatic: segmentation.labels,
    choices: choicesOf(options),
    model: segmenter.identity,
  });
  lap('measure');
  measurement.timings = { ...timings, total: now() - started };
  report('measure', ENDS.measure);
  return { prepared, segmentation, measurement, backend: segmenter.backend };
}

function choicesOf({ centers, choices }: RunOptions): Choices {
  const ear = (side: EarSide): ChosenBy => (centers?.[side] ? 'reader' : 'automatic');
  return { ...AUTOMATIC_CHOICES, ...choices, ears: perEar(ear) };
}

function now(): number {
  return performance.now();
}

function clampShare(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}

/** The name is what callers test; DOMException is missing in some workers' test environments. */
function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  const error = new Error('The computation was cancelled.');
  error.name = 'AbortError';
  throw error;
}
