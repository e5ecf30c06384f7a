import {
  earCentersOf,
  measure,
  prepareStudy,
  type Measurement,
  type Role,
  type Series,
  type Vector3,
  type Volume,
} from '@inner-ear-hydrops/core';
import { seriesOf } from '../../core/test/testGrids';
import { labelsOf, simulateEars } from '../support/phantomStudy';

// A patient who moves once, before PPI, has moved by the same before PEI. What is subtracted must then stay together: a
// tenth of a millimetre between the two changes ratios by several points.

jest.setTimeout(120_000);

const still = simulateEars(4, { hydrops: { left: 0.5, right: 0.2 } });
const labels = labelsOf(still.truth.anatomy, still.mrc);
const centers = Object.values<Vector3>(earCentersOf(labels));

/** By whole voxels: nothing is interpolated, and the exact inverse is the still image. */
function shifted(volume: Volume, [i, j, k]: Vector3): Volume {
  const [columns, rows, slices] = volume.size;
  const at = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
  return {
    ...volume,
    data: volume.data.map((_, n) => {
      const x = at((n % columns) - i, columns);
      const y = at((Math.floor(n / columns) % rows) - j, rows);
      const z = at(Math.floor(n / (columns * rows)) - k, slices);
      return volume.data[x + columns * (y + rows * z)]!;
    }),
  };
}

function measured(ppi: Volume, pei: Volume): Measurement {
  const series = (role: Role, volume: Volume): Series =>
    seriesOf(volume, { seriesInstanceUid: role, seriesDescription: role });
  const prepared = prepareStudy(
    { mrc: series('mrc', still.mrc), ppi: series('ppi', ppi), pei: series('pei', pei) },
    { centers }
  );
  return measure({ prepared, labels, anatomy: still.truth.anatomy, model: null });
}

const ratios = ({ ears }: Measurement): number[] =>
  (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).map((organ) => ears[ear]?.[organ]?.volume.ratio ?? NaN)
  );

const unmoved = measured(still.ppi, still.pei);

test.each<Vector3>([
  [2, -1, 1],
  [-3, -4, 2],
])(
  'a movement of %i, %i, %i voxels before both series moves no ratio by more than 0.015',
  (...by) => {
    const found = measured(shifted(still.ppi, by), shifted(still.pei, by));
    expect(found.alignment?.ppi.treatment).toBe('corrected');
    expect(found.alignment?.ppi.translation).toEqual(found.alignment?.pei?.translation);
    ratios(found).forEach((ratio, n) =>
      expect(Math.abs(ratio - ratios(unmoved)[n]!)).toBeLessThan(0.015)
    );
  }
);

test('a movement between the two series is undone where it is', () => {
  const found = measured(still.ppi, shifted(still.pei, [2, -1, 1]));
  expect(found.alignment?.ppi.treatment).toBe('identical');
  expect(found.alignment?.pei?.treatment).toBe('corrected');
  ratios(found).forEach((ratio, n) =>
    expect(Math.abs(ratio - ratios(unmoved)[n]!)).toBeLessThan(0.06)
  );
});
