import {
  estimateNoise,
  measure,
  measurementJson,
  measurementSchema,
  prepareStudy,
  type EarFinding,
  type Measurement,
  type PreparedStudy,
  type Series,
  type Vector3,
  type Volume,
} from '@inner-ear-hydrops/core';
import { encodeResult, restoreResult } from '@inner-ear-hydrops/core/dicom';
import { randomNumbers, seriesOf } from '../../core/test/testGrids';
import { labelsOf, preparedOf, simulateEars } from '../support/phantomStudy';

jest.setTimeout(240_000);

/**
 * Cubic interpolation, by which motion is undone, swings below zero beside what is bright. No scanner stores such a
 * magnitude: it is cut off at zero, and no number of a result may break on what an earlier version left below it.
 */
const study = simulateEars(411, { hydrops: { left: 0.3, right: 0.6 }, noise: 0.02 });
const labels = labelsOf(study.truth.anatomy, study.mrc);
/** Standard deviation of the noise of PPI and PEI. */
const sigma = estimateNoise(preparedOf(study))?.magnitude ?? NaN;

/** Some voxels of the labelled organs as `change` gives them. */
function changed(
  image: Volume,
  seed: number,
  share: number,
  change: (value: number) => number
): Volume {
  const random = randomNumbers(seed);
  const data = image.data.slice();
  for (let n = 0; n < data.length; n++) {
    if (labels.data[n] !== 0 && random() < share) data[n] = change(data[n] ?? 0);
  }
  return { ...image, data };
}

const measured = (prepared: PreparedStudy): Measurement =>
  measure({ prepared, labels, anatomy: study.truth.anatomy, model: null });
const organsOf = ({ ears }: Measurement) =>
  (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).map((organ) => {
      const found = ears[ear]?.[organ];
      if (!found) throw new Error(`The phantom has no ${ear} ${organ}.`);
      return { ear, organ, found };
    })
  );

test.each([1, 2, 3])('values below zero (%#) leave every number finite', (seed) => {
  const random = randomNumbers(seed);
  const depth = sigma * 10 ** (1 + 2 * random());
  const share = random();
  const below = (value: number) => value - depth * random();
  const prepared = preparedOf({
    mrc: seed % 2 ? study.mrc : changed(study.mrc, seed + 20, share / 2, below),
    ppi: changed(study.ppi, seed, share, below),
    pei: changed(study.pei, seed + 10, share, below),
  });
  const measurement = measured(prepared);
  expect(measurementSchema.safeParse(measurement).error).toBeUndefined();
  // As it is read again: JSON has no NaN, and writes null in its place.
  const again: unknown = JSON.parse(measurementJson(measurement));
  expect(again).toEqual(JSON.parse(JSON.stringify(measurement)));
  for (const { found } of organsOf(measurement)) {
    if (found.mixture === null) expect(found.voided.mixture).not.toBeUndefined();
    // Where MRC holds signal there is a fraction, if nothing else voids it.
    if (seed % 2) expect(found.voided.mixture ?? []).not.toContain('mixture-undetermined');
  }
});

test('a few swings below zero change a fraction by little, and none to no number', () => {
  const still = measured(preparedOf(study));
  const swung = measured(
    preparedOf({ ...study, ppi: changed(study.ppi, 3, 0.02, () => -20 * sigma) })
  );
  for (const { ear, organ, found } of organsOf(still)) {
    if (!found.mixture) continue;
    const after = swung.ears[ear]?.[organ]?.mixture;
    expect(Math.abs((after?.fraction ?? NaN) - found.mixture.fraction)).toBeLessThan(0.05);
  }
  expect(organsOf(still).some(({ found }) => found.mixture)).toBe(true);
});

test('an organ without signal on MRC has no fraction, and the reason says so', () => {
  const data = study.mrc.data.slice();
  // Nor has what lies around it, which would be counted in.
  const [columns, rows] = study.mrc.size;
  const plane = columns * rows;
  labels.data.forEach((label, n) => {
    if (label !== 1) return;
    for (const step of [0, 1, -1, columns, -columns, plane, -plane]) {
      if (labels.data[n + step] === 1 || labels.data[n + step] === 0) data[n + step] = 0;
    }
  });
  const prepared = preparedOf({ ...study, mrc: { ...study.mrc, data } });
  const measurement = measured(prepared);
  const cochlea = measurement.ears.left?.cochlea;
  expect(cochlea?.mixture).toBeNull();
  expect(cochlea?.voided.mixture).toContain('mixture-undetermined');
  expect(measurement.warnings).toContainEqual(
    expect.objectContaining({ code: 'mixture-undetermined', ear: 'left', organ: 'cochlea' })
  );
  expect(measurementSchema.safeParse(measurement).error).toBeUndefined();
});

test('a study whose motion was corrected comes back from the archive with the reader’s slices and edits', () => {
  // Perilymph is bright, and what lies beside it dark: interpolation swings below zero there.
  const moved = simulateEars(411, {
    hydrops: { left: 0.3, right: 0.6 },
    gadolinium: 0.12,
    motion: { ppi: { translation: [1.2, -0.8, 0.6] }, pei: { translation: [-1.1, 0.9, 0.5] } },
  });
  const made = (volume: Volume, number: number): Series => {
    const series = seriesOf(volume, {
      seriesInstanceUid: `2.25.80${number}`,
      seriesNumber: number,
    });
    const { header } = series;
    const attributes = { PatientID: 'PHANTOM', StudyInstanceUID: header.studyInstanceUid };
    return {
      ...series,
      header: { ...header, attributes },
      sources: series.sources.map((source) => ({
        ...source,
        sopInstanceUid: `${source.sopInstanceUid}.${number}`,
        sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
      })),
    };
  };
  const series = { mrc: made(moved.mrc, 4), ppi: made(moved.ppi, 5), pei: made(moved.pei, 6) };
  const ears = (['left', 'right'] as const).map((side): EarFinding => ({
    side,
    center: moved.truth.earCenters[side] as Vector3,
    confidence: { cochlea: 0.9, vestibule: 0.9 },
  }));
  const prepared = prepareStudy(series, { centers: ears.map(({ center }) => center) });
  expect(prepared.alignment.ppi.treatment).toBe('corrected');
  const { anatomy } = moved.truth;
  const automatic = labelsOf(anatomy, moved.mrc);
  const inOrgans = [...prepared.ppi.data].filter((_, n) => automatic.data[n] !== 0);
  expect(Math.min(...inOrgans)).toBeGreaterThanOrEqual(0);
  // Else this study would prove nothing: there it swung below zero.
  expect(inOrgans.filter((value) => value === 0).length).toBeGreaterThan(0);
  const edited = { ...automatic, data: automatic.data.slice() };
  edited.data[automatic.data.indexOf(3)] = 0;
  const slice = { left: { cochlea: Math.floor(moved.mrc.size[2] / 2) - 1 } };
  const measurement = measure({
    ...{ prepared, anatomy, ears, automatic, model: null },
    labels: edited,
    representativeSlices: slice,
  });
  const [part] = encodeResult(
    {
      ...{ series, prepared, anatomy, ears, measurement, model: null, labels: edited, absent: [] },
      created: new Date('2026-03-04T05:06:07Z'),
    },
    ['segmentation']
  );
  const [object] = part?.objects ?? [];
  if (!object) throw new Error('No segmentation was made.');
  const restored = restoreResult(object.file, series, 'hydrops-mi2');
  expect(restored.measurement.ears).toEqual(measurement.ears);
  expect(restored.slices).toEqual(slice);
  expect(restored.edited).toBe(true);
  expect(restored.measurement.ears.right?.cochlea).toMatchObject({
    mask: 'edited',
    automatic: { volumeRatio: expect.any(Number) as number },
  });
  const codes = restored.measurement.warnings.map(({ code }) => code);
  expect(codes).not.toContain('stored-measurement-unreadable');
});
