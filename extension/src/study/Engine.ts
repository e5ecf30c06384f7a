import type {
  Choices,
  EarSide,
  ImageWish,
  LabelVolume,
  Measurement,
  Method,
  ProgressListener,
  RegionContext,
  Role,
  SliceChoices,
  Vector3,
  Warning,
} from '@inner-ear-hydrops/core';
import { logged, loggedStages } from '@inner-ear-hydrops/core';
import type {
  EncodedPart,
  RestoreOptions,
  SegmentAssignments,
} from '@inner-ear-hydrops/core/dicom';
import { isAbort } from '../state/problems';
import type {
  BackendChoice,
  EncodeRequest,
  RestoredStudy,
  ShownImages,
  WorkerClient,
} from '../worker';
import type { ComputedStudy, SeriesKey, StudyId, StudyRecipe } from '../worker/protocol';
import type { ReadResult } from './readSeries';

export interface EngineParts {
  client: Pick<WorkerClient, 'call' | 'generation'>;
  /** Reads a display set into the worker. */
  read(
    request: SeriesRequest,
    signal: AbortSignal,
    onShare: (share: number) => void
  ): Promise<ReadResult>;
}

/** A display set, what its images are wanted for, and the name of both in the worker. */
export interface SeriesRequest {
  key: SeriesKey;
  displaySet: string;
  wish: ImageWish;
}

export type RolesRead = Partial<Record<Role, ReadResult>>;

export interface ComputeOptions {
  read: RolesRead;
  /** In full. */
  modelUrl: string;
  backend: BackendChoice;
  method: Method;
  /** LPS mm; where the reader has placed the crops. */
  centers?: Partial<Record<EarSide, Vector3>>;
  choices: Choices;
  /** Warnings from choosing and reading the series. */
  warnings: Warning[];
  signal: AbortSignal;
  onProgress: ProgressListener;
}

interface HeldSeries {
  generation: number;
  read: Promise<ReadResult>;
}

const NEVER = new AbortController().signal;

/**
 * The page's side of the worker: which series and studies it holds. A worker that died is replaced, and the series
 * are read and prepared again when they are needed next, so that a result on the screen can still be edited and saved.
 */
export class Engine {
  private readonly series = new Map<SeriesKey, HeldSeries>();
  private readonly requests = new Map<SeriesKey, SeriesRequest>();
  private isEnded = false;

  constructor(private readonly parts: EngineParts) {}

  /** After this nothing is read or started again. */
  end(): void {
    this.isEnded = true;
    this.series.clear();
  }

  /** A series in the worker, read once for each worker and for each thing that it is wanted for. */
  readSeries(
    displaySet: string,
    wish: ImageWish,
    signal: AbortSignal = NEVER,
    onShare: (share: number) => void = () => undefined
  ): Promise<ReadResult> {
    const time = wish.inversionTime === undefined ? '' : ` ${wish.inversionTime} ms`;
    const key = `${displaySet} ${wish.role} ${wish.signed ? 'signed' : 'magnitude'}${time}`;
    return this.read({ key, displaySet, wish }, signal, onShare);
  }

  private async read(
    request: SeriesRequest,
    signal: AbortSignal,
    onShare: (share: number) => void
  ): Promise<ReadResult> {
    const { key } = request;
    this.requests.set(key, request);
    const generation = this.parts.client.generation();
    const known = this.series.get(key);
    if (known?.generation === generation) return known.read;
    const read = logged('read series', () => this.parts.read(request, signal, onShare));
    const entry = { generation, read };
    this.series.set(key, entry);
    read.catch(() => {
      if (this.series.get(key) === entry) this.series.delete(key);
    });
    return read;
  }

  /** @throws RefusedInputError as `WorkerClient.call` and of core's `analyzeStudy` */
  async compute(options: ComputeOptions): Promise<ComputedStudy & { held: HeldStudy }> {
    const { read, modelUrl, method, backend, centers, choices, warnings } = options;
    const { signal, onProgress } = options;
    const series = await this.ensure(keysOf(read), signal);
    const outcome = await this.parts.client.call(
      'compute',
      { series, modelUrl, backend, method, centers, choices, warnings },
      { signal, onProgress: loggedStages(onProgress) }
    );
    const { context, labels } = outcome;
    const recipe = recipeOf(series, method, { ...context, automatic: labels });
    return { ...outcome, held: this.hold(outcome.study, recipe) };
  }

  /** The method of a stored segmentation; null for another software's. */
  async storedMethod(
    mrc: ReadResult,
    file: ArrayBuffer,
    assigned?: SegmentAssignments
  ): Promise<Method | null> {
    await this.ensure({ mrc: mrc.key }, NEVER);
    return this.parts.client.call('storedMethod', { mrc: mrc.key, file, assigned });
  }

  /** @throws RefusedInputError of core's `restoreResult` */
  async restore(
    read: RolesRead,
    method: Method,
    request: RestoreOptions & { file: ArrayBuffer },
    signal: AbortSignal
  ): Promise<RestoredStudy & { held: HeldStudy }> {
    const series = await this.ensure(keysOf(read), signal);
    const outcome = await this.parts.client.call(
      'restore',
      { ...request, series, method },
      { signal }
    );
    const { context, labels } = outcome;
    // Labels of other software are no network's.
    const automatic = outcome.context.origins ? labels : undefined;
    const recipe = recipeOf(series, method, { ...context, automatic });
    return { ...outcome, held: this.hold(outcome.study, recipe) };
  }

  /** HYDROPS and HYDROPS-Mi2 without a segmentation; the worker keeps nothing of them. */
  async derive(read: RolesRead, method: Method, signal: AbortSignal): Promise<ShownImages> {
    const series = await this.ensure(keysOf(read), signal);
    const recipe = recipeOf(series, method, { model: null });
    const { study, images } = await this.parts.client.call(
      'prepare',
      { recipe, withImages: true },
      { signal }
    );
    void this.parts.client.call('dropStudy', { study }).catch(() => undefined);
    if (!images) throw new Error('The worker prepared a study without its images.');
    return images;
  }

  private hold(study: StudyId, recipe: StudyRecipe): HeldStudy {
    const generation = this.parts.client.generation();
    return new HeldStudy(
      this.parts.client,
      () => this.isEnded,
      recipe,
      { generation, study },
      () => this.ensure(recipe.series, NEVER)
    );
  }

  private async ensure(
    series: StudyRecipe['series'],
    signal: AbortSignal
  ): Promise<StudyRecipe['series']> {
    for (const key of Object.values(series)) {
      const request = this.requests.get(key);
      if (!request) throw new Error(`Series ${key} was never read.`);
      await this.read(request, signal, () => undefined);
    }
    return series;
  }
}

/** A prepared study in the worker, to be measured and encoded. */
export class HeldStudy {
  private remaking: Promise<void> | null = null;

  constructor(
    private readonly client: Pick<WorkerClient, 'call' | 'generation'>,
    private readonly isEnded: () => boolean,
    private readonly recipe: StudyRecipe,
    private at: { generation: number; study: StudyId },
    private readonly readAgain: () => Promise<unknown>
  ) {}

  measure(
    labels: LabelVolume,
    representativeSlices: SliceChoices,
    timings: Record<string, number>
  ): Promise<Measurement> {
    return this.using((study) =>
      this.client.call('measure', { study, labels, representativeSlices, timings })
    );
  }

  encode(request: Omit<EncodeRequest, 'study'>, signal?: AbortSignal): Promise<EncodedPart[]> {
    return this.using(
      (study) => this.client.call('encode', { ...request, study }, { signal }),
      signal
    );
  }

  /** Frees its images in the worker. */
  dispose(): void {
    if (this.isEnded() || this.client.generation() !== this.at.generation) return;
    void this.client.call('dropStudy', { study: this.at.study }).catch(() => undefined);
  }

  /** Once more with a new worker where the first died, or was ended with a computation that the reader cancelled. */
  private async using<T>(work: (study: StudyId) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work(await this.study());
    } catch (error) {
      const isGone =
        isAbort(error) || (error as { code?: unknown } | null)?.code === 'worker-unavailable';
      if (!isGone || signal?.aborted || this.isEnded()) throw error;
      return work(await this.study());
    }
  }

  private async study(): Promise<StudyId> {
    if (this.client.generation() !== this.at.generation) {
      this.remaking ??= this.remake().finally(() => (this.remaking = null));
      await this.remaking;
    }
    return this.at.study;
  }

  private async remake(): Promise<void> {
    await this.readAgain();
    const generation = this.client.generation();
    const { study } = await this.client.call('prepare', {
      recipe: this.recipe,
      withImages: false,
    });
    this.at = { generation, study };
  }
}

export function keysOf(read: RolesRead): StudyRecipe['series'] {
  const entries = Object.entries(read) as [Role, ReadResult][];
  return Object.fromEntries(entries.map(([role, { key }]) => [role, key]));
}

function recipeOf(
  series: StudyRecipe['series'],
  method: Method,
  context: RegionContext
): StudyRecipe {
  const centers = context.centers ?? (context.ears ?? []).map(({ center }) => center);
  return { series, method, centers, context };
}
