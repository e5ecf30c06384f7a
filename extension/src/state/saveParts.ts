import { RESULT_PARTS } from '@inner-ear-hydrops/core/dicom';
import type { SavePart } from './HydropsState';

/** In the order of storing: the report refers to the segmentation, which is what makes a result. */
export const SAVE_ORDER: readonly SavePart[] = RESULT_PARTS;

export const PART_NAMES: Record<SavePart, string> = {
  hydrops: 'HYDROPS',
  'hydrops-mi2': 'HYDROPS-Mi2',
  segmentation: 'Segmentation',
  report: 'Report',
  summary: 'Summary image',
};

export function isSavePart(value: unknown): value is SavePart {
  return SAVE_ORDER.some((part) => part === value);
}

export type SaveParts = Record<SavePart, boolean>;

/** The parts after choosing or leaving out one; a report without its segmentation would refer to nothing. */
export function withPart(parts: SaveParts, part: SavePart, chosen: boolean): SaveParts {
  const next = { ...parts, [part]: chosen };
  if (part === 'report' && chosen) next.segmentation = true;
  if (part === 'segmentation' && !chosen) next.report = false;
  return next;
}
