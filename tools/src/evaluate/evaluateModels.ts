import { ORGAN_KEYS, RefusedInputError, ROLE_KEYS, itemAt } from '@inner-ear-hydrops/core';
import { openModelAt } from '../model/modelFiles';
import { wasTrainedOn } from '../model/trainedPatients';
import { startSegmenter } from '../model/startSegmenter';
import type { DataProblem, LabelledStudy } from '../dataset/labelledStudy';
import { checkStudy } from '../train/checkStudy';
import { coverageOf, describeCoverage, type AskedKind } from '../dataset/coverage';
import { onSlices } from './commonSlice';
import { organsLeftOut, studyLeftOut, type LeftOut } from './accounting';
import { evaluateStudy, measureReference, type StudyResultOfModel } from './evaluateStudy';
import type { MaskListener } from './writeMasks';
import { drawComparison, type Picture } from './pictures';
import { summariseModel, type ModelSummary } from './summarise';

/** What the manifest of a model says that saw phantoms alone. */
const SIMULATED = 'simulated volumes';

/** Pictures of the worst organs. */
const WORST = 8;

export interface ModelEvaluation {
  summary: ModelSummary;
  studies: StudyResultOfModel[];
  /** The best, the middle and the worst case of each organ, by Dice. */
  examples: Picture[];
  worst: Picture[];
}

export interface Evaluation {
  models: ModelEvaluation[];
  /** What is in no figure, of the studies that were read. */
  leftOut: LeftOut[];
  /** What else was said of the studies. */
  notes: string[];
  /** Of every organ and model, from which those of the page are chosen. */
  pictures: Picture[];
}

export interface EvaluationOptions {
  /** What the annotations cover. */
  annotations: AskedKind;
  /** Takes the annotation of each study and what the models found; absent: nobody does. */
  masks?: MaskListener;
  signal: AbortSignal;
  say(line: string): void;
}

interface StartedModel {
  location: string;
  files: Awaited<ReturnType<typeof openModelAt>>;
  segmenter: Awaited<ReturnType<typeof startSegmenter>>;
  results: StudyResultOfModel[];
  pictures: Picture[];
}

/**
 * Runs every model over every study, one study in memory at a time. Studies whose annotation cannot
 * be used are listed and left out.
 */
export async function evaluateModels(
  locations: string[],
  studies: LabelledStudy[],
  { annotations, masks, signal, say }: EvaluationOptions
): Promise<Evaluation> {
  const leftOut: LeftOut[] = [];
  const notes: string[] = [];
  const note = (text: string) => {
    say(`note: ${text}`);
    notes.push(text);
  };
  const leaveOut = (found: DataProblem[]) => {
    for (const { where, message, code } of found) say(`left out: ${where}: ${message} [${code}]`);
    leftOut.push(...studyLeftOut(found));
  };
  const models: StartedModel[] = [];
  for (const location of locations) {
    const files = await openModelAt(location);
    const segmenter = await startSegmenter(files);
    const results: StudyResultOfModel[] = [];
    models.push({ location, files, segmenter, results, pictures: [] });
  }
  for (const { files, location } of models) {
    const { provenance, data_type } = files.manifest;
    if (!provenance && data_type !== SIMULATED)
      note(
        `${location} does not say which patients it was trained on: it cannot be checked whether they are among these.`
      );
  }
  try {
    for (const [n, study] of studies.entries()) {
      if (signal.aborted) {
        leaveOut([{ code: 'stopped', where: study.name, message: STOPPED }]);
        continue;
      }
      const trained = models.filter(({ files }) =>
        wasTrainedOn(files.manifest.provenance?.training_patients ?? [], study.patientNames)
      );
      if (trained.length > 0) {
        leaveOut([
          leak(
            study.name,
            trained.map(({ location }) => location)
          ),
        ]);
        continue;
      }
      try {
        const loaded = await study.load(ROLE_KEYS);
        const said = [...loaded.notes, ...loaded.warnings.map(({ message }) => message)];
        for (const text of said) note(`${study.name}: ${text}`);
        const coverage = coverageOf(loaded, annotations);
        const covered = describeCoverage(coverage, loaded, annotations);
        if (covered) note(`${study.name}: ${covered}`);
        const faults = checkStudy(study.name, loaded, coverage);
        leaveOut(faults);
        if (faults.length > 0) continue;
        const reference = measureReference(loaded, coverage);
        const { name, patient } = study;
        const evaluated = [];
        for (const { segmenter } of models)
          evaluated.push(await evaluateStudy(name, patient, reference, segmenter));
        // Only now: a study that one model cannot be tried on is in the figures of none.
        for (const [m, { result, anatomy }] of evaluated.entries()) {
          const model = itemAt(models, m);
          model.results.push(result);
          for (const organ of result.organs) {
            const slices = reference.chosen[organ.ear][organ.organ];
            const seen = onSlices(anatomy, loaded.mrc.volume.size, slices);
            model.pictures.push(drawComparison(name, loaded.mrc, loaded.anatomy, seen, organ));
          }
          say(progressLine(n + 1, studies.length, model.segmenter.identity.name, result));
        }
        const found = evaluated.map(({ anatomy }, m) => ({
          model: itemAt(models, m).location,
          anatomy,
        }));
        await masks?.(study, loaded, found);
        leftOut.push(...organsLeftOut(name, loaded.missing));
      } catch (error) {
        if (!(error instanceof RefusedInputError)) throw error;
        leaveOut([{ code: error.code, where: study.name, message: error.message }]);
      }
    }
    return {
      leftOut,
      notes,
      pictures: models.flatMap(({ pictures }) => pictures),
      models: models.map(({ location, files, segmenter, results, pictures }) => ({
        summary: summariseModel(
          {
            model: segmenter.identity,
            location,
            parameters: files.manifest.networks.segmentation.parameters,
            bytes: files.manifest.files.reduce((sum, file) => sum + file.bytes, 0),
            backend: segmenter.backend,
          },
          results
        ),
        studies: results,
        ...choosePictures(pictures),
      })),
    };
  } finally {
    for (const model of models) model.segmenter.dispose();
  }
}

const STOPPED = 'The evaluation was stopped before it came to this study.';

/** A network that has seen a patient says of him what it was told. */
function leak(study: string, locations: string[]): DataProblem {
  return {
    code: 'patient-was-trained-on',
    where: study,
    message: `${locations.join(' and ')} was trained on this patient, as its manifest says: what it finds here proves nothing.`,
  };
}

/** Of all pictures those that the page shows. */
export function choosePictures(
  pictures: readonly Picture[]
): Pick<ModelEvaluation, 'examples' | 'worst'> {
  const sorted = [...pictures].sort((a, b) => a.dice - b.dice);
  const examples = ORGAN_KEYS.flatMap((organ) => {
    const own = sorted.filter((picture) => picture.organ === organ);
    const chosen = new Set([own.length - 1, Math.floor(own.length / 2), 0]);
    return own.length > 0 ? [...chosen].map((n) => itemAt(own, n)) : [];
  });
  return { examples, worst: sorted.slice(0, WORST) };
}

function progressLine(
  done: number,
  total: number,
  model: string,
  result: StudyResultOfModel
): string {
  const organs = result.organs.map(
    (entry) =>
      `${entry.ear} ${entry.organ} ${entry.iou.toFixed(3)}` +
      (entry.volumeRatio
        ? ` (EH ratio ${entry.volumeRatio.reference.toFixed(2)} → ${entry.volumeRatio.measured.toFixed(2)})`
        : '')
  );
  return `${done} of ${total}  ${result.study}  ${model}  IoU: ${result.refused ?? organs.join(', ')}  ${(result.milliseconds / 1000).toFixed(1)} s`;
}
