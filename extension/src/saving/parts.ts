import { RESULT_PARTS } from '@inner-ear-hydrops/core/dicom';
import type { SavePart } from '../state';

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

type Parts = Record<SavePart, boolean>;

/** The parts after choosing or leaving out one; a report without its segmentation would refer to nothing. */
export function withPart(parts: Parts, part: SavePart, chosen: boolean): Parts {
  const next = { ...parts, [part]: chosen };
  if (part === 'report' && chosen) next.segmentation = true;
  if (part === 'segmentation' && !chosen) next.report = false;
  return next;
}

const REMEMBERED = 'inner-ear-hydrops.save-parts';

/** The reader's last choice in this browser, else the site's, else the built-in one. */
export function rememberedParts(builtIn: Parts, ofSite: Partial<Parts>): Parts {
  const parts = { ...builtIn, ...ofSite };
  try {
    const stored = JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') as Partial<Parts>;
    for (const part of SAVE_ORDER) {
      if (typeof stored[part] === 'boolean') parts[part] = stored[part];
    }
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
  return parts.segmentation ? parts : { ...parts, report: false };
}

export function rememberParts(parts: Parts): void {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(parts));
  } catch {
    // As above.
  }
}
