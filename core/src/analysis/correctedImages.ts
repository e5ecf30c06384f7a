import type { MovingRole } from '../registry';
import type { PreparedStudy } from '../study';
import type { Volume } from '../types';

/** PPI or PEI as it was measured: moved back to where it fits MRC. */
export interface CorrectedImage {
  /** On MRC's grid. */
  volume: Volume;
  /** By how much it had moved: the largest displacement at the ears, mm. */
  displacement: number;
}

export type CorrectedImages = Partial<Record<MovingRole, CorrectedImage>>;

/** The series whose motion was corrected: on these an outline does not fit the images as they are stored. */
export function correctedImages({ ppi, pei, alignment }: PreparedStudy): CorrectedImages {
  const corrected: CorrectedImages = {};
  const add = (role: MovingRole, volume: Volume | null) => {
    const report = alignment[role];
    if (!volume || report?.treatment !== 'corrected') return;
    corrected[role] = { volume, displacement: report.displacement };
  };
  add('ppi', ppi);
  add('pei', pei);
  return corrected;
}
