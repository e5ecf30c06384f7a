import {
  EAR_SIDES,
  ORGAN_KEYS,
  earCentersOf,
  measure,
  prepareStudy,
  type Measurement,
  type Method,
  type Vector3,
} from '@inner-ear-hydrops/core';
import type { CaseOverrides } from '@inner-ear-hydrops/phantom';
import { seriesOf } from '../../core/test/testGrids';
import { labelsOf, simulateEars } from '../support/phantomStudy';

// PPI less PEI is the measurement: where the patient moved by a fraction of a pixel between the two, counted as they
// are, a ratio can double.

jest.setTimeout(120_000);

function measured(
  seed: number,
  motion: CaseOverrides['motion'] = {},
  method?: Method,
  noise = 0.008
): Measurement {
  const study = simulateEars(seed, { motion, noise, hydrops: { left: 0.15, right: 0.6 } });
  const labels = labelsOf(study.truth.anatomy, study.mrc);
  const series = (name: 'mrc' | 'ppi' | 'pei') =>
    seriesOf(study[name], { seriesInstanceUid: name, seriesDescription: name });
  const prepared = prepareStudy(
    { mrc: series('mrc'), ppi: series('ppi'), pei: series('pei') },
    { centers: Object.values<Vector3>(earCentersOf(labels)), ...(method && { method }) }
  );
  return measure({ prepared, labels, anatomy: study.truth.anatomy, model: null });
}

const volumeRatios = ({ ears }: Measurement): number[] =>
  EAR_SIDES.flatMap((ear) => ORGAN_KEYS.map((organ) => ears[ear]?.[organ]?.volume.ratio ?? NaN));
const moved = ({ warnings }: Measurement): (string | number | undefined)[] =>
  warnings.flatMap(({ code, values }) => (code === 'motion-corrected' ? [values?.series] : []));

/** What a corrected ratio may be off by: little more than the same ear acquired again half a pixel aside. */
const IN_PLANE = 0.08;
/** Between slices of 1 mm less can be put back. */
const ALONG_SLICES = 0.15;

const SEED = 621;
const still = measured(SEED);

function largestChange(now: Measurement, before = still): number {
  const ratios = volumeRatios(before);
  return Math.max(...volumeRatios(now).map((ratio, n) => Math.abs(ratio - (ratios[n] ?? NaN))));
}

test('without movement nothing is interpolated and nothing said', () => {
  expect(moved(still)).toEqual([]);
  for (const report of [still.alignment?.ppi, still.alignment?.pei]) {
    expect(report?.treatment).toBe('identical');
  }
  expect(still.alignment?.ppi.againstPei?.displacement).toBeLessThan(0.15);
});

test.each<[string, Vector3, Vector3, number]>([
  ['PPI by 0.18 mm', [0, 0.18, 0], [0, 0, 0], IN_PLANE],
  ['PEI by 0.25 mm', [0, 0, 0], [0.25, 0, 0], IN_PLANE],
  ['PEI by 0.4 mm along the slices’ normal', [0, 0, 0], [0, 0, 0.4], ALONG_SLICES],
  ['PPI and then PEI, each a little farther', [0, 0.3, 0], [0, 0.6, 0.1], IN_PLANE],
])('a movement of %s is undone and said', (_, ppi, pei, limit) => {
  const now = measured(SEED, { ppi: { translation: ppi }, pei: { translation: pei } });
  expect(moved(now)).not.toEqual([]);
  expect(largestChange(now)).toBeLessThan(limit);
});

test('a movement of PPI alone is said as one against PEI, and PEI stays as it was stored', () => {
  const now = measured(SEED, { ppi: { translation: [0, 0.35, 0] } });
  expect(moved(now)).toEqual(['PPI']);
  expect(now.alignment?.pei?.treatment).toBe('identical');
  const { message } = now.warnings.find(({ code }) => code === 'motion-corrected') ?? {};
  expect(largestChange(now)).toBeLessThan(IN_PLANE);
  expect(message).toMatch(/PPI had moved by 0\.\d mm against PEI/);
});

test('a movement of both before PPI is undone as one', () => {
  const both = { translation: [0.3, 0.2, 0.1] satisfies Vector3 };
  const now = measured(SEED, { ppi: both, pei: both });
  expect(moved(now).sort()).toEqual(['PEI', 'PPI']);
  const { ppi, pei } = now.alignment ?? {};
  expect(ppi?.translation).toEqual(pei?.translation);
  expect(largestChange(now)).toBeLessThan(IN_PLANE);
});

test('PPI is found on PEI where it is, between the slices too', () => {
  // Fluids that are bright on the one and dark on the other image draw it up by 0.09 mm where values are bent.
  const found = (z: number): number[] => [
    ...(measured(SEED, { ppi: { translation: [0, 0, z] } }).alignment?.ppi.translation ?? []),
  ];
  for (const z of [0.4, -0.4]) {
    const [left = NaN, back = NaN, up = NaN] = found(z);
    expect(Math.hypot(left, back, up - z)).toBeLessThan(0.06);
  }
});

test('a movement that is undone makes no number surer', () => {
  // Half a pixel along each axis: interpolation takes half of the noise that can be seen.
  const noisy = (motion?: CaseOverrides['motion']): number[] =>
    EAR_SIDES.flatMap((ear) =>
      ORGAN_KEYS.map(
        (organ) =>
          measured(SEED, motion, undefined, 0.03).ears[ear]?.[organ]?.volume.withinNoise ?? NaN
      )
    );
  const before = noisy();
  noisy({ ppi: { translation: [0.25, 0.25, 0.5] } }).forEach((share, n) =>
    expect(share).toBeGreaterThan((before[n] ?? NaN) - 0.05)
  );
});

test('a series that is scaled against the other is no movement: no number stands', () => {
  // 1 % in the plane, its middle kept: 0.35 mm at each ear, to either side.
  const study = simulateEars(SEED, { hydrops: { left: 0.15, right: 0.6 } });
  const labels = labelsOf(study.truth.anatomy, study.mrc);
  const { ppi } = study;
  const spacing: Vector3 = [ppi.spacing[0] * 1.01, ppi.spacing[1] * 1.01, ppi.spacing[2]];
  const origin = ppi.origin.map(
    (x, axis) =>
      x - 0.5 * ((spacing[axis] ?? 0) - (ppi.spacing[axis] ?? 0)) * ((ppi.size[axis] ?? 1) - 1)
  ) as Vector3;
  const series = (name: 'mrc' | 'pei', volume = study[name]) =>
    seriesOf(volume, { seriesInstanceUid: name, seriesDescription: name });
  const prepared = prepareStudy(
    {
      mrc: series('mrc'),
      ppi: seriesOf(
        { ...ppi, spacing, origin },
        { seriesInstanceUid: 'ppi', seriesDescription: 'ppi' }
      ),
      pei: series('pei'),
    },
    { centers: Object.values<Vector3>(earCentersOf(labels)) }
  );
  const { ears, warnings } = measure({
    ...{ prepared, labels, anatomy: study.truth.anatomy, model: null },
  });
  expect(warnings.map(({ code }) => code)).toContain('ears-apart');
  for (const ear of EAR_SIDES)
    for (const organ of ORGAN_KEYS)
      expect(ears[ear]?.[organ]).toMatchObject({ measurable: false, mixture: null });
});

test('on another phantom, too', () => {
  const now = measured(622, { ppi: { translation: [-0.3, 0, 0] } });
  expect(moved(now)).toEqual(['PPI']);
  expect(largestChange(now, measured(622))).toBeLessThan(IN_PLANE);
});

test('without PEI a movement of 0.4 mm is undone, or told as one that may have been', () => {
  const told = (motion?: CaseOverrides['motion']) =>
    measured(SEED, motion, 'hydrops2-mi2').warnings.flatMap(({ code }) =>
      code.startsWith('motion-') ? [code] : []
    );
  expect(told({ ppi: { translation: [0, 0.4, 0] } })).toEqual(['motion-corrected']);
  expect(told({ ppi: { translation: [0.4, 0, 0] } })).toEqual(['motion-uncertain']);
  expect(told()).toEqual([]);
});
