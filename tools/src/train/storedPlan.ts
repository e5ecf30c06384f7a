import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { itemAt, sha256, SOFTWARE_VERSION, type TrainedPatients } from '@inner-ear-hydrops/core';
import type { AskedKind } from '../dataset/coverage';
import type { PairingOptions } from '../dataset/labelledStudies';
import { CommandError } from '../errors';
import { openModelAt } from '../model/modelFiles';
import { hashedPatients } from '../model/trainedPatients';
import type { TrainingPlan } from './plans';
import type { DataDescription, TrainingData } from './trainingData';

export const PLAN_SCHEMA = 'inner-ear-hydrops/training-plan@1';

/** Patients that a fold is validated on, as in a model's manifest: no plan names them. */
export interface StoredFold {
  fold: number;
  validation: TrainedPatients;
}

/** What a run was asked, as far as its plan tells it. */
export interface PlanRequest {
  plan: TrainingPlan;
  annotations: AskedKind;
  from: string | null;
  pairing?: PairingOptions;
  resume: boolean;
}

/** What must not change while a run is resumed. */
export interface PlanSettings {
  schema: string;
  plan: TrainingPlan;
  data: DataDescription;
  folds: StoredFold[];
  annotations: AskedKind;
  from: string | null;
}

/**
 * Writes the plan of a new run; of a run that is resumed, compares it with what is asked now.
 * @param folds validation patients of each fold
 * @throws CommandError status 2 where the run was another
 */
export async function keepPlan(
  file: string,
  folds: readonly (readonly string[])[],
  data: TrainingData,
  request: PlanRequest
): Promise<void> {
  const { plan, annotations, from } = request;
  const settings: PlanSettings = {
    schema: PLAN_SCHEMA,
    plan,
    data: data.description,
    folds: storedFolds(folds, data),
    annotations,
    from: from ? (await openModelAt(from)).manifest.name : null,
  };
  if (request.resume && existsSync(file)) {
    const stored = JSON.parse(await readFile(file, 'utf8')) as StoredPlan;
    const present = asStoredNow(stored, folds, settings);
    refuseOtherPlan(present, settings);
    if (present !== stored) await writePlan(file, present);
    return;
  }
  const software = { software: 'inner-ear-hydrops', version: SOFTWARE_VERSION };
  await writePlan(file, { ...settings, ...pairingRecord(request.pairing), ...software });
}

/** A fold's own salt, as for its model: lists cannot be compared with those of manifests. */
function storedFolds(
  folds: readonly (readonly string[])[],
  { namesOfPatients, description }: Pick<TrainingData, 'namesOfPatients' | 'description'>
): StoredFold[] {
  return folds.map((patients, n) => {
    const fold = n + 1;
    const salt = sha256(`${description.sha256} plan fold ${fold}`).slice(0, 32);
    const names = patients.flatMap((patient) => namesOfPatients.get(patient) ?? [patient]);
    return { fold, validation: hashedPatients(names, salt) };
  });
}

/** A plan as it was read: versions before the hashes stored the patients' names. */
export interface StoredPlan extends Omit<PlanSettings, 'folds'> {
  folds: (StoredFold | { fold: number; validation: string[] })[];
}

/** The plan in today's form. An earlier one named the patients, which are compared here and taken out of it. */
function asStoredNow(
  stored: StoredPlan,
  folds: readonly (readonly string[])[],
  settings: PlanSettings
): StoredPlan {
  const isNamed = stored.folds.some(({ validation }) => Array.isArray(validation));
  const { ears } = stored.data as { ears?: Partial<DataDescription['ears']> };
  const knowsMixed = ears?.mixed !== undefined;
  if (!isNamed && knowsMixed) return stored;
  stored.folds.forEach(({ fold, validation }, n) => {
    if (Array.isArray(validation) && !isSameList(validation, folds[n] ?? []))
      throw new CommandError(
        `The run cannot be resumed with these options and data: fold ${fold} was validated on other patients.`,
        2
      );
  });
  return {
    ...stored,
    folds: isNamed ? stored.folds.map((_, n) => itemAt(settings.folds, n)) : stored.folds,
    data: { ...stored.data, ears: { ...stored.data.ears, mixed: ears?.mixed ?? 0 } },
  };
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, n) => value === b[n]);

/** Replaced as a whole: a kill at any moment leaves the earlier or the new one. */
async function writePlan(file: string, contents: object): Promise<void> {
  await writeFile(`${file}.part`, `${JSON.stringify(contents, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

/** For the record: the hash over the data says whether a resumed run sees the same. */
function pairingRecord(pairing: PairingOptions | undefined): object {
  if (!pairing) return {};
  const { readers, acceptAutomatic, names } = pairing.policy;
  const organs = [...names].map(([name, organ]) => [name, organ?.label.toLowerCase() ?? 'none']);
  return { readers, acceptAutomatic, names: Object.fromEntries(organs) as Record<string, string> };
}

/** A resumed run must be the same run: the first setting that differs is named. */
function refuseOtherPlan(stored: object, settings: object): void {
  const before = flatten(stored);
  const now = flatten(settings);
  for (const [key, value] of now) {
    // The folders may have been moved; what they hold is compared by its hash.
    if (key.startsWith('data.directories')) continue;
    if (before.get(key) !== value) {
      throw new CommandError(
        `The run cannot be resumed with these options and data: ${key} was ${before.get(key) ?? '(absent)'} and is now ${value}.${HINTS[key] ?? ''}`,
        2
      );
    }
  }
}

/** Why a setting may differ although nothing was changed. */
const HINTS: Readonly<Record<string, string>> = {
  'data.sha256':
    ' Where no file was changed, the organs that count as whole may be others than in the version that began the run.',
};

function flatten(value: unknown, key = '', found = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === 'object') {
    for (const [name, item] of Object.entries(value))
      flatten(item, key ? `${key}.${name}` : name, found);
  } else if (value !== undefined) found.set(key, JSON.stringify(value));
  return found;
}
