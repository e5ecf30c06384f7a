import { RefusedInputError } from '../../types';
import { element, mrImage } from '../../../test/testFile';
import { headerFromDataset } from './headerFromDataset';
import { modalityLut } from './modalityLut';
import { readDicomFile, readSlices } from './readDicomFile';
import type { Dataset } from './values';

const UNIT = { MeasurementUnitsCodeSequence: [{ CodeValue: '1', CodingSchemeDesignator: 'UCUM' }] };
const map = (slope: number, from = 0, to = 4095, more: Dataset = {}): Dataset => ({
  RealWorldValueSlope: slope,
  RealWorldValueIntercept: -3,
  RealWorldValueFirstValueMapped: from,
  RealWorldValueLastValueMapped: to,
  ...UNIT,
  ...more,
});
const of = (...items: Dataset[]): Dataset => ({ RealWorldValueMappingSequence: items });
const image: Dataset = { BitsStored: 12, PixelRepresentation: 0, InstanceNumber: 8 };
const table = { RealWorldValueLUTData: [1, 2, 3], ...UNIT };

test.each<[string, Dataset]>([
  ['in the image', of(map(0.25))],
  ['shared by all frames', { SharedFunctionalGroupsSequence: [of(map(0.25))] }],
  [
    'of each frame',
    {
      PerFrameFunctionalGroupsSequence: [of(map(9)), of(map(0.25))],
      SharedFunctionalGroupsSequence: [of(map(7))],
    },
  ],
  ['one of the whole range beside parts', of(map(1, 0, 99), map(0.25), table)],
  ['said twice', of(map(0.25), map(0.25))],
])('without Rescale Slope the values are mapped by what stands %s', (_, changes) => {
  expect(modalityLut({ ...image, ...changes }, 1)).toMatchObject({
    slope: 0.25,
    intercept: -3,
    scale: { source: 'real-world', slope: 'absent', units: '1 (UCUM)' },
  });
});

test('Rescale Slope and Intercept go first', () => {
  const rescale = { RescaleSlope: 2, RescaleIntercept: 1, ...of(map(0.25), map(7)) };
  expect(modalityLut({ ...image, ...rescale }, 0)).toMatchObject({
    slope: 2,
    intercept: 1,
    scale: { source: 'rescale', units: '' },
  });
});

test.each<[string, Dataset, RegExp]>([
  ['a lookup table', of(table), /image 8 has no Rescale Slope .*lookup table/],
  ['two slopes for all values', of(map(0.25), map(7)), /2 mappings, and it cannot be told/],
  [
    'one unit or another',
    of(map(2), map(2, 0, 4095, { MeasurementUnitsCodeSequence: [] })),
    /2 mappings/,
  ],
  ['a slope for each part', of(map(1, 0, 99), map(2, 100, 4095)), /2 mappings/],
  ['no slope', of({ ...UNIT }), /no slope and intercept/],
])('%s is refused, and the study can still be listed', (_, changes, message) => {
  const act = () => modalityLut({ ...image, ...changes }, 0);
  expect(act).toThrow(RefusedInputError);
  expect(act).toThrow(message);
  expect(() => headerFromDataset({ ...image, ...changes })).not.toThrow();
});

test('stored values beyond the range are refused; padding is none of them', async () => {
  const read = (to: number, padding: number | null) => {
    const file = readDicomFile(
      mrImage({
        '00281052': null,
        '00281053': null,
        ...(padding === null ? {} : { '00280120': element('00280120', 'US', [padding, 0]) }),
      }),
      'a.dcm'
    );
    Object.assign(file.file.dataset, of(map(0.5, 0, to)));
    return readSlices(file);
  };
  const [slice] = await read(6, null);
  expect(Array.from(slice?.pixels ?? [])).toEqual([-2.5, -2, -1.5, -1, -0.5, 0]);
  await expect(read(5, null)).rejects.toMatchObject({
    code: 'real-world-values-unsupported',
    message: expect.stringContaining('from 0 to 5, but the pixels hold 6') as string,
  });
  expect((await read(5, 6))[0]?.padded?.filter(Boolean)).toHaveLength(1);
});
