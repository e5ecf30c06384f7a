import { firstItems } from '../items';
import { METHODS } from '../registry';
import { RefusedInputError, type Method, type Role, type Series, type Vector3 } from '../types';
import { checkStudy } from './checkStudy';
import { axialGrid, seriesOf, volumeOf } from '../../test/testGrids';

const grid = axialGrid([12, 12, 8], [0.5, 0.5, 1]);
const fluid = ([x, y]: Vector3): number => 100 + x + y;

function study(changes: Partial<Record<Role, Series>> = {}): Record<Role, Series> {
  const make = (uid: string): Series =>
    seriesOf(volumeOf(grid, fluid), { seriesInstanceUid: uid, seriesDescription: uid });
  return { mrc: make('mrc'), ppi: make('ppi'), pei: make('pei'), ...changes };
}

function refusal(
  series: Partial<Record<Role, Series>>,
  method: Method = 'hydrops-mi2'
): RefusedInputError {
  try {
    checkStudy(series, method);
  } catch (error) {
    if (error instanceof RefusedInputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('three magnitude series on one grid pass without a word', () => {
  expect(checkStudy(study(), 'hydrops-mi2')).toEqual([]);
});

test('a missing series is named; methods need what they read', () => {
  const { mrc, ppi } = study();
  const error = refusal({ mrc, ppi });
  expect(error.code).toBe('series-missing');
  expect(error.message).toContain('PEI');
  expect(error.message).not.toContain('PPI (');
  expect(refusal({}).message).toMatch(/MRC.*PPI.*PEI/);
  expect(checkStudy({ mrc, ppi }, 'hydrops2-mi2')).toEqual([]);
});

test('signed PPI or PEI is refused for the subtraction, with the method that suits it', () => {
  const signed = seriesOf(
    volumeOf(grid, ([x]) => x - 3),
    { seriesInstanceUid: 'pei', seriesDescription: 'IR real' }
  );
  const error = refusal(study({ pei: signed }));
  expect(error.code).toBe('not-magnitude');
  expect(error.message).toMatch(/IR real.*below zero/);
  expect(error.remedy).toContain(METHODS['real-ir'].label);
});

test('padding that no attribute declares, and a negative Rescale Slope, are named as what makes values negative', () => {
  const volume = volumeOf(grid, fluid);
  const padded = seriesOf(
    { ...volume, data: volume.data.map((value, n) => (n % 12 < 2 ? -2621.44 : value)) },
    { seriesInstanceUid: 'ppi' }
  );
  const ofPadding = refusal(study({ ppi: padded }));
  expect(ofPadding.code).toBe('not-magnitude');
  expect(ofPadding.message).toMatch(/the one value −2621: .*padding.*\(0028,0120\)/);
  expect(ofPadding.remedy).toMatch(/Pixel Padding Value/);
  const inverted = seriesOf(
    volumeOf(grid, (point) => -fluid(point)),
    { seriesInstanceUid: 'ppi', attributes: { RescaleSlope: -0.0807 } }
  );
  const ofSlope = refusal(study({ ppi: inverted }));
  expect(ofSlope.message).toMatch(/Rescale Slope \(0028,1053\) is −0\.0807/);
  expect(ofSlope.message).not.toMatch(/padding/);
});

test.each(['R', 'REAL', 'P', 'PHASE', 'PSIR'])(
  'Image Type %s is refused even where no value is negative',
  (token) => {
    const ppi = seriesOf(volumeOf(grid, fluid), {
      seriesInstanceUid: 'ppi',
      imageType: ['ORIGINAL', 'PRIMARY', token, 'ND'],
    });
    expect(refusal(study({ ppi })).code).toBe('not-magnitude');
  }
);

test('a few slightly negative voxels of a magnitude image are a warning', () => {
  const volume = volumeOf(grid, fluid);
  volume.data[5] = -0.5;
  const ppi = seriesOf(volume, { seriesInstanceUid: 'ppi' });
  expect(checkStudy(study({ ppi }), 'hydrops-mi2').map(({ code }) => code)).toEqual([
    'negative-values',
  ]);
});

test('3D-real-IR needs a signed series', () => {
  const { mrc, ppi } = study();
  expect(refusal({ mrc, ppi }, 'real-ir').code).toBe('not-signed');
  const signed = seriesOf(
    volumeOf(grid, ([x]) => x - 3),
    { seriesInstanceUid: 'r' }
  );
  expect(checkStudy({ mrc, ppi: signed }, 'real-ir')).toEqual([]);
});

test('series elsewhere in the head are refused; half-covered ones are warned of', () => {
  const at = (z: number): Series =>
    seriesOf(volumeOf({ ...grid, origin: [0, 0, z] }, fluid), { seriesInstanceUid: 'ppi' });
  expect(refusal(study({ ppi: at(60) })).code).toBe('no-overlap');
  expect(checkStudy(study({ ppi: at(4.5) }), 'hydrops-mi2').map(({ code }) => code)).toEqual([
    'partial-overlap',
  ]);
});

test('slices that a series of the same lattice lacks are named by the images of MRC there', () => {
  const of = (z: number, slices: number): Series => {
    const cut = { ...grid, size: [12, 12, slices] as Vector3, origin: [0, 0, z] as Vector3 };
    return seriesOf(volumeOf(cut, fluid), { seriesInstanceUid: 'ppi', seriesNumber: 7 });
  };
  const [warning, ...others] = checkStudy(study({ ppi: of(2, 5) }), 'hydrops-mi2');
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ code: 'series-shorter', values: { missing: 3, slices: 8 } });
  expect(warning?.message).toContain('lacks 3 of the 8 slices of MRC');
  expect(warning?.message).toContain('series 5, image 1 to image 2 and series 5, image 8.');
  expect(checkStudy(study({ ppi: of(-3, 14) }), 'hydrops-mi2')).toEqual([]);
});

test('MRC without a frame of reference is measured, and named before a result cannot be stored', () => {
  const mrc = seriesOf(volumeOf(grid, fluid), {
    seriesInstanceUid: 'mrc',
    seriesNumber: 4,
    seriesDescription: 'MRC hT2w',
    frameOfReferenceUid: null,
  });
  const [warning] = firstItems(checkStudy(study({ mrc }), 'hydrops-mi2'), 1);
  expect(warning.code).toBe('frame-of-reference-missing');
  expect(warning.message).toMatch(/^Series 4 "MRC hT2w".*\(0020,0052\)/);
});

test('another frame of reference is a warning, another patient or a doubled series a refusal', () => {
  const moved = seriesOf(volumeOf(grid, fluid), {
    seriesInstanceUid: 'pei',
    frameOfReferenceUid: '2.25.99',
  });
  expect(checkStudy(study({ pei: moved }), 'hydrops-mi2').map(({ code }) => code)).toEqual([
    'frame-of-reference-differs',
  ]);
  const mrc = seriesOf(volumeOf(grid, fluid), { attributes: { PatientID: 'A' } });
  const other = seriesOf(volumeOf(grid, fluid), {
    seriesInstanceUid: 'ppi',
    attributes: { PatientID: 'B' },
  });
  expect(refusal(study({ mrc, ppi: other })).code).toBe('patients-differ');
  const { ppi } = study();
  expect(refusal(study({ pei: ppi })).code).toBe('series-doubled');
});

test('a series of which most images are blank is refused before anything is computed; some are not', () => {
  const blank = (until: number): Series =>
    seriesOf(
      volumeOf(grid, (point) => (point[2] < until ? 7 : fluid(point))),
      { seriesInstanceUid: 'pei', seriesDescription: 'blank PEI' }
    );
  const error = refusal(study({ pei: blank(5) }));
  expect(error.code).toBe('series-blank');
  expect(error.message).toMatch(/"blank PEI": 5 of its 8 images hold one single value/);
  expect(checkStudy(study({ pei: blank(4) }), 'hydrops-mi2')).toEqual([]);
});

test.each<[string, Record<string, string>, Record<string, string>, string | null]>([
  [
    'another ID',
    { PatientID: 'A' },
    { PatientID: 'B' },
    'Patient ID (0010,0020) is "B", and "A" in',
  ],
  [
    'the ID of another issuer',
    { PatientID: 'A', IssuerOfPatientID: 'X' },
    { PatientID: 'A', IssuerOfPatientID: 'Y' },
    'Issuer of Patient ID (0010,0021) is "Y"',
  ],
  [
    'another name without an ID',
    { PatientName: 'A^B' },
    { PatientName: 'C^D' },
    '(0010,0010) is "C^D"',
  ],
  [
    'one ID and a name that was written anew',
    { PatientID: 'A', PatientName: 'A^B' },
    { PatientID: 'A', PatientName: 'C^B' },
    null,
  ],
])('series of %s', (_, ofMrc, ofPpi, message) => {
  const of = (uid: string, attributes: Record<string, string>): Series =>
    seriesOf(volumeOf(grid, fluid), { seriesInstanceUid: uid, attributes });
  const changed = study({ mrc: of('mrc', ofMrc), ppi: of('ppi', ofPpi) });
  if (message === null) expect(checkStudy(changed, 'hydrops-mi2')).toEqual([]);
  else
    expect(refusal(changed)).toMatchObject({
      code: 'patients-differ',
      message: expect.stringContaining(message) as string,
    });
});
