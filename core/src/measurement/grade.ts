import type { GradeDoubt, SliceMeasurement, SuggestedGrade, VolumeMeasurement } from '../types';
import { shortImageName } from '../volume';
import type { AlignmentDoubt } from './alignmentDoubt';

export type NakashimaGrade = SuggestedGrade['suggested'];

/**
 * Vestibular grade after Nakashima et al. (2009) from the AREA ratio on one slice: none up to 1/3,
 * mild up to 1/2, significant above. The thresholds were made for areas: never pass a volume ratio.
 */
export function nakashimaGrade(areaRatio: number): NakashimaGrade {
  if (areaRatio <= MILD_ABOVE) return 'none';
  return areaRatio <= SIGNIFICANT_ABOVE ? 'mild' : 'significant';
}

const MILD_ABOVE = 1 / 3;
const SIGNIFICANT_ABOVE = 1 / 2;
/** A neighbouring slice counts where it holds this share of the representative slice's pixels. */
const MIN_NEIGHBOUR_SHARE = 0.5;
/**
 * Difference of area and volume ratio that counts as wide: more than the same ear reads otherwise when it is acquired
 * half a pixel aside (docs/method.md, "What a grade stands on").
 */
const WIDE_GAP = 0.07;

export interface GradeInput {
  /** The representative slice. */
  area: SliceMeasurement;
  /** The slices next to it in the stack; null where the organ has no pixel there. */
  neighbours: readonly (SliceMeasurement | null)[];
  volume: Pick<VolumeMeasurement, 'ratio'>;
  /** What alignment may have left of an error in the ratio. */
  alignment?: AlignmentDoubt | null;
}

/**
 * The grade with what would change it: the interval of the area ratio reaches over a threshold, or what alignment may have
 * left does; a neighbouring slice has another grade; or the volume ratio lies on the other side of a threshold and farther
 * from the area ratio than repeating the scan explains.
 * The last is no grade of the volume: it says that this slice is not typical of the organ.
 */
export function suggestGrade(input: GradeInput): SuggestedGrade {
  const { area, neighbours, volume, alignment = null } = input;
  const suggested = nakashimaGrade(area.ratio);
  const doubts: GradeDoubt[] = [
    ...intervalDoubt(area, suggested),
    ...(alignment ? leftByAlignment(area.ratio, alignment, suggested) : []),
    ...neighbours.flatMap((slice) => neighbourDoubt(area, slice, suggested)),
    ...gapDoubt(area.ratio, volume.ratio),
  ];
  return { scheme: 'nakashima', suggested, borderline: doubts.length > 0, doubts };
}

/** For an ear whose ratio may read too high because of little gadolinium: "none" then is "none" all the more. */
export function doubtWeakEnhancement(grade: SuggestedGrade): SuggestedGrade {
  const known = grade.doubts.some(({ code }) => code === 'weak-enhancement');
  if (grade.suggested === 'none' || known) return grade;
  const doubt: GradeDoubt = {
    code: 'weak-enhancement',
    message:
      'The perilymph of this ear is weakly enhanced: the ratio may read too high, and so may the grade.',
  };
  return { ...grade, borderline: true, doubts: [...grade.doubts, doubt] };
}

function intervalDoubt({ interval }: SliceMeasurement, suggested: NakashimaGrade): GradeDoubt[] {
  if (!interval) return [];
  const ends = interval.map(nakashimaGrade);
  if (ends.every((grade) => grade === suggested)) return [];
  const message =
    `Because of noise and of how exactly PPI lies on PEI, the area ratio may lie anywhere from ${percent(interval[0])} to ${percent(interval[1])}: ` +
    (ends[0] === ends[1] ? `${ends[0]}.` : `${ends[0]} to ${ends[1]}.`);
  return [{ code: 'interval', message }];
}

function leftByAlignment(
  ratio: number,
  { left, because }: AlignmentDoubt,
  suggested: NakashimaGrade
): GradeDoubt[] {
  const grades = [ratio - left, ratio + left].map(nakashimaGrade);
  if (grades.every((grade) => grade === suggested)) return [];
  const message =
    `${because}: the area ratio of ${percent(ratio)} may be off by ` +
    `${(100 * left).toFixed(0)} points: ${[...new Set(grades)].join(' to ')}.`;
  return [{ code: 'alignment', message }];
}

function neighbourDoubt(
  area: SliceMeasurement,
  slice: SliceMeasurement | null,
  suggested: NakashimaGrade
): GradeDoubt[] {
  if (!slice || slice.totalPixels < MIN_NEIGHBOUR_SHARE * area.totalPixels) return [];
  const grade = nakashimaGrade(slice.ratio);
  if (grade === suggested) return [];
  const message = `On the neighbouring ${shortImageName(slice.image)} the area ratio is ${percent(slice.ratio)}: ${grade}.`;
  return [{ code: 'neighbouring-slice', message }];
}

function gapDoubt(area: number, volume: number): GradeDoubt[] {
  const apart = [MILD_ABOVE, SIGNIFICANT_ABOVE].some(
    (threshold) => area > threshold !== volume > threshold
  );
  const gap = volume - area;
  if (!apart || Math.abs(gap) < WIDE_GAP) return [];
  const message =
    `The volume ratio of ${percent(volume)} lies ${Math.abs(100 * gap).toFixed(0)} points ` +
    `${gap < 0 ? 'below' : 'above'} the area ratio of ${percent(area)}: this slice is not typical of the vestibule.`;
  return [{ code: 'area-volume-gap', message }];
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}
