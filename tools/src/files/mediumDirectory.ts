import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import { readPart10 } from '@inner-ear-hydrops/core/dicom';

type ReadFile = (file: string) => Promise<ArrayBuffer>;

/** A file that a DICOMDIR refers to (PS3.3 F.3.2.1). */
interface Reference {
  /** Referenced File ID (0004,1500). */
  parts: string[];
  /** Referenced SOP Instance UID in File (0004,1511); empty where it is not stated. */
  sopInstanceUid: string;
}

/** By its name; any file may be called so. */
export function isDirectoryFile(file: string): boolean {
  return path.basename(file).toUpperCase() === 'DICOMDIR';
}

/**
 * The files that a DICOMDIR refers to; the file itself where it is none.
 *
 * @throws RefusedInputError `dicomdir-incomplete`
 */
export async function referencedFiles(file: string, read: ReadFile): Promise<string[]> {
  const references = await referencesOf(file, read);
  const names = await Promise.all(
    references.map(({ parts }) => existing(path.dirname(file), parts))
  );
  const missing = references.filter((_, n) => names[n] === null);
  if (missing.length > 0) {
    throw incomplete(
      file,
      missing,
      'Copy the whole medium; to measure what is there, give its directory after DICOMDIR was taken out of it.'
    );
  }
  return references.length > 0 ? names.filter((name) => name !== null) : [file];
}

/**
 * Refuses a medium of which files are missing although its DICOMDIR lies among the others. Files that were renamed are
 * found by their SOP Instance UID.
 *
 * @param listed every file that is read
 * @throws RefusedInputError `dicomdir-incomplete`
 */
export async function requireWholeMedium(
  file: string,
  listed: readonly string[],
  read: ReadFile
): Promise<void> {
  const references = await referencesOf(file, read);
  if (references.length === 0) return;
  const folder = path.dirname(file);
  // Media write names in capitals; copies of them are often in small letters.
  const known = new Set(listed.map((name) => name.toLowerCase()));
  const absent = references.filter(
    ({ parts }) => !known.has(path.join(folder, ...parts).toLowerCase())
  );
  if (absent.length === 0) return;
  const renamed = await instancesIn(folder, listed, read);
  const missing = absent.filter(({ sopInstanceUid }) => !renamed.has(sopInstanceUid));
  if (missing.length === 0) return;
  throw incomplete(
    file,
    missing,
    'Copy the whole medium. If these files are not wanted, take DICOMDIR out of the directory.'
  );
}

async function instancesIn(
  folder: string,
  listed: readonly string[],
  read: ReadFile
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const name of listed) {
    if (!name.startsWith(folder + path.sep) || isDirectoryFile(name)) continue;
    try {
      found.add(String(readPart10(await read(name)).dataset.SOPInstanceUID ?? ''));
    } catch {
      // What cannot be read is said when the study is read; here it is no file that was renamed.
    }
  }
  return found;
}

async function referencesOf(file: string, read: ReadFile): Promise<Reference[]> {
  let records: unknown;
  try {
    records = readPart10(await read(file)).dataset.DirectoryRecordSequence;
  } catch {
    // Any file may be called so.
    return [];
  }
  if (!Array.isArray(records)) return [];
  return (records as Record<string, unknown>[]).flatMap((record) => {
    const id = record.ReferencedFileID;
    if (id === undefined || id === null) return [];
    const uid = record.ReferencedSOPInstanceUIDInFile;
    return [{ parts: [id].flat().map(String), sopInstanceUid: typeof uid === 'string' ? uid : '' }];
  });
}

/** Names in a message. */
const NAMED = 3;

function incomplete(file: string, missing: Reference[], remedy: string): RefusedInputError {
  const names = missing.map(({ parts }) => parts.join('/'));
  const shown = names.slice(0, NAMED).join(', ');
  const others = names.length - Math.min(NAMED, names.length);
  return new RefusedInputError(
    'dicomdir-incomplete',
    `${file} refers to ${shown}${others > 0 ? ` and ${others} more` : ''}, which ${names.length === 1 ? 'is' : 'are'} not there.`,
    remedy,
    { file, missing: names.join(',') }
  );
}

/** Media write names in capitals; copies of them are often in small letters. Never outside the folder. */
async function existing(folder: string, parts: string[]): Promise<string | null> {
  if (parts.some((part) => part === '..' || part.includes('/'))) return null;
  for (const change of [String, (part: string) => part.toLowerCase()]) {
    const name = path.join(folder, ...parts.map((part) => change(part)));
    if ((await stat(name).catch(() => null))?.isFile()) return name;
  }
  return null;
}
