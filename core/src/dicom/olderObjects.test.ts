import type { NaturalizedDataset } from 'dcmjs';
import { encodePart10 } from './encode/part10';
import { items, readObject, text } from './encode/read';
import { decodeMeasurementReport } from './report/decodeMeasurementReport';
import { encodeMeasurementReport } from './report/encodeMeasurementReport';
import { encodeSegmentation } from './segmentation/encodeSegmentation';
import { privateStateBlock, readPrivateState, type StoredState } from './segmentation/storedState';
import { imagesOf } from '../volume';
import {
  TEST_CASES,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../test/testSeries';

/** Objects that earlier versions stored, without what this version adds to them. */
const [mrc, ppi] = (['MRC', 'PPI'] as const).map((name) =>
  testSeries(
    name,
    testVolume((i, j) => i - j)
  )
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];

test('the state of measurement@1 is read, its ratios too', () => {
  const older: StoredState = {
    format: 'inner-ear-hydrops/state@1',
    created: '2026-03-04T05:06:07.000Z',
    edited: false,
    model: null,
    backend: 'wasm',
    reader: null,
    measurement: {
      schema: 'inner-ear-hydrops/measurement@1',
      study: { studyInstanceUid: '2.25.1', mrc: '2.25.2', ppi: '2.25.3', pei: null },
      model: null,
      method: 'hydrops-mi2',
      ears: {
        left: {
          cochlea: { area: { ratio: 0.4, sopInstanceUid: '2.25.4' }, volume: { ratio: 0.3 } },
          vestibule: null,
        },
        right: null,
      },
      warnings: [{ code: 'no-enhancement', message: 'A code of then.', ear: 'left' }],
      timings: {},
    },
    representativeSlices: { left: { cochlea: 2 } },
    state: null,
  };
  const file = encodePart10(
    { SOPClassUID: '1.2', SOPInstanceUID: '1.3', SeriesInstanceUID: '1.4' },
    '',
    { privateBlock: privateStateBlock(older) }
  );
  const state = readPrivateState(readObject(file.file));
  expect(state).toEqual(older);
  expect(state?.measurement?.ears.left?.cochlea?.area?.ratio).toBe(0.4);
});

test('a report without names of slices, origins and choices keeps its numbers', () => {
  const measurement = testMeasurement(mrc);
  const common = { mrc, measurement, created: new Date(0) };
  const segmentation = encodeSegmentation({ ...common, labels: testLabels(), model: null });
  const { dataset } = encodeMeasurementReport({ ...common, ppi, pei: null, segmentation });
  const { file } = encodePart10(asOfThen(dataset), '');
  const decoded = decodeMeasurementReport(file);
  expect(decoded.choices).toBeNull();
  expect(decoded.organs).toHaveLength(3);
  const { area, volume } = measurement.ears.left!.cochlea!;
  expect(decoded.organs[0]).toMatchObject({
    ...{ ear: 'left', organ: 'cochlea', measurable: true, mask: null },
    volume: { ratio: volume.ratio },
    area: {
      ratio: area!.ratio,
      image: { instanceNumber: null, sopInstanceUid: area!.image.sopInstanceUid },
      imageName: '',
      chosenBy: null,
      automaticImageName: null,
    },
  });
});

test('a report that has doubts and reasons below their items, and the algorithm in each group, reads the same', () => {
  const measurement = testMeasurement(mrc);
  TEST_CASES['a borderline grade'](measurement);
  TEST_CASES['a moved slice'](measurement);
  const common = { mrc, measurement, created: new Date(0) };
  const segmentation = encodeSegmentation({ ...common, labels: testLabels(), model: null });
  const { dataset, file } = encodeMeasurementReport({
    ...{ ...common, ppi, pei: null, segmentation },
    automaticSlices: { left: { cochlea: imagesOf(mrc)[2]! } },
  });
  const older = encodePart10(nested(dataset, []), '');
  const decoded = decodeMeasurementReport(file);
  expect(decoded.organs[1]!.gradeDoubts).toHaveLength(2);
  expect(decoded.organs[0]!.area?.automaticImageName).toBe('series 1, image 25');
  expect(decodeMeasurementReport(older.file)).toEqual(decoded);
});

/** The content tree as it was nested before. */
function nested(item: NaturalizedDataset, algorithm: NaturalizedDataset[]): NaturalizedDataset {
  const nameOf = (child: NaturalizedDataset): string =>
    text(items(child.ConceptNameCodeSequence)[0]?.CodeValue);
  const isOf = (pattern: RegExp) => (child: NaturalizedDataset) => pattern.test(nameOf(child));
  const all = items(item.ContentSequence);
  if (all.length === 0) return item;
  const isGroup = nameOf(item) === '125007';
  const moved: Record<string, RegExp> = {
    'GRADE-SUGGESTED': /^GRADE-DOUBT$/,
    'SLICE-CHOSEN-BY': /^SLICE-AUTOMATIC$/,
    'ENDO-VOL-RATIO': /^NOT-MEASURED$/,
  };
  const below = (name: string) => (isGroup && moved[name] ? all.filter(isOf(moved[name])) : []);
  const aside = /^(GRADE-DOUBT|SLICE-AUTOMATIC|NOT-MEASURED|11100[0-3]|122405)$/;
  const named = [...algorithm, ...all.filter(isOf(/^(11100[0-3]|122405)$/))];
  return {
    ...item,
    ContentSequence: [
      ...(isGroup ? algorithm : []),
      ...all
        .filter((child) => !aside.test(nameOf(child)))
        .map((child) => {
          const inner = nested(child, named);
          const children = [...items(inner.ContentSequence), ...below(nameOf(child))];
          return children.length > 0 ? { ...inner, ContentSequence: children } : inner;
        }),
    ],
  };
}

/** Without the codes of today, and the volume ratio under its old code. */
function asOfThen(item: NaturalizedDataset): NaturalizedDataset {
  const codeOf = (item: NaturalizedDataset): string =>
    text(items(item.ConceptNameCodeSequence)[0]?.CodeValue);
  const isNew = (item: NaturalizedDataset): boolean =>
    /^(CHOICE-|SLICE-|REGION-|NOT-)/.test(codeOf(item)) ||
    items(item.ContentSequence).some((child) => codeOf(child) === 'NOT-MEASURED');
  const copy = { ...item };
  if (codeOf(item) === 'ENDO-VOL-RATIO')
    copy.ConceptNameCodeSequence = [
      { CodeValue: '113288', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Volume Ratio' },
    ];
  if (item.ContentSequence)
    copy.ContentSequence = items(item.ContentSequence)
      .filter((item) => !isNew(item))
      .map(asOfThen);
  return copy;
}
