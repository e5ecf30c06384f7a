import { itemAt, sha256 } from '@inner-ear-hydrops/core';
import type { PairingOptions } from '../dataset/labelledStudies';
import type { LabelledStudy } from '../dataset/labelledStudy';
import { CommandError } from '../errors';
import { studyLeftOut, type LeftOut } from './accounting';
import {
  choosePictures,
  evaluateModels,
  type Evaluation,
  type EvaluationOptions,
  type ModelEvaluation,
} from './evaluateModels';
import type { RunFold, StoredRun } from './storedRun';
import { summariseModel } from './summarise';

/**
 * Takes each fold's held-out patients through the whole pipeline with that fold's network: every patient is judged once, by
 * a network that has not seen them.
 * @returns all folds pooled, then each fold of which a study was evaluated
 * @throws CommandError status 2 where no fold has a model
 */
export async function evaluateRun(
  run: StoredRun,
  studies: readonly LabelledStudy[],
  options: EvaluationOptions
): Promise<Evaluation> {
  if (run.folds.every(({ model }) => model === null))
    throw new CommandError(
      'No fold of the run has been trained to the end, so there is no model.',
      2
    );
  const { byFold, leftOut } = heldOut(run.folds, studies);
  for (const { where, message, code } of leftOut)
    options.say(`left out: ${where}: ${message} [${code}]`);
  const notes: string[] = [];
  const evaluated: { fold: number; evaluation: Evaluation }[] = [];
  for (const { fold, model } of run.folds) {
    const own = byFold.get(fold) ?? [];
    if (model === null || own.length === 0) continue;
    options.say(`fold ${fold}: ${own.length} held-out ${own.length === 1 ? 'study' : 'studies'}`);
    const evaluation = await evaluateModels([model], own, options);
    leftOut.push(...evaluation.leftOut);
    notes.push(...evaluation.notes);
    evaluated.push({ fold, evaluation });
  }
  const folds = evaluated.flatMap(({ fold, evaluation }) => {
    const only = itemAt(evaluation.models, 0);
    return only.studies.length > 0 ? [named(only, `fold ${fold}`)] : [];
  });
  const pictures = evaluated.flatMap(({ evaluation }) => evaluation.pictures);
  const models = folds.length === 0 ? evaluated.flatMap((entry) => entry.evaluation.models) : [];
  if (folds.length > 0) models.push(pooled(folds, evaluated), ...folds);
  return { models, leftOut, notes, pictures };
}

function named(model: ModelEvaluation, what: string): ModelEvaluation {
  const { summary } = model;
  const identity = { ...summary.model, name: `${summary.model.name}, ${what}` };
  return { ...model, summary: { ...summary, model: identity } };
}

function pooled(
  folds: readonly ModelEvaluation[],
  evaluated: readonly { evaluation: Evaluation }[]
): ModelEvaluation {
  const studies = folds.flatMap((fold) => fold.studies);
  const first = itemAt(itemAt(evaluated, 0).evaluation.models, 0).summary;
  const hashes = folds.map(({ summary }) => summary.model.sha256).join(' ');
  const { model, parameters, bytes, backend } = first;
  const identity = {
    ...model,
    name: `${model.name}, ${folds.length} ${folds.length === 1 ? 'fold' : 'folds'} pooled`,
    sha256: sha256(hashes),
  };
  const location = folds.map(({ summary }) => summary.location).join(', ');
  return {
    summary: summariseModel({ model: identity, location, parameters, bytes, backend }, studies),
    studies,
    ...choosePictures(evaluated.flatMap(({ evaluation }) => evaluation.pictures)),
  };
}

/** Each study with the one fold that held its patient back. */
function heldOut(
  folds: readonly RunFold[],
  studies: readonly LabelledStudy[]
): { byFold: Map<number, LabelledStudy[]>; leftOut: LeftOut[] } {
  const byFold = new Map<number, LabelledStudy[]>();
  const leftOut: LeftOut[] = [];
  for (const study of studies) {
    const of = folds.filter((fold) => fold.isHeldOut(study));
    const [only] = of;
    if (of.length === 1 && only?.model) {
      byFold.set(only.fold, [...(byFold.get(only.fold) ?? []), study]);
      continue;
    }
    leftOut.push(...studyLeftOut([{ ...whyLeft(of), where: study.name }]));
  }
  return { byFold, leftOut };
}

function whyLeft(of: readonly RunFold[]): { code: string; message: string } {
  const [only] = of;
  if (!only)
    return {
      code: 'patient-of-no-fold',
      message:
        'Its patient is in no fold of the run. Where the run was trained with --groups, give the same here.',
    };
  if (of.length > 1)
    return {
      code: 'patient-of-several-folds',
      message: `Its patient may belong to folds ${of.map(({ fold }) => fold).join(' and ')}: it cannot be told which network has not seen this patient.`,
    };
  return {
    code: 'fold-not-trained',
    message: `Fold ${only.fold}, which holds its patient back, has no model yet.`,
  };
}

/** Where the annotations are chosen otherwise than those that the run learnt from. */
export function otherChoices(
  { plan }: StoredRun,
  annotations: string,
  { policy }: PairingOptions
): string[] {
  const { readers, acceptAutomatic } = plan as { readers?: string[]; acceptAutomatic?: boolean };
  const differing = [
    ...(plan.annotations === annotations ? [] : [`--annotations ${plan.annotations}`]),
    ...((readers ?? []).join() === policy.readers.join()
      ? []
      : [`--reader ${readers?.join(' ') || '(none)'}`]),
    ...((acceptAutomatic ?? false) === policy.acceptAutomatic
      ? []
      : [acceptAutomatic ? '--accept-automatic' : 'no --accept-automatic']),
  ];
  return differing.length === 0
    ? []
    : [
        `The run was trained with ${differing.join(', ')}; its studies are evaluated with other settings.`,
      ];
}
