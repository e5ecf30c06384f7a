import {
  ANATOMY,
  measure,
  type EarFinding,
  type Measurement,
  type PreparedStudy,
  type Volume,
} from '@inner-ear-hydrops/core';
import type { PhantomStudy } from '@inner-ear-hydrops/phantom';
import { labelsOf, preparedOf, simulateEars } from '../support/phantomStudy';

jest.setTimeout(120_000);

/** Codes with their ear, e.g. "left noise-high"; those of an image alone without. */
const codesOf = ({ warnings }: Measurement): string[] =>
  [...new Set(warnings.map(({ code, ear }) => (ear ? `${ear} ${code}` : code)))].sort();

function measureTruth(
  study: PhantomStudy,
  changes: { prepared?: PreparedStudy; anatomy?: Uint8Array | null; ears?: EarFinding[] } = {}
): Measurement {
  const { anatomy = study.truth.anatomy } = changes;
  return measure({
    prepared: changes.prepared ?? preparedOf(study),
    labels: labelsOf(study.truth.anatomy, study.mrc),
    anatomy: anatomy ?? undefined,
    ears: changes.ears,
    model: null,
  });
}

const scaled = (volume: Volume, slope: number, intercept: number): Volume => ({
  ...volume,
  data: volume.data.map((value) => slope * value + intercept),
});

const sound = simulateEars(101);

/** Without the network's anatomy there are no canals to choose the vestibules' slices by. */
const BY_AREA = ['left slice-by-area', 'right slice-by-area'];

test('a sound study gives no warning with the anatomy of the network, and without it that of the slices', () => {
  expect(measureTruth(sound).warnings).toEqual([]);
  expect(codesOf(measureTruth(sound, { anatomy: null }))).toEqual(BY_AREA);
});

test('regions drawn for another order of slices, or 2 mm aside, lie on no fluid and are not measured', () => {
  const labels = labelsOf(sound.truth.anatomy, sound.mrc);
  const [columns, rows, slices] = labels.size;
  const plane = columns * rows;
  const moved: Record<string, (n: number) => number> = {
    reversed: (n) => (n % plane) + plane * (slices - 1 - Math.floor(n / plane)),
    aside: (n) => n + 4,
  };
  for (const [name, from] of Object.entries(moved)) {
    const data = labels.data.map((_, n) => labels.data[from(n)] ?? 0);
    const drawn = measure({
      prepared: preparedOf(sound),
      labels: { ...labels, data },
      model: null,
    });
    const off = drawn.warnings.filter(({ code }) => code === 'roi-off-fluid');
    // In a stack that holds little but the ears, the other order still meets fluid in part.
    expect({ name, off: off.length }).toEqual({
      name,
      off: name === 'aside' ? 4 : (expect.any(Number) as number),
    });
    expect(off.length).toBeGreaterThan(0);
    for (const { ear, organ } of off) {
      const found = ear && organ && drawn.ears[ear]?.[organ];
      expect(found).toMatchObject({ measurable: false });
    }
  }
  const right = measure({ prepared: preparedOf(sound), labels, model: null });
  expect(right.warnings.map(({ code }) => code)).not.toContain('roi-off-fluid');
});

test('perilymph that differs little between PPI and PEI is said, and has no grade', () => {
  const much = simulateEars(103, { gadolinium: { left: 0.18, right: 0.06 }, noise: 0.004 });
  const { ears, warnings } = measureTruth(much);
  expect(warnings.map(({ code, ear, organ }) => [code, ear, organ])).toEqual([
    ['contrast-low', 'left', 'cochlea'],
    ['contrast-low', 'left', 'vestibule'],
  ]);
  expect(ears.left?.vestibule).toMatchObject({ measurable: true, grade: null });
  expect(ears.right?.vestibule?.grade).toMatchObject({ scheme: 'nakashima' });
});

describe('perilymph', () => {
  const study = simulateEars(102, { gadolinium: { left: 0, right: 0.013 }, noise: 0.006 });

  test('without gadolinium, and with too little, each ear is named', () => {
    const measured = measureTruth(study);
    expect(codesOf(measured)).toEqual([
      'left perilymph-not-enhanced',
      'right perilymph-weakly-enhanced',
    ]);
    // What the warning is for: the ratio looks like obliterating hydrops, truly it is about 40 %.
    expect(measured.ears.left?.vestibule?.volume.ratio).toBeGreaterThan(0.9);
    expect(study.truth.ratios.left?.vestibule).toBeLessThan(0.5);
  });

  test('without gadolinium there is no ratio, fraction or grade; with too little the grade is in doubt', () => {
    const { left, right } = measureTruth(study).ears;
    for (const organ of [left?.cochlea, left?.vestibule]) {
      expect(organ).toMatchObject({ measurable: false, mixture: null });
      expect(organ?.voided.ratio).toEqual(['perilymph-not-enhanced']);
    }
    expect(left?.vestibule?.grade).toBeNull();
    expect(right?.vestibule).toMatchObject({
      measurable: true,
      voided: {},
      grade: { borderline: true },
    });
    expect(right?.vestibule?.grade?.doubts.map(({ code }) => code)).toContain('weak-enhancement');
    // Why: the counted ratio of this ear would grade it higher than it is.
    const counted = right?.vestibule?.area?.ratio ?? NaN;
    expect(counted).toBeGreaterThan((study.truth.ratios.right?.vestibule ?? NaN) + 0.1);
  });

  test('neither ear gives a mixture fraction, for want of an end member', () => {
    const { ears } = measureTruth(simulateEars(103, { gadolinium: 0 }));
    expect(ears.left?.cochlea?.mixture).toBeNull();
    expect(ears.right?.vestibule?.mixture).toBeNull();
  });

  test('HYDROPS2 without PEI cannot tell little from none, and is not measurable in either ear', () => {
    const prepared = preparedOf(study, 'hydrops2-mi2');
    const measured = measureTruth(study, { prepared });
    expect(codesOf(measured)).toEqual([
      'left perilymph-not-enhanced',
      'mrc-scale-estimated',
      'right perilymph-not-enhanced',
    ]);
    const { left, right } = measured.ears;
    expect([left?.vestibule?.measurable, right?.cochlea?.measurable]).toEqual([false, false]);
  });
});

describe('the region', () => {
  const labels = labelsOf(sound.truth.anatomy, sound.mrc);
  const measureLabels = (data: Uint8Array, anatomy?: Uint8Array): Measurement =>
    measure({ prepared: preparedOf(sound), labels: { ...labels, data }, anatomy, model: null });

  test('reaching into the internal auditory canal is seen, with and without its anatomy', () => {
    const [columns, rows] = sound.mrc.size;
    const middle = middleOf(labels.data, 1, columns, rows);
    // The reader's brush takes the canal's end with the cochlea.
    const leaking = labels.data.map((value, n) => {
      if (sound.truth.anatomy[n] !== ANATOMY.internalAuditoryCanal) return value;
      const away = [
        (n % columns) - middle[0]!,
        (Math.floor(n / columns) % rows) - middle[1]!,
        2 * (Math.floor(n / (columns * rows)) - middle[2]!),
      ];
      return 0.5 * Math.hypot(...away) < 7 ? 1 : value;
    });
    expect(codesOf(measureLabels(leaking, sound.truth.anatomy))).toContain(
      'left roi-in-auditory-canal'
    );
    expect(codesOf(measureLabels(leaking))).toContain('left roi-in-auditory-canal');
    expect(codesOf(measureLabels(leaking)).join()).not.toContain('right roi-in');
  });

  test('with a volume that no organ has is named', () => {
    // In one piece: what is left of its lowest slices.
    const right = labels.data.reduce((sum, value) => sum + (value === 4 ? 1 : 0), 0);
    let kept = 0;
    const third = labels.data.map((value) => (value === 4 && ++kept > right / 3 ? 0 : value));
    const measured = measureLabels(third);
    expect(codesOf(measured)).toEqual([BY_AREA[0], 'right roi-volume-unusual', BY_AREA[1]]);
    const [warning] = measured.warnings.filter(({ code }) => code === 'roi-volume-unusual');
    expect(warning?.organ).toBe('vestibule');
    // The other three organs keep their grade and fraction.
    expect(measured.ears.right?.vestibule).toMatchObject({ measurable: true, grade: null });
    expect(measured.ears.right?.vestibule?.mixture).toBeNull();
    expect(measured.ears.right?.cochlea?.mixture).not.toBeNull();
    expect(measured.ears.left?.vestibule?.grade).not.toBeNull();
  });
});

describe('an unsure network', () => {
  const measureConfidence = (confidenceThresholds: EarFinding['confidenceThresholds']) =>
    measureTruth(sound, {
      ears: [
        { side: 'left', confidence: { cochlea: 0.95, vestibule: 0.94 } },
        { side: 'right', confidence: { cochlea: 0.52, vestibule: 0.9 } },
      ].map((ear) => ({ ...ear, center: [0, 0, 0], confidenceThresholds }) as EarFinding),
    });

  test('is named with ear and organ, by the thresholds of the model that made the region', () => {
    const measured = measureConfidence({ cochlea: 0.9, vestibule: 0.9 });
    expect(codesOf(measured)).toEqual(['right low-confidence']);
    expect(measured.warnings).toHaveLength(1);
    expect(measured.warnings[0]).toMatchObject({ organ: 'cochlea' });
    expect(measured.warnings[0]!.values).toEqual({
      confidence: 0.52,
      threshold: 0.9,
    });
    // The same probabilities are usual for one network and not for another.
    expect(measureConfidence({ cochlea: 0.5, vestibule: 0.5 }).warnings).toEqual([]);
    const strict = measureConfidence({ cochlea: 0.9, vestibule: 0.95 });
    expect(strict.warnings.map(({ ear, organ }) => `${ear} ${organ}`)).toEqual([
      'left vestibule',
      'right cochlea',
      'right vestibule',
    ]);
  });

  test('of a model without thresholds is not judged by those of another, and the reader is told once', () => {
    const { warnings } = measureConfidence(null);
    expect(warnings.map(({ code }) => code)).toEqual(['confidence-not-judged']);
    expect(measureTruth(sound, { ears: [] }).warnings).toEqual([]);
  });

  test('of a result stored before models had thresholds keeps the warnings that it was stored with', () => {
    expect(measureConfidence(undefined).warnings).toEqual([]);
  });
});

test('images of which noise decides the sign are named', () => {
  const noisy = simulateEars(104, { noise: 0.1 });
  expect(codesOf(measureTruth(noisy))).toEqual(['left noise-high', 'right noise-high']);
});

test('a coil that sees one ear poorly is named', () => {
  const lopsided = simulateEars(105, {
    acquisition: { coil: { slope: [1.1, 0, 0], bow: 0 }, heterogeneity: 0 },
  });
  const measured = measureTruth(lopsided);
  expect(codesOf(measured)).toEqual(['coil-asymmetry']);
  expect(measured.warnings[0]!.message).toContain('right ear poorly');
});

describe('scaling', () => {
  const level = sound.pei.data.reduce((sum, value) => sum + value, 0) / sound.pei.data.length;

  test.each([
    ['PEI scaled apart by 1.4', scaled(sound.pei, 1.4, 0)],
    ['PEI scaled apart by 1.5', scaled(sound.pei, 1.5, 0)],
    ['PEI scaled apart by 0.7', scaled(sound.pei, 0.7, 0)],
    ['an offset in PEI', scaled(sound.pei, 1, level)],
  ])('%s is named, and nothing is measurable', (_, pei) => {
    const prepared = preparedOf({ ...sound, pei });
    const measured = measureTruth(sound, { prepared });
    expect(codesOf(measured)).toContain('scaling-unusual');
    for (const ear of [measured.ears.left, measured.ears.right]) {
      expect(ear?.cochlea).toMatchObject({ measurable: false, mixture: null });
      expect(ear?.vestibule).toMatchObject({ measurable: false, mixture: null, grade: null });
    }
  });

  test('the same scale on all series is not', () => {
    const prepared = preparedOf({
      mrc: scaled(sound.mrc, 0.01, 0),
      ppi: scaled(sound.ppi, 7, 0),
      pei: scaled(sound.pei, 7, 0),
    });
    expect(measureTruth(sound, { prepared }).warnings).toEqual([]);
  });
});

test('PPI and PEI in each other’s place are noticed: CSF is positive then', () => {
  const prepared = preparedOf({ mrc: sound.mrc, ppi: sound.pei, pei: sound.ppi });
  expect(codesOf(measureTruth(sound, { prepared }))).toContain('csf-not-negative');
});

test('HYDROPS2 with one ear enhanced much more says which ear reads too high', () => {
  const unequal = simulateEars(107, { gadolinium: { left: 0.03, right: 0.15 } });
  const prepared = preparedOf(unequal, 'hydrops2-mi2');
  expect(codesOf(measureTruth(unequal, { prepared }))).toContain('left enhancement-unequal');
  expect(codesOf(measureTruth(unequal))).toEqual([]);
});

describe('geometry', () => {
  test('voxels too coarse for the organs are named', () => {
    const coarse = simulateEars(106, {
      grid: { size: [100, 40, 14], spacing: [0.95, 0.95, 2] },
    });
    expect(codesOf(measureTruth(coarse))).toContain('geometry-coarse');
  });

  test('a resampled series is named', () => {
    const prepared = preparedOf(sound);
    prepared.alignment.pei = {
      ...prepared.alignment.ppi,
      treatment: 'resampled',
      interpolation: 'cubic',
    };
    const measured = measureTruth(sound, { prepared });
    expect(codesOf(measured)).toEqual(['geometry-resampled']);
    expect(measured.warnings[0]!.values).toEqual({ series: 'PEI', interpolation: 'cubic' });
  });
});

function middleOf(data: Uint8Array, value: number, columns: number, rows: number): number[] {
  const sum = [0, 0, 0];
  let count = 0;
  data.forEach((label, n) => {
    if (label !== value) return;
    sum[0]! += n % columns;
    sum[1]! += Math.floor(n / columns) % rows;
    sum[2]! += Math.floor(n / (columns * rows));
    count++;
  });
  return sum.map((total) => total / count);
}

describe('sound studies of other heads, concentrations and hydrops give no warning', () => {
  test.each([
    [201, { left: 0, right: 0.7 }, { left: 0.02, right: 0.05 }],
    [202, { left: 0.5, right: 0.2 }, { left: 0.04, right: 0.02 }],
    [203, { left: 0.7, right: 0 }, { left: 0.1, right: 0.09 }],
    [204, { left: 0.3, right: 0.6 }, { left: 0.09, right: 0.1 }],
    [205, { left: 0.8, right: 0.4 }, { left: 0.06, right: 0.03 }],
  ])('seed %d', (seed, hydrops, gadolinium) => {
    const study = simulateEars(seed, { hydrops, gadolinium, tilt: [8, -4, 5] });
    const measured = measureTruth(study);
    expect(measured.warnings).toEqual([]);
    expect(codesOf(measureTruth(study, { anatomy: null }))).toEqual(BY_AREA);
    for (const ear of [measured.ears.left, measured.ears.right]) {
      expect([ear?.cochlea?.voided, ear?.vestibule?.voided]).toEqual([{}, {}]);
      expect(ear?.cochlea?.mixture).not.toBeNull();
      expect(ear?.vestibule?.grade).not.toBeNull();
    }
  });
});

test('obliterating hydrops shows no perilymph to tell it from failed enhancement: that is said', () => {
  const full = simulateEars(206, { hydrops: { left: 1, right: 0.2 } });
  expect(codesOf(measureTruth(full))).toEqual(['left perilymph-not-enhanced']);
});
