import { cornerstone } from './cornerstone';

/** Less than this, mm or cosine, is rounding. */
const ROUNDING = 1e-4;

/** Whether the pixels of two images are the same places in the patient. */
export function samePlane(imageId: string, reference: string): boolean {
  const { metaData } = cornerstone();
  const [a, b] = [imageId, reference].map(
    (id) => metaData.get('imagePlaneModule', id) as ImagePlane | undefined
  );
  if (!a || !b || a.rows !== b.rows || a.columns !== b.columns) return false;
  return (['imagePositionPatient', 'rowCosines', 'columnCosines'] as const).every((field) => {
    const [from, to] = [a[field], b[field]];
    return from?.every((value, axis) => Math.abs(value - (to?.[axis] ?? NaN)) < ROUNDING);
  });
}

interface ImagePlane {
  rows: number;
  columns: number;
  imagePositionPatient?: number[];
  rowCosines?: number[];
  columnCosines?: number[];
}
