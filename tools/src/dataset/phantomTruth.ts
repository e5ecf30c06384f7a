import { readFile } from 'node:fs/promises';
import type { Geometry } from '@inner-ear-hydrops/core';
import type { PhantomTruth } from '@inner-ear-hydrops/phantom';
import { CommandError } from '../errors';

const TRUTH_SCHEMA = 'inner-ear-hydrops/phantom-truth@1';

/** `truth.json` of a phantom study, see `truthJson.ts`. */
export interface StoredTruth extends Pick<
  PhantomTruth,
  'anatomy' | 'ratios' | 'volumes' | 'earCenters' | 'representativeSlices'
> {
  seed: number;
  studyInstanceUid: string;
  /** Of MRC. */
  grid: Geometry;
}

/** @throws CommandError (status 2) when the file is not such a truth. */
export async function readTruth(file: string): Promise<StoredTruth> {
  let parsed: Omit<StoredTruth, 'anatomy'> & { schema?: string; anatomy: number[] };
  try {
    parsed = JSON.parse(await readFile(file, 'utf8')) as typeof parsed;
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}`, 2);
  }
  if (parsed.schema !== TRUTH_SCHEMA) {
    throw new CommandError(
      `${file} is of schema "${parsed.schema ?? '(none)'}", not "${TRUTH_SCHEMA}". Make the cohort again with hydrops phantom.`,
      2
    );
  }
  const { size } = parsed.grid;
  const anatomy = new Uint8Array(size[0] * size[1] * size[2]);
  let at = 0;
  for (let n = 0; n < parsed.anatomy.length; n += 2) {
    const end = at + parsed.anatomy[n + 1]!;
    anatomy.fill(parsed.anatomy[n]!, at, end);
    at = end;
  }
  return { ...parsed, anatomy };
}
