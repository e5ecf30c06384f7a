import { hydropsOf, endolymphMask } from '../src/hydrops';
import type { PreparedStudy } from '../src/study';
import { eitherOf } from '../src/analysis/masks';
import {
  SEGMENTS,
  type ImageReference,
  type LabelVolume,
  type Measurement,
  type Vector3,
  type Volume,
} from '../src/types';
import { flatPatches, latticeSampling } from '../src/volume';
import { axialGrid, randomNumbers, volumeOf } from './testGrids';
import { measure } from '../src/measurement/measure';

export type Images = Record<'mrc' | 'ppi' | 'pei', Volume>;

/** Noise in which each voxel has its sign by its place in the patient; two "ears" of 300 voxels each. */
export const grid = axialGrid([24, 16, 8], [0.5, 0.5, 1], [-6, 10, -3]);
const random = randomNumbers(5);
const noise = new Map<string, number[]>();
export const valueAt = (point: readonly number[], which: number): number => {
  const key = point.map((x) => x.toFixed(3)).join(' ');
  let values = noise.get(key);
  if (!values) noise.set(key, (values = [1 + random(), random(), random()]));
  return values[which]!;
};
export const images: Images = {
  mrc: volumeOf(grid, (point) => valueAt(point, 0)),
  ppi: volumeOf(grid, (point) => valueAt(point, 1)),
  pei: volumeOf(grid, (point) => valueAt(point, 2)),
};

/** Labels by place: an organ is where it is in the patient, however the image is stored. */
export const labelAt = ([x, y, z]: Readonly<Vector3>): number => {
  if (Math.abs(x) < 1 || Math.abs(x) > 4.6 || Math.abs(y - 13.75) > 3.5 || Math.abs(z) > 2.5)
    return 0;
  return (x > 0 ? 1 : 3) + (y > 13.6 ? 1 : 0);
};
export const labelsOn = (volume: Volume): LabelVolume => ({
  ...volume,
  data: Uint8Array.from(volumeOf(volume, labelAt).data),
  segments: [...SEGMENTS],
});

const imagesOfStack = ({ size }: Volume): ImageReference[] =>
  Array.from({ length: size[2] }, (_, k) => ({
    seriesNumber: 4,
    instanceNumber: k + 1,
    frameNumber: null,
    sopInstanceUid: `2.25.9.${k}`,
  }));

/** Three series on one grid, unmoved; padding is what their volumes say is missing. */
export function prepared({ mrc, ppi, pei }: Images): PreparedStudy {
  const series = Object.entries({ mrc, ppi, pei }) as [keyof Images, Volume][];
  const { hydrops, hydropsMi2 } = hydropsOf('hydrops-mi2', { mrc, ppi, pei });
  const still = {
    treatment: 'identical' as const,
    translation: [0, 0, 0] as [number, number, number],
    rotation: [0, 0, 0] as [number, number, number],
    displacement: 0,
    interpolation: 'none' as const,
  };
  return {
    header: { studyInstanceUid: '2.25.1', mrc: '2.25.2', ppi: '2.25.3', pei: '2.25.4' },
    mrc,
    ppi,
    pei,
    hydrops,
    hydropsMi2,
    method: 'hydrops-mi2',
    mrcScale: null,
    alignment: { ppi: still, pei: still },
    warnings: [],
    images: imagesOfStack(mrc),
    faults: [],
    gaps: series.map(([role, volume]) => ({
      role,
      images: imagesOfStack(mrc),
      sampling: latticeSampling(volume, [0, 0, 0]),
      missing: volume.missing ?? null,
      flat: flatPatches(volume, new Set()),
    })),
    missing: eitherOf([mrc.missing, ppi.missing, pei.missing]),
    leftOut: eitherOf([mrc.missing, ppi.missing, pei.missing]),
    endolymph: endolymphMask(hydropsMi2),
  };
}

export const SLICES = {
  left: { cochlea: 3, vestibule: 4 },
  right: { cochlea: 3, vestibule: 4 },
};

export function measured(of: Images, slices: typeof SLICES = SLICES): Measurement {
  const labels = labelsOn(of.mrc);
  return measure({
    prepared: prepared(of),
    labels,
    // As a network's: two ears that nearly touch are no patient's, and regions that people draw are judged.
    automatic: labels,
    representativeSlices: slices,
    model: null,
  });
}
