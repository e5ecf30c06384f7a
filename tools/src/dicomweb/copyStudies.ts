import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import { readDicomFile } from '@inner-ear-hydrops/core/dicom';
import { CommandError } from '../errors';
import { ArchiveClient, type ArchivedInstance, type ArchivedStudy } from './archiveClient';

/** Which studies of an archive are copied. */
export interface StudyQuery {
  /** Patient IDs; empty: whatever the filters find. */
  patients: readonly string[];
  filters: Readonly<Record<string, string>>;
}

/** What training and evaluation read: images, segmentations and structure sets. */
const MODALITIES: ReadonlySet<string> = new Set(['MR', 'SEG', 'RTSTRUCT']);
/** Requests at a time. */
const AT_ONCE = 4;

/**
 * Copies studies of an archive into FOLDER/<Study Instance UID>/<Series Instance UID>/. What is there already is not fetched
 * again; what is there and no longer in the archive is refused, for it would be used. For the account of this user alone.
 *
 * @returns the folder of each study
 * @throws CommandError status 2 where the archive does not answer, or has no study of a patient
 */
export async function copyStudies(
  client: ArchiveClient,
  query: StudyQuery,
  folder: string,
  say: (line: string) => void
): Promise<string[]> {
  const studies = await findStudies(client, query, say);
  if (studies.length === 0)
    throw new CommandError('The archive holds no study that was asked for.', 2);
  const folders: string[] = [];
  for (const [n, { studyInstanceUid }] of studies.entries()) {
    const own = path.join(folder, studyInstanceUid);
    const { instances, passedOver } = await instancesOf(client, studyInstanceUid);
    await requireCurrent(own, instances);
    const fetched = await copyInstances(client, instances, folder);
    say(
      `study ${n + 1} of ${studies.length}: ${instances.length} files, ${fetched} of them fetched` +
        (passedOver.length > 0 ? `; passed over: series of ${passedOver.join(', ')}` : '') +
        ` (${studyInstanceUid})`
    );
    if (instances.length > 0) folders.push(own);
  }
  if (folders.length === 0) throw new CommandError('None of the studies holds MR images.', 2);
  return folders;
}

async function findStudies(
  client: ArchiveClient,
  { patients, filters }: StudyQuery,
  say: (line: string) => void
): Promise<ArchivedStudy[]> {
  if (patients.length === 0) return client.studies(filters);
  const found: ArchivedStudy[] = [];
  const without: string[] = [];
  for (const patient of patients) {
    // An archive may take "?" and "*" of a Patient ID for wildcards.
    const answers = await client.studies({ ...filters, PatientID: patient });
    const own = answers.filter(({ patientId }) => patientId === patient);
    if (own.length < answers.length)
      say(
        `note: the archive answered for ${patient} with studies of other patients, which are passed over.`
      );
    if (own.length === 0) without.push(patient);
    found.push(...own);
  }
  if (without.length > 0)
    throw new CommandError(`The archive has no such study of ${without.join(', ')}.`, 2);
  return found;
}

async function instancesOf(
  client: ArchiveClient,
  study: string
): Promise<{ instances: ArchivedInstance[]; passedOver: string[] }> {
  const series = await client.series(study);
  const instances: ArchivedInstance[] = [];
  for (const { uid } of series.filter(({ modality }) => MODALITIES.has(modality)))
    instances.push(...(await client.instances(study, uid)));
  const others = series.map(({ modality }) => modality).filter((one) => !MODALITIES.has(one));
  return { instances, passedOver: [...new Set(others.map((one) => one || 'no modality'))] };
}

const placeOf = ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: ArchivedInstance) =>
  path.join(studyInstanceUid, seriesInstanceUid, `${sopInstanceUid}.dcm`);

/** A file that the archive has no longer would be trained on, or stand for the newest annotation. */
async function requireCurrent(own: string, instances: readonly ArchivedInstance[]): Promise<void> {
  const known = new Set(instances.map((instance) => path.basename(placeOf(instance))));
  const there = await readdir(own, { recursive: true }).catch(() => []);
  const stale = there.filter((name) => name.endsWith('.dcm') && !known.has(path.basename(name)));
  if (stale.length === 0) return;
  throw new CommandError(
    `${own} holds ${stale.length} files that the archive has no longer (${stale[0] ?? ''}). Take the folder away; it is copied anew.`,
    2
  );
}

async function copyInstances(
  client: ArchiveClient,
  instances: readonly ArchivedInstance[],
  folder: string
): Promise<number> {
  const waiting = [...instances];
  let fetched = 0;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const file = path.join(folder, placeOf(next));
      if ((await stat(file).catch(() => null))?.isFile()) continue;
      const content = await client.file(next);
      requireSame(next, content);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      // A copy that was stopped must not leave half a file under this name.
      await writeFile(`${file}.part`, content, { mode: 0o600 });
      await rename(`${file}.part`, file);
      fetched++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return fetched;
}

/** What cannot be read is kept: reading says which file it is, and what is wrong with it. */
function requireSame({ sopInstanceUid }: ArchivedInstance, content: Buffer): void {
  let sent: string;
  try {
    const bytes = content.buffer.slice(content.byteOffset, content.byteOffset + content.length);
    sent = readDicomFile(bytes as ArrayBuffer, sopInstanceUid).sopInstanceUid;
  } catch (error) {
    if (error instanceof RefusedInputError) return;
    throw error;
  }
  if (sent === sopInstanceUid) return;
  throw new CommandError(
    `The archive was asked for ${sopInstanceUid} and sent ${sent || 'an object without a UID'}.`,
    2
  );
}

/** Patient IDs, and files with one on each line. @throws CommandError for a file without one */
export async function readPatients(given: readonly string[]): Promise<string[]> {
  const patients: string[] = [];
  for (const entry of given) {
    const isFile = (await stat(entry).catch(() => null))?.isFile() === true;
    const lines = isFile ? (await readFile(entry, 'utf8')).split(/\r?\n/) : [entry];
    const own = lines
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
    if (own.length === 0) throw new CommandError(`--patients ${entry} names no patient.`);
    patients.push(...own);
  }
  return [...new Set(patients)];
}
