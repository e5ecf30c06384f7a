import { PARTS, RESULT_PARTS, isResultPart, perPart } from '@inner-ear-hydrops/core';
import type { SavePart } from './HydropsState';

/** In the order of storing: the report refers to the segmentation, which is what makes a result. */
export const SAVE_ORDER: readonly SavePart[] = RESULT_PARTS;

export const PART_NAMES: Record<SavePart, string> = perPart((part) => PARTS[part].label);

export const isSavePart: (value: unknown) => value is SavePart = isResultPart;

export type SaveParts = Record<SavePart, boolean>;

/**
 * The parts after choosing or leaving out a part: with it what it refers to, without it what refers to it. A report
 * without its segmentation would refer to nothing.
 */
export function withPart(parts: SaveParts, part: SavePart, chosen: boolean): SaveParts {
  const next = { ...parts, [part]: chosen };
  for (const other of SAVE_ORDER) {
    if (chosen && needs(part, other)) next[other] = true;
    if (!chosen && needs(other, part)) next[other] = false;
  }
  return next;
}

/** Without the parts that refer to a part which is not chosen. */
export function wholeParts(parts: SaveParts): SaveParts {
  const lacks = (part: SavePart) => SAVE_ORDER.some((other) => needs(part, other) && !parts[other]);
  return perPart((part) => parts[part] && !lacks(part));
}

function needs(part: SavePart, other: SavePart): boolean {
  const names: readonly string[] = PARTS[part].needs;
  return names.includes(other);
}
