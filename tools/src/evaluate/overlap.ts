/** Voxels of one label in two label arrays. */
export interface Overlap {
  both: number;
  truth: number;
  found: number;
}

export function overlapOf(
  truth: ArrayLike<number>,
  found: ArrayLike<number>,
  code: number
): Overlap {
  const overlap = { both: 0, truth: 0, found: 0 };
  for (let voxel = 0; voxel < truth.length; voxel++) {
    const isTruth = truth[voxel] === code;
    const isFound = found[voxel] === code;
    if (isTruth) overlap.truth++;
    if (isFound) overlap.found++;
    if (isTruth && isFound) overlap.both++;
  }
  return overlap;
}

/** 2 |A ∩ B| / (|A| + |B|); 1 where both are empty. */
export function dice({ both, truth, found }: Overlap): number {
  return truth + found === 0 ? 1 : (2 * both) / (truth + found);
}

/** |A ∩ B| / |A ∪ B|; 1 where both are empty. */
export function intersectionOverUnion({ both, truth, found }: Overlap): number {
  const union = truth + found - both;
  return union === 0 ? 1 : both / union;
}
