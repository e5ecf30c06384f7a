import { PARTS, RESULT_PARTS, isResultPart, perPart } from '@inner-ear-hydrops/core';
import type { SavePart } from '../state';

/** In the order of storing: the report refers to the segmentation, which is what makes a result. */
export const SAVE_ORDER: readonly SavePart[] = RESULT_PARTS;

export const PART_NAMES: Record<SavePart, string> = perPart((part) => PARTS[part].label);

export const isSavePart: (value: unknown) => value is SavePart = isResultPart;

type Parts = Record<SavePart, boolean>;

/**
 * The parts after choosing or leaving out one: with it what it refers to, without it what refers to it. A report
 * without its segmentation would refer to nothing.
 */
export function withPart(parts: Parts, part: SavePart, chosen: boolean): Parts {
  const next = { ...parts, [part]: chosen };
  for (const other of SAVE_ORDER) {
    if (chosen && needs(part, other)) next[other] = true;
    if (!chosen && needs(other, part)) next[other] = false;
  }
  return next;
}

function needs(part: SavePart, other: SavePart): boolean {
  const names: readonly string[] = PARTS[part].needs;
  return names.includes(other);
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
  const lacks = (part: SavePart) => SAVE_ORDER.some((other) => needs(part, other) && !parts[other]);
  return perPart((part) => parts[part] && !lacks(part));
}

export function rememberParts(parts: Parts): void {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(parts));
  } catch {
    // As above.
  }
}
