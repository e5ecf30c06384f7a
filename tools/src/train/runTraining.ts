import { itemAt } from '@inner-ear-hydrops/core';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { loadNetwork } from '@inner-ear-hydrops/core/segmentation';
import { openModelAt } from '../model/modelFiles';
import { CommandError } from '../errors';
import { earInSet } from './annotationSets';
import type { AskedKind } from '../dataset/coverage';
import type { PairingOptions } from '../dataset/labelledStudies';
import { checkTaught } from './checkTaught';
import { exportRun } from './exportRun';
import { defaultJobs, trainInProcesses, type FoldProcesses } from './foldProcesses';
import { dealFolds } from './folds';
import type { SampledImage } from './patchSampler';
import { totalSteps, type AnnotationSet, type TrainingPlan } from './plans';
import { provenanceOf } from './provenance';
import { writeSummaries, type FoldSummary } from './summary';
import { keepPlan } from './storedPlan';
import { setUpTrainingBackend } from './trainingBackend';
import { loadTrainingData, type TrainingData } from './trainingData';
import { trainingRun } from './trainingRun';
import { getWeights } from './trainNetwork';

export interface TrainingRequest {
  data: string[];
  out: string;
  plan: TrainingPlan;
  folds: number;
  /** 1-based; null: all. */
  fold: number | null;
  /** How folds are trained side by side; null: one after another, in this process. */
  processes: (Pick<FoldProcesses, 'argumentsOf'> & { jobs: number | null }) | null;
  annotations: AskedKind;
  /** Which annotations are used and whose studies they are; by default what the files say. */
  pairing?: PairingOptions;
  /** Model whose network gives the first weights. */
  from: string | null;
  /** Model that supplies the network which is not trained. */
  other: string;
  name: string | null;
  version: string;
  /** For the manifest; null where they are not given. */
  authors: string | null;
  license: string | null;
  dataStatement: string | null;
  resume: boolean;
  leaveOutBad: boolean;
  checkOnly: boolean;
  backend: 'auto' | 'wasm';
  /** One of several processes: the one that started it has described the data. */
  partOfRun?: boolean;
  signal: AbortSignal;
  say(line: string): void;
}

/**
 * The whole of `hydrops train`: read and check the data, write the plan, train each fold, export.
 * @throws CommandError status 2 for data or folders that cannot be used
 */
export async function runTraining(request: TrainingRequest): Promise<void> {
  const { plan, say } = request;
  const planFile = path.join(request.out, 'plan.json');
  if (!request.resume && !request.checkOnly && existsSync(planFile)) {
    throw new CommandError(
      `${request.out} already holds a training run. Continue it with --resume, or name another folder.`,
      2
    );
  }
  if (!request.partOfRun) say(`Reading ${request.data.join(', ')} …`);
  const data = await loadTrainingData(request.data, plan, request);
  const folds = dealFolds(data.patients, request.folds, plan.seed);
  checkWhole(data, plan, request);
  const taught = checkTaught(data.ears, folds, plan, request.from !== null);
  data.problems.push(...taught.problems);
  data.notes.push(...taught.notes);
  if (!request.partOfRun) describe(data, say);
  refuseBad(data, request.leaveOutBad, say);
  if (request.checkOnly) return;
  // Needed at the end only; a name that is wrong shall not cost a training.
  await openModelAt(request.other);
  await mkdir(request.out, { recursive: true });
  // Of several processes the one that started the others has compared or written the plan.
  if (!request.partOfRun) await keepPlan(planFile, folds, data, request);
  const wanted = request.fold === null ? folds.map((_, n) => n + 1) : [request.fold];
  const { processes, signal } = request;
  const jobs = processes
    ? Math.min(wanted.length, processes.jobs ?? defaultJobs(wanted.length))
    : 1;
  if (processes && jobs > 1) {
    say(`Training ${wanted.length} folds, ${jobs} at a time. Settings: ${planFile}`);
    await trainInProcesses({ ...processes, folds: wanted, jobs, signal, say });
    return;
  }
  const backend = await setUpTrainingBackend(request.backend);
  if (!request.partOfRun) say(`Training on ${backend}. Settings: ${planFile}`);
  for (const fold of wanted) {
    if (request.signal.aborted) break;
    await trainFold(fold, folds, data, request);
  }
}

async function trainFold(
  fold: number,
  folds: string[][],
  data: TrainingData,
  request: TrainingRequest
): Promise<void> {
  const { plan, say } = request;
  const held = new Set(folds[fold - 1]);
  const isHeld = (image: SampledImage) => held.has(image.patient);
  const last = itemAt(plan.phases, -1).annotations;
  const images = (set: AnnotationSet, validation: boolean): SampledImage[] => {
    const all: SampledImage[] =
      plan.name === 'locator' ? data.heads : data.ears.flatMap((ear) => earInSet(ear, set) ?? []);
    return all.filter((image) => isHeld(image) === validation);
  };
  const out = path.join(request.out, `fold-${fold}`);
  const title = `${plan.name}, fold ${fold} of ${folds.length}`;
  const { checkpoint, finished } = await trainingRun(plan, {
    out,
    title,
    training: (set) => images(set, false),
    // The paper validates on FASA throughout.
    validation: images(last === 'all' ? 'all' : 'FASA', true),
    initial: request.from ? await initialWeights(request.from, plan) : undefined,
    signal: request.signal,
    log: (line) => say(folds.length > 1 ? `fold ${fold}  ${line}` : line),
  });
  if (!finished) {
    say(
      `Stopped at step ${checkpoint.state.step} of ${totalSteps(plan)}; --resume continues from there.`
    );
    return;
  }
  const lastPoint = checkpoint.history[checkpoint.history.length - 1] ?? null;
  const summary: FoldSummary = {
    fold,
    steps: checkpoint.state.step,
    hours: checkpoint.seconds / 3600,
    trainingPatients: data.patients.length - held.size,
    validationPatients: held.size,
    loss: lastPoint?.loss ?? null,
    meanIou: lastPoint?.meanIou ?? null,
    iou: lastPoint?.iou ?? [],
  };
  await writeSummaries(request.out, summary, plan);
  const model = path.join(out, 'model');
  const manifest = await exportRun(model, {
    plan,
    weights: checkpoint.state.averages,
    data: data.description,
    last: lastPoint,
    validation: `validation patches of fold ${fold} of ${folds.length} (${held.size} patients), intensities as acquired`,
    other: await openModelAt(request.other),
    name: request.name,
    version: request.version,
    authors: request.authors,
    license: request.license,
    provenance: await provenanceOf(fold, folds, data, request),
  });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  say(
    `${title}: validation IoU ${lastPoint?.meanIou.toFixed(3) ?? '–'}; model of ${(bytes / 1e6).toFixed(2)} MB in ${model}`
  );
}

async function initialWeights(location: string, plan: TrainingPlan): Promise<Float32Array[]> {
  const model = await openModelAt(location);
  const description = model.manifest.networks[plan.name];
  if (!description) throw new CommandError(`${location} has no ${plan.name} network.`, 2);
  const network = await loadNetwork(model, description);
  const weights = await getWeights(network);
  network.dispose();
  return weights;
}

function checkWhole(data: TrainingData, plan: TrainingPlan, request: TrainingRequest): void {
  const count = data.patients.length;
  if (count < Math.max(request.folds, 2)) {
    data.problems.push({
      code: 'too-few-patients',
      where: request.data.join(', '),
      message: `${count} ${count === 1 ? 'patient' : 'patients'} cannot be split into ${request.folds} folds: each fold needs a patient to validate on. Where several patients have one Patient ID, say so with --groups.`,
    });
  }
  if (plan.name === 'locator') return;
  for (const set of new Set(plan.phases.map((phase) => phase.annotations))) {
    if (data.ears.some((ear) => earInSet(ear, set))) continue;
    data.problems.push({
      code: 'annotation-set-empty',
      where: request.data.join(', '),
      message: `The preset "${plan.preset}" trains on the annotation set ${set}, and no ear belongs to it.`,
    });
  }
}

function describe(data: TrainingData, say: (line: string) => void): void {
  const { studies, ears, patients, sliceSpacing } = data.description;
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  say(`${patients} patients; studies: ${list(studies)}; ears annotated as: ${list(ears)}`);
  if (sliceSpacing) say(`slices of ${sliceSpacing.map((mm) => mm.toFixed(2)).join('–')} mm`);
  for (const note of data.notes) say(`note: ${note}`);
}

/** What leaving a study out does not mend: of the whole, and questions that only the user can answer. */
const OF_WHOLE: ReadonlySet<string> = new Set([
  'too-few-patients',
  'annotation-set-empty',
  'organ-not-annotated',
  'patient-unknown',
  'patient-id-shared',
  'patient-of-two-ids',
  'group-unknown',
]);

function refuseBad(data: TrainingData, leaveOut: boolean, say: (line: string) => void): void {
  if (data.problems.length === 0) return;
  const fatal = data.problems.filter((problem) => !leaveOut || OF_WHOLE.has(problem.code));
  for (const { code, where, message } of data.problems) say(`${where}: ${message} [${code}]`);
  if (fatal.length === 0) return;
  throw new CommandError(
    `The data cannot be used for training as they are: ${fatal.length} ${fatal.length === 1 ? 'problem' : 'problems'}, listed above.` +
      (leaveOut ? '' : ' Correct them, or leave those studies out with --leave-out-bad.'),
    2
  );
}
