import { open, readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import { isDirectoryFile, referencedFiles, requireWholeMedium } from './mediumDirectory';
import { ZipReader } from './zipFile';

/** Bytes that a gzip file may hold. */
const MAX_UNPACKED = 1 << 30;
/** Zip files whose directories are kept; a study comes in one or a few. */
const OPEN_ZIPS = 8;

/** A medium or zip file that is not all there, in a cohort whose other files can be used. */
export interface LostInput {
  /** The DICOMDIR or zip file. */
  file: string;
  error: RefusedInputError;
}

/**
 * All files below the given files and directories, in a stable order; hidden files are left out.
 * What lies in a zip file is listed as `study.zip/folder/file`; a DICOMDIR stands for the files that
 * it refers to, and one in a directory or zip file wants them to be there. `readBuffer` reads every path of the list.
 *
 * @param onLost told of a medium or zip file that is not all there; the others are listed. Absent: it is refused.
 * @throws RefusedInputError `input-missing`, `input-empty`, `zip-unreadable`, `dicomdir-incomplete`
 */
export async function listFiles(
  inputs: string[],
  onLost?: (lost: LostInput) => void
): Promise<string[]> {
  const found: string[] = [];
  const orLost = async (file: string, list: Promise<string[]>): Promise<string[]> => {
    try {
      return await list;
    } catch (error) {
      if (!onLost || !(error instanceof RefusedInputError)) throw error;
      onLost({ file, error });
      return [];
    }
  };
  for (const input of inputs) {
    const information = await stat(input).catch(() => null);
    if (!information) {
      throw new RefusedInputError(
        'input-missing',
        `There is no file or directory "${input}".`,
        'Check the path.'
      );
    }
    if (!information.isDirectory()) {
      found.push(
        ...(isDirectoryFile(input)
          ? await orLost(input, referencedFiles(input, readBuffer))
          : [input])
      );
      continue;
    }
    const entries = await readdir(input, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isFile() && !entry.name.startsWith('.')) {
        found.push(path.join(entry.parentPath, entry.name));
      }
    }
  }
  const unpacked: string[] = [];
  for (const file of new Set(found)) {
    if (await isZip(file)) unpacked.push(...(await orLost(file, namesInZip(file))));
    else unpacked.push(file);
  }
  for (const file of unpacked) {
    if (!isDirectoryFile(file)) continue;
    await orLost(
      file,
      requireWholeMedium(file, unpacked, readBuffer).then(() => [])
    );
  }
  if (unpacked.length === 0 && !onLost) {
    throw new RefusedInputError(
      'input-empty',
      `No files were found in ${inputs.map((input) => `"${input}"`).join(', ')}.`,
      'Give a directory that holds the DICOM files of one study.'
    );
  }
  return unpacked.sort();
}

/**
 * Reads one file of `listFiles` into an ArrayBuffer of exactly its size; gzip is unpacked.
 *
 * @throws RefusedInputError `gzip-unreadable`, `zip-unreadable`
 */
export async function readBuffer(file: string): Promise<ArrayBuffer> {
  const content = await contentOf(file);
  const plain =
    content[0] === 0x1f && content[1] === 0x8b ? await unzipped(file, content) : content;
  return plain.buffer.slice(plain.byteOffset, plain.byteOffset + plain.byteLength) as ArrayBuffer;
}

/** One file of `listFiles` as it is stored. @throws RefusedInputError `zip-unreadable` */
export async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    // "Not a directory" is what the system says of a path into a zip file.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
    for (let zip = path.dirname(file); zip !== path.dirname(zip); zip = path.dirname(zip)) {
      const information = await stat(zip).catch(() => null);
      if (!information?.isFile()) continue;
      return (await openZip(zip)).read(file.slice(zip.length + 1));
    }
    throw error;
  }
}

async function unzipped(file: string, content: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(content, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    throw new RefusedInputError(
      'gzip-unreadable',
      `${file} cannot be unpacked: ${(error as Error).message}.`,
      'Copy or send the file again.',
      { file }
    );
  }
}

async function isZip(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'PK\u0003\u0004';
  } finally {
    await handle.close();
  }
}

const zips = new Map<string, Promise<ZipReader>>();

/** Reading a directory of thousands of entries again for each of them would take minutes. */
function openZip(file: string): Promise<ZipReader> {
  const known = zips.get(file);
  if (known) return known;
  const opened = ZipReader.open(file);
  zips.set(file, opened);
  opened.catch(() => zips.delete(file));
  const [oldest] = zips.keys();
  if (oldest !== undefined && zips.size > OPEN_ZIPS) closeZip(oldest);
  return opened;
}

function closeZip(file: string): void {
  const reader = zips.get(file);
  zips.delete(file);
  void reader?.then((zip) => zip.close()).catch(() => undefined);
}

async function namesInZip(file: string): Promise<string[]> {
  // The file may be another than when it was opened last.
  closeZip(file);
  const { names } = await openZip(file);
  return names
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .map((name) => `${file}/${name}`);
}
