import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { RefusedInputError } from '@inner-ear-hydrops/core';

/** All files below the given files and directories, in a stable order; hidden files are left out. */
export async function listFiles(inputs: string[]): Promise<string[]> {
  const found: string[] = [];
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
      found.push(input);
      continue;
    }
    const entries = await readdir(input, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isFile() && !entry.name.startsWith('.')) {
        found.push(path.join(entry.parentPath, entry.name));
      }
    }
  }
  if (found.length === 0) {
    throw new RefusedInputError(
      'input-empty',
      `No files were found in ${inputs.map((input) => `"${input}"`).join(', ')}.`,
      'Give a directory that holds the DICOM files of one study.'
    );
  }
  return [...new Set(found)].sort();
}

/** Reads one file into an ArrayBuffer of exactly its size. */
export async function readBuffer(file: string): Promise<ArrayBuffer> {
  const content = await readFile(file);
  return content.buffer.slice(
    content.byteOffset,
    content.byteOffset + content.byteLength
  ) as ArrayBuffer;
}
