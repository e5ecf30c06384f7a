import { scryptSync } from 'node:crypto';
import type { TrainedPatients } from '@inner-ear-hydrops/core';

/**
 * Cost of one hash, some 10 ms. A list of Patient IDs is short enough to be tried one after another: a slow hash makes
 * that dear, and a short one leaves several IDs for each match.
 */
const COST = { N: 2 ** 12, r: 8, p: 1 };
/** Bytes of a hash: of 400 patients one in 40,000 strangers is taken for one of them. */
const LENGTH = 3;

function hashOf(name: string, salt: string): string {
  return scryptSync(name.normalize('NFC'), Buffer.from(salt, 'hex'), LENGTH, COST).toString('hex');
}

/**
 * What a manifest keeps of the patients that a network was trained on, so that nobody evaluates it on them unawares.
 * @param names all that names them: group, Patient ID, Study Instance UIDs
 * @param salt hexadecimal; another for each run, so that two models cannot be compared
 */
export function hashedPatients(names: Iterable<string>, salt: string): TrainedPatients {
  const hashes = [...new Set(names)].map((name) => hashOf(name, salt));
  return { salt, hashes: [...new Set(hashes)].sort() };
}

/** Whether any of the names is among the patients of any of the runs. */
export function wasTrainedOn(runs: readonly TrainedPatients[], names: readonly string[]): boolean {
  return runs.some(({ salt, hashes }) => names.some((name) => hashes.includes(hashOf(name, salt))));
}

/** The runs of several models, each once: a network that was copied or trained on saw what its parents saw. */
export function joinedRuns(...runs: (readonly TrainedPatients[] | undefined)[]): TrainedPatients[] {
  const bySalt = new Map(
    runs.flatMap((list) => list ?? []).map((run) => [run.salt + run.hashes.join(), run])
  );
  return [...bySalt.values()];
}
