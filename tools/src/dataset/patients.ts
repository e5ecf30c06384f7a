import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../errors';
import type { IndexedStudy, PatientIdentity } from './dicomIndex';

/** Patients by what a study is called: its Study Instance UID, its folder, or its Patient ID. */
export type PatientGroups = ReadonlyMap<string, string>;

/**
 * `--groups`: a text file with two columns, what a study is called and whose it is. The first is a Study Instance UID, a
 * folder, or a Patient ID, the second any name. A first line "study,patient" is a heading.
 * @throws CommandError for a file that cannot be read, and for a line that is not two columns
 */
export async function readPatientGroups(file: string): Promise<PatientGroups> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`--groups ${file} cannot be read: ${(error as Error).message}`);
  }
  const groups = new Map<string, string>();
  text.split(/\r?\n/).forEach((line, n) => {
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (line.trim() === '' || (n === 0 && cells[0]?.toLowerCase() === 'study')) return;
    const [study, patient] = cells;
    if (cells.length !== 2 || !study || !patient)
      throw new CommandError(
        `${file}, line ${n + 1}: "${line}" is not two columns. Write what the study is called, a comma, and its patient.`
      );
    if ((groups.get(study) ?? patient) !== patient)
      throw new CommandError(`${file}, line ${n + 1}: "${study}" is given two patients.`);
    groups.set(study, patient);
  });
  return groups;
}

/** What the groups say of a study; null where they say nothing. */
export function groupOf(groups: PatientGroups, study: IndexedStudy): string | null {
  return keysOf(groups, study).map((key) => groups.get(key))[0] ?? null;
}

/** Lines of the groups that no study answers to: a name that is wrong would part two studies of one patient. */
export function unusedGroups(groups: PatientGroups, studies: Iterable<IndexedStudy>): string[] {
  const used = new Set([...studies].flatMap((study) => keysOf(groups, study)));
  return [...groups.keys()].filter((key) => !used.has(key));
}

/** From the narrowest: a study, its folder, its Patient ID. */
function keysOf(groups: PatientGroups, { studyInstanceUid, folder, identity }: IndexedStudy) {
  const folders = [...groups.keys()].filter((key) => path.resolve(key) === path.resolve(folder));
  return [studyInstanceUid, ...folders, identity.id].filter((key) => groups.has(key));
}

/** A study whose patient nobody has said. */
export interface PatientQuestion {
  code: 'patient-unknown' | 'patient-id-shared' | 'patient-of-two-ids';
  where: string;
  message: string;
}

const ANSWER = 'Say whose studies they are with --groups.';

/** From so many Patient IDs on, a name and birth date that they share is a placeholder and tells nothing. */
const PLACEHOLDER_IDS = 4;

/**
 * Where the data do not tell whether studies are of one patient. Folds are split by patient: a follow-up that counts as
 * another patient is trained on and validated on at once.
 * @param studies those that `--groups` says nothing of
 */
export function patientQuestions(
  studies: readonly Pick<IndexedStudy, 'folder' | 'identity'>[]
): PatientQuestion[] {
  const named = studies.filter(({ identity }) => identity.id !== '');
  const questions: PatientQuestion[] = studies
    .filter(({ identity }) => identity.id === '')
    .map(({ folder }) => ({
      code: 'patient-unknown',
      where: folder,
      message: `Patient ID (0010,0020) is empty: the study may be of a patient who has another study. ${ANSWER}`,
    }));
  for (const [id, own] of groupedBy(named, ({ identity }) => identity.id)) {
    const differing = contradiction(own.map(({ identity }) => identity));
    if (!differing) continue;
    questions.push({
      code: 'patient-id-shared',
      where: foldersOf(own),
      message: `All have Patient ID "${id}", but ${differing}: they may be several patients. ${ANSWER}`,
    });
  }
  for (const [key, own] of groupedBy(named, ({ identity }) => personKey(identity))) {
    const ids = [...new Set(own.map(({ identity }) => identity.id))];
    if (key === '' || ids.length < 2 || ids.length >= PLACEHOLDER_IDS) continue;
    questions.push({
      code: 'patient-of-two-ids',
      where: foldersOf(own),
      message: `Patient IDs ${ids.map((id) => `"${id}"`).join(' and ')} have the same name, birth date and sex: they may be one patient. ${ANSWER}`,
    });
  }
  return questions;
}

const foldersOf = (studies: readonly Pick<IndexedStudy, 'folder'>[]): string =>
  studies.map(({ folder }) => folder).join(', ');

function groupedBy<T>(entries: readonly T[], keyOf: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group) group.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  return groups;
}

/** What tells that a Patient ID stands for several people. Names are written in many ways, so they count last. */
function contradiction(identities: readonly PatientIdentity[]): string | null {
  const stated = (key: keyof PatientIdentity) =>
    [...new Set(identities.map((identity) => identity[key].toLowerCase()))].filter(Boolean);
  const words = { birthDate: 'birth dates', sex: 'sexes', name: 'names' } as const;
  const keys = (['birthDate', 'sex'] as const).filter((key) => stated(key).length > 1);
  const differing = keys[0] ?? (stated('birthDate').length === 0 ? 'name' : null);
  if (!differing || stated(differing).length < 2) return null;
  return `their ${words[differing]} differ (${stated(differing).join(', ')})`;
}

/** The same for the same person; empty where too little is stated. */
function personKey({ name, birthDate, sex }: PatientIdentity): string {
  return name && birthDate && sex ? [name, birthDate, sex].join('\n').toLowerCase() : '';
}
