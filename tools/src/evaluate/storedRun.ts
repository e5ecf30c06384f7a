import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LabelledStudy } from '../dataset/labelledStudy';
import { CommandError } from '../errors';
import { openModelAt } from '../model/modelFiles';
import { wasTrainedOn } from '../model/trainedPatients';
import { PLAN_SCHEMA, type StoredPlan } from '../train/storedPlan';

/** A fold of a training run, with the patients that its network has not seen. */
export interface RunFold {
  fold: number;
  /** Folder of its model; null where it is not trained to its end. */
  model: string | null;
  isHeldOut(study: Pick<LabelledStudy, 'patientNames'>): boolean;
}

export interface StoredRun {
  folds: RunFold[];
  plan: StoredPlan;
}

/**
 * A run of `hydrops train`, read from its folder.
 * @throws CommandError status 2 where it is none, and where a fold's model is not of this run
 */
export async function readRun(folder: string): Promise<StoredRun> {
  const plan = await readPlan(path.join(folder, 'plan.json'));
  const folds: RunFold[] = [];
  for (const { fold, validation } of plan.folds) {
    const model = path.join(folder, `fold-${fold}`, 'model');
    const isTrained = existsSync(path.join(model, 'manifest.json'));
    if (isTrained) await requireOwn(model, fold, plan);
    folds.push({
      fold,
      model: isTrained ? model : null,
      // Runs of earlier versions named the patients.
      isHeldOut: ({ patientNames }) =>
        Array.isArray(validation)
          ? patientNames.some((name) => validation.includes(name))
          : wasTrainedOn([validation], patientNames),
    });
  }
  return { folds, plan };
}

async function readPlan(file: string): Promise<StoredPlan> {
  let plan: StoredPlan;
  try {
    plan = JSON.parse(await readFile(file, 'utf8')) as StoredPlan;
  } catch (error) {
    throw new CommandError(
      `${file} cannot be read: ${(error as Error).message} --run needs the folder that hydrops train wrote (its --out).`,
      2
    );
  }
  if (plan.schema !== PLAN_SCHEMA)
    throw new CommandError(`${file} is of schema "${plan.schema}", not "${PLAN_SCHEMA}".`, 2);
  return plan;
}

/** A model that was put there from elsewhere may have seen the patients that the plan holds back. */
async function requireOwn(model: string, fold: number, plan: StoredPlan): Promise<void> {
  const { provenance } = (await openModelAt(model)).manifest;
  if (!provenance) return;
  const { split, data_sha256 } = provenance;
  const isOwn =
    split.fold === fold && split.folds === plan.folds.length && data_sha256 === plan.data.sha256;
  if (isOwn) return;
  throw new CommandError(
    `${model} is not of this run: its manifest says fold ${split.fold} of ${split.folds} on data ${data_sha256.slice(0, 12)}…, the plan says fold ${fold} of ${plan.folds.length} on data ${plan.data.sha256.slice(0, 12)}…. Train the fold again, or evaluate the model with --model.`,
    2
  );
}
