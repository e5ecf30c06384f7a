import type { PreparedStudy } from '../study';

/** What a ratio may be off by, 0–1, and why. */
export interface AlignmentDoubt {
  left: number;
  because: string;
}

/** mm; on larger pixels interpolation changes a ratio more. */
const LARGE_PIXEL = 0.6;

/**
 * What moving and interpolating series may have left of an error in a ratio (docs/method.md, "Motion between the series");
 * null where PPI and PEI are as they were stored: the interval holds what their alignment then may be off by.
 */
export function alignmentDoubt({
  alignment: { ppi, pei },
  mrc: { spacing },
}: Pick<PreparedStudy, 'alignment' | 'mrc'>): AlignmentDoubt | null {
  const series = [ppi, pei].filter((report) => report !== null);
  const { displacement = 0 } = ppi.againstPei ?? {};
  const isLarge = Math.max(spacing[0], spacing[1]) > LARGE_PIXEL;
  if (series.every(({ interpolation }) => interpolation === 'none')) return null;
  const isMoved = series.some(({ treatment }) => treatment === 'corrected');
  return {
    left: isLarge ? 0.3 : isMoved && displacement > 0.5 ? 0.2 : 0.1,
    because: isMoved ? 'Motion was corrected' : 'A series was interpolated onto the grid of MRC',
  };
}
