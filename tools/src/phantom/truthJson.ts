import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import type { PhantomStudy } from '@inner-ear-hydrops/phantom';

/**
 * What is known of a phantom, as JSON: ear centres (LPS mm), representative slices (index k of the
 * MRC grid), exact endolymph fractions, and the grid. Voxel values (`anatomy`, codes of ANATOMY) are
 * run-length coded as [value, count, …] in the order of the volume.
 */
export function truthJson(seed: number, study: PhantomStudy, objects: EncodedObject[]): string {
  const { anatomy, endolymphFraction: _tooLarge, ...known } = study.truth;
  const { size, spacing, origin, direction } = study.mrc;
  const truth = {
    schema: 'inner-ear-hydrops/phantom-truth@1',
    seed,
    studyInstanceUid: String(objects[0]?.dataset.StudyInstanceUID ?? ''),
    grid: { size, spacing, origin, direction },
    ...known,
    anatomy: runLengths(anatomy),
  };
  return `${JSON.stringify(truth)}\n`;
}

function runLengths(values: Uint8Array): number[] {
  const runs: number[] = [];
  let start = 0;
  for (let i = 1; i <= values.length; i++) {
    if (i === values.length || values[i] !== values[start]) {
      runs.push(values[start] ?? 0, i - start);
      start = i;
    }
  }
  return runs;
}
