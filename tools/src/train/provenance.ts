import { modelIdentity, sha256, type Provenance } from '@inner-ear-hydrops/core';
import { openModelAt } from '../model/modelFiles';
import { hashedPatients, joinedRuns } from '../model/trainedPatients';
import type { TrainingPlan } from './plans';
import type { TrainingData } from './trainingData';

/** What a run was asked, as far as its manifest tells it. */
export interface ProvenanceRequest {
  plan: TrainingPlan;
  /** Model whose network gave the first weights. */
  from: string | null;
  dataStatement: string | null;
}

/**
 * Where a fold's weights come from. The patients that it is validated on are not among those that it was trained on.
 * @param fold 1-based
 * @param folds validation patients of each fold
 */
export async function provenanceOf(
  fold: number,
  folds: readonly (readonly string[])[],
  { patients, namesOfPatients, description }: TrainingData,
  { from, plan, dataStatement }: ProvenanceRequest
): Promise<Provenance> {
  const held = new Set(folds[fold - 1]);
  const trained = patients.filter((patient) => !held.has(patient));
  const names = trained.flatMap((patient) => namesOfPatients.get(patient) ?? []);
  const parent = from ? (await openModelAt(from)).manifest : null;
  // Another salt for each fold: the difference of two lists would name the patients that one fold held back.
  const salt = sha256(`${description.sha256} fold ${fold}`).slice(0, 32);
  return {
    parent: parent && modelIdentity(parent),
    data_sha256: description.sha256,
    seed: plan.seed,
    split: {
      fold,
      folds: folds.length,
      training_patients: trained.length,
      validation_patients: held.size,
    },
    data_statement: dataStatement,
    training_patients: joinedRuns(
      names.length > 0 ? [hashedPatients(names, salt)] : [],
      parent?.provenance?.training_patients
    ),
  };
}
