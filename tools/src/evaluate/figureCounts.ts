/** Figures that not every organ has. */
export type Figure =
  | 'hausdorff95'
  | 'volumeRatio'
  | 'areaRatio'
  | 'commonSlice'
  | 'commonSliceRatio'
  | 'sliceDistance';

export const FIGURES: readonly Figure[] = [
  'hausdorff95',
  'volumeRatio',
  'areaRatio',
  'commonSlice',
  'commonSliceRatio',
  'sliceDistance',
];

/** Why an organ is not in a figure, in words that stand behind its number. */
export type WhyNot =
  | 'not found'
  | 'no PPI or PEI'
  | 'on chosen slices'
  | 'no ratio in the annotated region'
  | 'no ratio in the found region'
  | 'no slice stands for it'
  | 'fewer than three organs';

/** Why an organ is not in a figure, for each figure that it is not in. */
export type Without = Partial<Record<Figure, WhyNot>>;

/** Organs in a figure, and those that are not, by reason: together all organs that are judged. */
export interface FigureCount {
  used: number;
  leftOut: Partial<Record<WhyNot, number>>;
}

export type FigureCounts = Record<Figure, FigureCount>;

/** Agreement is not told of fewer pairs. */
export const LEAST_PAIRS = 3;

const AGREEMENTS: ReadonlySet<Figure> = new Set(['volumeRatio', 'areaRatio', 'commonSliceRatio']);

export function figureCounts(organs: readonly { without: Without }[]): FigureCounts {
  const count = (figure: Figure): FigureCount => {
    const leftOut: FigureCount['leftOut'] = {};
    const add = (reason: WhyNot, number: number) => {
      if (number > 0) leftOut[reason] = (leftOut[reason] ?? 0) + number;
    };
    for (const { without } of organs) {
      const reason = without[figure];
      if (reason) add(reason, 1);
    }
    const used = organs.filter(({ without }) => !without[figure]).length;
    if (!AGREEMENTS.has(figure) || used >= LEAST_PAIRS) return { used, leftOut };
    add('fewer than three organs', used);
    return { used: 0, leftOut };
  };
  return Object.fromEntries(FIGURES.map((figure) => [figure, count(figure)])) as FigureCounts;
}

/** Each figure that an organ lacks, with the first reason that explains it. */
export function whyWithout(
  figures: {
    hausdorff95: number | null;
    volumeRatio: object | null;
    areaRatio: object | null;
    commonSlice: { ratio: object | null } | null;
    sliceDistance: object | null;
  },
  known: Record<'isFound' | 'hasSlice' | 'isChosen' | 'hasImages' | 'hasReference', boolean>
): Without {
  const { hausdorff95, volumeRatio, areaRatio, commonSlice, sliceDistance } = figures;
  const noSlice = known.hasSlice ? null : 'no slice stands for it';
  const notFound = known.isFound ? null : 'not found';
  const noImages = known.hasImages ? null : 'no PPI or PEI';
  const noRatio = known.hasReference
    ? 'no ratio in the found region'
    : 'no ratio in the annotated region';
  const ofRatio = noImages ?? (known.hasReference ? notFound : null) ?? noRatio;
  const reasons: Record<Figure, WhyNot | null> = {
    hausdorff95: hausdorff95 === null ? 'not found' : null,
    volumeRatio: volumeRatio ? null : known.isChosen ? 'on chosen slices' : ofRatio,
    areaRatio: areaRatio ? null : ofRatio,
    commonSlice: commonSlice ? null : noSlice,
    commonSliceRatio: commonSlice?.ratio ? null : (noSlice ?? ofRatio),
    sliceDistance: sliceDistance ? null : (noSlice ?? notFound ?? 'no slice stands for it'),
  };
  return Object.fromEntries(Object.entries(reasons).filter(([, reason]) => reason !== null));
}

/** "60"; "52 (without 6 not found, 2 on chosen slices)" */
export function figureCountWords({ used, leftOut }: FigureCount): string {
  const reasons = Object.entries(leftOut).map(([reason, number]) => `${number} ${reason}`);
  return reasons.length === 0 ? String(used) : `${used} (without ${reasons.join(', ')})`;
}
