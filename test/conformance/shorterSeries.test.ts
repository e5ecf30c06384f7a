import {
  earCentersOf,
  measure,
  prepareStudy,
  type Measurement,
  type Series,
  type Vector3,
  type Volume,
  voxelToWorld,
} from '@inner-ear-hydrops/core';
import { seriesOf } from '../../core/test/testGrids';
import { labelsOf, simulateEars } from '../support/phantomStudy';

// A series that lacks slices of MRC at an end, on the same lattice: what it holds is measured as in the whole
// series, and an organ that reaches into the missing slices is not measured.

jest.setTimeout(120_000);

const study = simulateEars(611);
const labels = labelsOf(study.truth.anatomy, study.mrc);
const slices = study.mrc.size[2];
const plane = study.mrc.size[0] * study.mrc.size[1];

const held = [...labels.data.keys()].filter((n) => labels.data[n]! > 0);
/** What a series must hold so that it is not refused (`ear-outside-series`): two slices more than the organs. */
const FIRST = Math.floor(held[0]! / plane) - 2;
const END = Math.floor(held[held.length - 1]! / plane) + 3;

function cut(volume: Volume, first: number, end: number): Volume {
  return {
    ...volume,
    size: [volume.size[0], volume.size[1], end - first],
    origin: voxelToWorld(volume, [0, 0, first]),
    data: volume.data.slice(first * plane, end * plane),
  };
}

function series(name: string, volume: Volume): Series {
  return seriesOf(volume, { seriesInstanceUid: name, seriesDescription: name });
}

function measured(ppi: Volume, pei: Volume, region = labels): Measurement {
  const prepared = prepareStudy(
    { mrc: series('mrc', study.mrc), ppi: series('ppi', ppi), pei: series('pei', pei) },
    { centers: Object.values<Vector3>(earCentersOf(labels)) }
  );
  return measure({ prepared, labels: region, anatomy: study.truth.anatomy, model: null });
}

const whole = measured(study.ppi, study.pei);
const codesOf = ({ warnings }: Measurement) => warnings.map(({ code }) => code);
const counts = (result: Measurement) =>
  (['left', 'right'] as const).map((ear) =>
    (['cochlea', 'vestibule'] as const).map((organ) => {
      const found = result.ears[ear]?.[organ];
      return {
        measurable: found?.measurable,
        total: found?.volume.totalVoxels,
        ratio: found?.volume.ratio,
        area: found?.area?.ratio,
        slices: found?.slices.map(({ ratio, totalPixels }) => [ratio, totalPixels]),
      };
    })
  );

test.each<[string, Volume, Volume]>([
  ['of PPI the last slices', cut(study.ppi, 0, END), study.pei],
  ['of both the first slices', cut(study.ppi, FIRST, slices), cut(study.pei, FIRST, slices)],
])('without %s, beyond both ears, nothing is interpolated and no number moves', (_, ppi, pei) => {
  const result = measured(ppi, pei);
  const codes = codesOf(result);
  expect(codes).toContain('series-shorter');
  expect(codes).not.toContain('geometry-resampled');
  expect(codes).not.toContain('partial-overlap');
  expect(codes).not.toContain('motion-uncertain');
  expect(result.alignment?.ppi).toMatchObject({ treatment: 'identical', interpolation: 'none' });
  expect(counts(result)).toEqual(counts(whole));
});

test('the missing slices are named by series and image', () => {
  const { warnings } = measured(cut(study.ppi, 0, END), study.pei);
  const shorter = warnings.filter(({ code }) => code === 'series-shorter');
  expect(shorter).toHaveLength(1);
  expect(shorter[0]!.message).toContain(`lacks ${slices - END} of the ${slices} slices of MRC`);
  expect(shorter[0]!.message).toContain(`image ${END + 1} to image ${slices}.`);
});

test('an organ that a reader paints into the missing slices is not measured, the others are', () => {
  const data = labels.data.slice();
  const vestibule = held.filter((n) => labels.data[n] === 2);
  // Three of its voxels once more, one slice beyond the end of PPI.
  for (const n of vestibule.slice(0, 3)) data[(n % plane) + END * plane] = 2;
  const { ears, warnings } = measured(cut(study.ppi, 0, END), study.pei, { ...labels, data });
  const lost = warnings.filter(({ code }) => code === 'roi-not-covered');
  expect(lost).toMatchObject([{ ear: 'left', organ: 'vestibule', values: { voxels: 3 } }]);
  expect(lost[0]!.message).toContain(`image ${END + 1}`);
  expect(ears.left?.vestibule?.measurable).toBe(false);
  expect(ears.left?.vestibule?.grade).toBeNull();
  expect(ears.left?.cochlea?.measurable).toBe(true);
  expect(ears.right?.vestibule?.volume.ratio).toBe(whole.ears.right?.vestibule?.volume.ratio);
});
