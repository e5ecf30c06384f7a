export type NakashimaGrade = 'none' | 'mild' | 'significant';

/**
 * Vestibular grade after Nakashima et al. (2009) from the AREA ratio on one slice: none up to 1/3,
 * mild up to 1/2, significant above. The thresholds were made for areas: never pass a volume ratio.
 */
export function nakashimaGrade(areaRatio: number): NakashimaGrade {
  if (areaRatio <= 1 / 3) return 'none';
  return areaRatio <= 1 / 2 ? 'mild' : 'significant';
}
