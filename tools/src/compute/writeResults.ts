import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Path inside the output directory, with forward slashes, to its content. */
export type OutputFiles = Map<string, string | Uint8Array>;

/**
 * Writes all files into a temporary place inside `directory` and renames them only when every file
 * is complete, so that a reader of `directory` never meets a half-written result. Earlier results
 * of the same names are replaced; other files are left alone.
 */
export async function writeResults(directory: string, files: OutputFiles): Promise<void> {
  await mkdir(directory, { recursive: true });
  const temporary = await mkdtemp(path.join(directory, '.hydrops-partial-'));
  try {
    for (const [name, content] of files) {
      const target = path.join(temporary, name);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, content);
    }
    const topLevel = new Set([...files.keys()].map((name) => name.replace(/\/.*/s, '')));
    for (const name of topLevel) {
      await rm(path.join(directory, name), { recursive: true, force: true });
      await rename(path.join(temporary, name), path.join(directory, name));
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
