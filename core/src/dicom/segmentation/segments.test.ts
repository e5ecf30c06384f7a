import type { NaturalizedDataset } from 'dcmjs';
import type { Measurement } from '../../types';
import { items, text } from '../encode/read';
import { readPart10 } from '../encode/readPart10';
import {
  TEST_CASES,
  testAnatomy,
  testEndolymph,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../../test/testSeries';
import { imagesOf } from '../../volume/imageName';
import { decodeSegmentation } from './decodeSegmentation';
import { encodeSegmentation } from './encodeSegmentation';
import type { SegmentationInput } from './segmentationInput';

/** What a segmentation says of its segments: which there are, who made them, what is known of them. */
const mrc = testSeries(
  'MRC',
  testVolume((i, j, k) => i + j + k)
);
const labels = testLabels();
const input: SegmentationInput = {
  mrc,
  labels,
  endolymph: testEndolymph(),
  model: { name: 'Test network', version: '1', sha256: 'ab'.repeat(32) },
  created: new Date('2026-03-04T05:06:07Z'),
};
const measured = (change?: (measurement: Measurement) => void): Measurement => {
  const measurement = testMeasurement(mrc);
  change?.(measurement);
  return measurement;
};
const dataset = (change: Partial<SegmentationInput> = {}): NaturalizedDataset =>
  readPart10(encodeSegmentation({ ...input, ...change }).file).dataset;
const segments = (change: Partial<SegmentationInput> = {}): NaturalizedDataset[] =>
  items(dataset(change).SegmentSequence);
const typeOf = (list: NaturalizedDataset[], label: string): unknown =>
  list.find((item) => item.SegmentLabel === label)?.SegmentAlgorithmType;

/** The labels without one ear. */
function withoutRightEar(): SegmentationInput['labels'] {
  return { ...labels, data: labels.data.map((label) => (label > 2 ? 0 : label)) };
}

test('an ear that was not found has no segment, and numbers run without gaps', () => {
  const change = {
    labels: withoutRightEar(),
    measurement: measured(TEST_CASES['an ear that was not found']),
  };
  const found = segments(change);
  expect(found.map((item) => [Number(item.SegmentNumber), item.SegmentLabel])).toEqual([
    [1, 'Left cochlea'],
    [2, 'Left vestibule'],
    [3, 'Left cochlea, endolymph'],
    [4, 'Left vestibule, endolymph'],
  ]);
  const rightOnly = {
    ...labels,
    data: labels.data.map((label) => (label > 2 ? label : 0)),
  };
  const right = encodeSegmentation({ ...input, labels: rightOnly });
  const used = items(readPart10(right.file).dataset.PerFrameFunctionalGroupsSequence).map((group) =>
    Number(items(group.SegmentIdentificationSequence)[0]!.ReferencedSegmentNumber)
  );
  const numbers = segments({ labels: rightOnly }).map((item) => Number(item.SegmentNumber));
  expect(numbers).toEqual([1, 2, 3, 4]);
  // Each segment that is described has a frame.
  expect([...new Set(used)].sort()).toEqual(numbers);
  expect(decodeSegmentation(right.file, mrc).labels.data).toEqual(rightOnly.data);
  const labelmap = encodeSegmentation({ ...input, labels: rightOnly, type: 'labelmap' });
  expect(decodeSegmentation(labelmap.file, mrc).labels.data).toEqual(rightOnly.data);
});

test('endolymph that a warning voids is no segment, and the organ says why', () => {
  const found = segments({ measurement: measured(TEST_CASES['a voided ear']) });
  const names = found.map((item) => text(item.SegmentLabel));
  expect(names.filter((name) => name.includes('endolymph'))).toEqual([
    'Right cochlea, endolymph',
    'Right vestibule, endolymph',
  ]);
  expect(text(found[0]!.SegmentDescription)).toBe(
    'Total fluid space of the left cochlea. Area on series 1, image 27 (frame 1 here), chosen by the software. ' +
      'Endolymph not measurable: perilymph-not-enhanced'
  );
  expect(decodeSegmentation(encodeSegmentation(input).file, mrc).labels.data).toEqual(labels.data);
});

test('structures beside the organs are segments behind them, and no organs when read', () => {
  for (const type of ['binary', 'labelmap'] as const) {
    const { file } = encodeSegmentation({ ...input, anatomy: testAnatomy(), type });
    const names = items(readPart10(file).dataset.SegmentSequence).map((item) =>
      text(item.SegmentLabel)
    );
    expect(names.slice(-3)).toEqual([
      'Left lateral semicircular canal',
      'Left internal auditory canal',
      'Right superior and posterior semicircular canals',
    ]);
    const decoded = decodeSegmentation(file, mrc);
    expect(decoded.labels.data).toEqual(labels.data);
    const anatomy = decoded.anatomy!;
    expect([...anatomy].map((code) => ([3, 5, 14].includes(code) ? code : 0))).toEqual([
      ...testAnatomy(),
    ]);
  }
  expect(decodeSegmentation(encodeSegmentation(input).file, mrc).anatomy).toBeNull();
});

test('the frame that a description names shows that segment, on the slice that it names', () => {
  const moved = measured((measurement) => {
    const { area } = measurement.ears.left!.vestibule!;
    area!.chosenBy = 'reader';
    // Nothing of the left vestibule lies there, only a voxel of another organ.
    area!.image = imagesOf(mrc)[3]!;
  });
  for (const type of ['binary', 'labelmap'] as const) {
    const stored = dataset({ measurement: moved, type });
    const frames = items(stored.PerFrameFunctionalGroupsSequence).map((group) => ({
      segment: items(group.SegmentIdentificationSequence)[0]?.ReferencedSegmentNumber,
      source: items(items(group.DerivationImageSequence)[0]!.SourceImageSequence)[0]!
        .ReferencedSOPInstanceUID,
    }));
    const named = items(stored.SegmentSequence).flatMap((item) =>
      [
        ...text(item.SegmentDescription).matchAll(/image (\d+) \((slice of )?frame (\d+) here/g),
      ].map(([, image, other, number]) => {
        const frame = frames[Number(number) - 1]!;
        const source = mrc.sources.find(({ sopInstanceUid }) => sopInstanceUid === frame.source);
        expect(source?.instanceNumber).toBe(Number(image));
        if (type === 'binary' && !other) expect(frame.segment).toBe(item.SegmentNumber);
        return `${text(item.SegmentLabel)}${other ? ', slice only' : ''}`;
      })
    );
    expect(named).toEqual([
      'Left cochlea',
      // Every frame of a LABELMAP shows all segments.
      type === 'binary' ? 'Left vestibule, slice only' : 'Left vestibule',
      'Left vestibule',
      'Right cochlea',
    ]);
  }
});

test('a mask of endolymph that is not on the grid is refused', () => {
  expect(() => encodeSegmentation({ ...input, endolymph: new Uint8Array(5) })).toThrow(
    expect.objectContaining({ code: 'segmentation-grid-differs' })
  );
});

test('each segment is AUTOMATIC, SEMIAUTOMATIC or MANUAL as its own region was made', () => {
  const change = {
    measurement: measured(TEST_CASES['a region that was edited and one that was drawn']),
  };
  const found = segments(change);
  expect(typeOf(found, 'Left cochlea')).toBe('SEMIAUTOMATIC');
  expect(typeOf(found, 'Left vestibule')).toBe('AUTOMATIC');
  expect(typeOf(found, 'Left vestibule, endolymph')).toBe('AUTOMATIC');
  expect(typeOf(found, 'Right cochlea')).toBe('MANUAL');
  // Drawn, but what is endolymph in it was computed; not by the network.
  const endolymph = found.find((item) => item.SegmentLabel === 'Right cochlea, endolymph')!;
  expect(endolymph.SegmentAlgorithmType).toBe('SEMIAUTOMATIC');
  expect(endolymph.SegmentAlgorithmName).toBe('Inner Ear Hydrops');
  expect(new Set(segments().map((item) => item.SegmentAlgorithmType))).toEqual(
    new Set(['AUTOMATIC'])
  );
  expect(
    segments({ model: null, endolymph: undefined }).map((item) => item.SegmentAlgorithmType)
  ).toEqual(new Array(4).fill('MANUAL'));
});

test.each([
  ['automatic', undefined],
  ['choices edited', TEST_CASES['a moved slice']],
  ['choices edited', (m: Measurement) => void (m.choices.method = 'reader')],
  ['choices edited', (m: Measurement) => void (m.choices.roles.ppi = 'reader')],
  ['choices edited', (m: Measurement) => void (m.choices.ears.left = 'reader')],
  ['edited', TEST_CASES['a region that was edited and one that was drawn']],
])('is "%s" as the reader chose (%#)', (origin, change) => {
  const measurement = measured(change);
  const { SeriesDescription, ContentDescription, SeriesNumber } = dataset({ measurement });
  expect(SeriesDescription).toBe(`EH segmentation, ${origin} (research use)`);
  expect(ContentDescription).toBe(`EH, ${origin}. For research use only. Not for clinical use.`);
  expect(Number(SeriesNumber)).toBe(origin === 'automatic' ? 9200 : 9201);
  const decoded = decodeSegmentation(encodeSegmentation({ ...input, measurement }).file, mrc);
  expect(decoded.edited).toBe(origin !== 'automatic');
  expect(decoded.state?.measurement).toEqual(measurement);
});

test('how long the computation took is not stored, so that the same result is the same object', () => {
  const quick = { ...measured(), timings: { total: 100 } };
  const slow = { ...measured(), timings: { total: 99_999 } };
  const [a, b] = [quick, slow].map((measurement) => encodeSegmentation({ ...input, measurement }));
  expect(new Uint8Array(a!.file)).toEqual(new Uint8Array(b!.file));
});
