/** Masks of 0 and 1; null where nothing is marked. */
export type Mask = Uint8Array | null;

/** 1 where one of several masks of equal length is 1. */
export function eitherOf(masks: readonly (Mask | undefined)[]): Mask {
  const given = masks.filter((mask) => mask !== null && mask !== undefined);
  const [first, ...rest] = given;
  if (!first || rest.length === 0) return first ?? null;
  const all = first.slice();
  for (const mask of rest) for (let n = 0; n < all.length; n++) all[n]! |= mask[n]!;
  return all;
}
