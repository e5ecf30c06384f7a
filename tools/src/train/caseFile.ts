import { type PerAxis } from '@inner-ear-hydrops/core';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { EarSide, Vector3 } from '@inner-ear-hydrops/core';
import type { AnnotationKind } from '../dataset/coverage';

/** A simulated or measured MRC crop with its anatomy, on a grid with axes along +x, +y, +z. */
export interface LabelledImage {
  kind: 'head' | 'ear';
  /** Of an ear crop. */
  side: EarSide | null;
  size: Vector3;
  spacing: Vector3;
  /** Voxel (i, j, k) at `i + columns·(j + rows·k)`. */
  mrc: Float32Array;
  /** `ANATOMY` codes, right-ear structures `RIGHT_EAR_OFFSET` higher. */
  anatomy: Uint8Array;
}

/** An image with what is known of its annotation. */
export interface TrainingImage extends LabelledImage {
  patient: string;
  annotation: AnnotationKind;
  /** Annotated classes as bits: of an ear its structures, of a head its ears (`LOCATOR_BITS`). */
  known: number;
  /** Those of them that are known on every slice; the others on the slices that show them. */
  whole: number;
  /** Where samples of each axis lie within the acquired image; everywhere when absent. */
  inside?: PerAxis<boolean[]>;
}

/** Writes the images of one case: a line of JSON, then MRC (float32) and anatomy of each. */
export async function writeCaseFile(path: string, images: LabelledImage[]): Promise<void> {
  const header = images.map(({ kind, side, size, spacing }) => ({ kind, side, size, spacing }));
  const parts: Uint8Array[] = [Buffer.from(`${JSON.stringify(header)}\n`)];
  for (const image of images) {
    parts.push(Buffer.from(image.mrc.buffer, image.mrc.byteOffset, image.mrc.byteLength));
    parts.push(Buffer.from(image.anatomy));
  }
  await writeFile(`${path}.part`, Buffer.concat(parts));
  await rename(`${path}.part`, path);
}

export async function readCaseFile(path: string): Promise<LabelledImage[]> {
  const contents = await readFile(path);
  const end = contents.indexOf(10);
  const header = JSON.parse(contents.subarray(0, end).toString()) as Omit<
    LabelledImage,
    'mrc' | 'anatomy'
  >[];
  let offset = end + 1;
  return header.map((entry) => {
    const voxels = entry.size[0] * entry.size[1] * entry.size[2];
    const mrc = new Float32Array(
      Uint8Array.from(contents.subarray(offset, offset + 4 * voxels)).buffer
    );
    offset += 4 * voxels;
    const anatomy = Uint8Array.from(contents.subarray(offset, offset + voxels));
    offset += voxels;
    return { ...entry, mrc, anatomy };
  });
}
