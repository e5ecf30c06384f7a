import { axisOf } from '../../volume';
import { mapAxes, type Axis } from '../../axes';
import type { NaturalizedDataset } from 'dcmjs';
import type { LabelVolume, Matrix3 } from '../../types';
import { encodePart10 } from '../encode/part10';
import { items, text } from '../encode/read';
import { readPart10 } from '../encode/readPart10';
import { isSameObject, readEncodedObject } from '../encode/storedObject';
import {
  TEST_GRID,
  asMultiFrame,
  testEndolymph,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../../test/testSeries';
import { decodeSegmentation } from './decodeSegmentation';
import { encodeSegmentation } from './encodeSegmentation';
import type { SegmentationInput } from './segmentationInput';

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
  created: new Date('2026-03-04T05:06:07.089Z'),
};

/** Our object changed as another vendor or an archive might: attributes and frames, not pixels. */
function rewritten(
  change: (dataset: NaturalizedDataset) => void,
  source: SegmentationInput = { ...input, endolymph: undefined }
): ArrayBuffer {
  const dataset = { ...readPart10(encodeSegmentation(source).file).dataset };
  change(dataset);
  for (const key of Object.keys(dataset)) if (/^[0-9a-f]{8}$/i.test(key)) delete dataset[key];
  delete dataset._vrMap;
  return encodePart10(withoutVrMaps(dataset), '', { pixelVr: 'OB' }).file;
}

function withoutVrMaps(dataset: NaturalizedDataset): NaturalizedDataset {
  const copy: NaturalizedDataset = {};
  for (const [key, value] of Object.entries(dataset)) {
    if (key === '_vrMap') continue;
    const list = Array.isArray(value) ? [...(value as unknown[])] : null;
    const isSequence =
      list?.every((item) => item !== null && typeof item === 'object') && list.length > 0;
    const isBinary = list?.[0] instanceof ArrayBuffer || /Name$/.test(key);
    copy[key] =
      isSequence && !isBinary
        ? list.map((item) => withoutVrMaps(item as NaturalizedDataset))
        : value;
  }
  return copy;
}

const frame = (file: ArrayBuffer): NaturalizedDataset[] =>
  items(readPart10(file).dataset.PerFrameFunctionalGroupsSequence);

test('a LABELMAP comes back voxel for voxel, as an object of its own', () => {
  const labelmap = encodeSegmentation({ ...input, type: 'labelmap' });
  expect(decodeSegmentation(labelmap.file, mrc).labels.data).toEqual(labels.data);
  expect(labelmap.sopInstanceUid).not.toBe(encodeSegmentation(input).sopInstanceUid);
});

describe('an object that an archive holds', () => {
  const sent = encodeSegmentation(input).file;
  test('is the object that was sent, also when it was made again', () => {
    const again = encodeSegmentation(input);
    expect(isSameObject(sent, again.file)).toBe(true);
    expect(readEncodedObject(sent)).toMatchObject({
      sopInstanceUid: again.sopInstanceUid,
      seriesInstanceUid: again.seriesInstanceUid,
    });
  });
  test('is another object when its pixels differ under the same UID', () => {
    const { dataset } = readPart10(sent);
    const changed = new Uint8Array(sent.slice(0));
    changed[changed.length - 2]! ^= 1;
    expect(text(readPart10(changed.buffer).dataset.SOPInstanceUID)).toBe(
      text(dataset.SOPInstanceUID)
    );
    expect(isSameObject(sent, changed.buffer)).toBe(false);
  });
});

describe('a saved segmentation', () => {
  test('comes back voxel for voxel, with everything that a restore needs', () => {
    const measurement = testMeasurement(mrc);
    measurement.ears.left!.cochlea!.mask = 'edited';
    const state = { fields: { impression: 'C:\\a 100%5C "ü"\n幻' }, grades: [1, null, true] };
    const { file } = encodeSegmentation({
      ...input,
      measurement,
      state,
      representativeSlices: { left: { cochlea: 2 } },
      reader: 'Reader^Test',
      backend: 'wasm',
    });
    const decoded = decodeSegmentation(file, mrc);
    expect(decoded.labels.data).toEqual(labels.data);
    expect(decoded.warnings).toEqual([]);
    expect(decoded.model).toEqual(input.model);
    expect(decoded.edited).toBe(true);
    expect(decoded.created).toEqual(input.created);
    expect(decoded.state).toEqual({
      format: 'inner-ear-hydrops/state@1',
      created: input.created!.toISOString(),
      edited: true,
      model: input.model,
      backend: 'wasm',
      reader: 'Reader^Test',
      measurement,
      representativeSlices: { left: { cochlea: 2 } },
      state,
    });
  });

  test('with one organ in one voxel comes back too', () => {
    const single: LabelVolume = { ...labels, data: new Uint8Array(labels.data.length) };
    single.data[single.data.length - 1] = 2;
    const { file } = encodeSegmentation({ ...input, labels: single, endolymph: undefined });
    expect(frame(file)).toHaveLength(1);
    expect(decodeSegmentation(file, mrc).labels.data).toEqual(single.data);
  });

  test('is the same object when stored again, and another one after an edit', () => {
    const first = encodeSegmentation(input);
    const again = encodeSegmentation({ ...input, labels: testLabels() });
    expect(new Uint8Array(again.file)).toEqual(new Uint8Array(first.file));
    const changed = testLabels();
    changed.data[40] = 1;
    for (const other of [
      { ...input, labels: changed },
      { ...input, mask: 'edited' as const },
      // The reader's work of another moment: its dates differ, so its UID does.
      { ...input, created: new Date() },
      { ...input, model: { ...input.model!, sha256: 'cd'.repeat(32) } },
    ]) {
      const object = encodeSegmentation(other);
      expect(object.sopInstanceUid).not.toBe(first.sopInstanceUid);
      expect(object.seriesInstanceUid).not.toBe(first.seriesInstanceUid);
    }
  });

  test('of a multi-frame MRC refers to its frames', () => {
    const multiFrame = asMultiFrame(mrc);
    const source = { ...input, mrc: multiFrame, endolymph: undefined };
    const { file } = encodeSegmentation(source);
    const first = items(items(frame(file)[0]!.DerivationImageSequence)[0]!.SourceImageSequence)[0]!;
    expect([first.ReferencedSOPInstanceUID, Number(first.ReferencedFrameNumber)]).toEqual([
      '2.25.77',
      5,
    ]);
    const bySource = rewritten((dataset) => {
      for (const group of items(dataset.PerFrameFunctionalGroupsSequence))
        delete group.PlanePositionSequence;
    }, source);
    expect(decodeSegmentation(bySource, multiFrame).labels.data).toEqual(labels.data);
  });

  test('is refused when it is empty or on another grid, before anything is stored', () => {
    const empty = { ...labels, data: new Uint8Array(labels.data.length) };
    expect(() => encodeSegmentation({ ...input, labels: empty })).toThrow(
      expect.objectContaining({ code: 'segmentation-empty' })
    );
    const shifted = { ...labels, origin: [0, 0, 0] as [number, number, number] };
    expect(() => encodeSegmentation({ ...input, labels: shifted })).toThrow(
      expect.objectContaining({ code: 'segmentation-grid-differs' })
    );
  });
});

describe('a segmentation of another software', () => {
  test('finds its slices by position, whatever the order of the frames', () => {
    const reversed = rewritten((dataset) => {
      const {
        Rows: rows,
        Columns: columns,
        NumberOfFrames: count,
      } = dataset as Record<string, number>;
      const bits = new Uint8Array(
        (dataset.PixelData as ArrayBuffer[])[0] ?? (dataset.PixelData as ArrayBuffer)
      );
      const length = rows! * columns!;
      const turned = new Uint8Array(bits.length);
      for (let f = 0; f < Number(count); f++)
        for (let i = 0; i < length; i++) {
          const from = f * length + i;
          const to = (Number(count) - 1 - f) * length + i;
          turned[to >> 3]! |= ((bits[from >> 3]! >> (from & 7)) & 1) << (to & 7);
        }
      dataset.PixelData = turned.buffer;
      dataset.PerFrameFunctionalGroupsSequence = items(
        dataset.PerFrameFunctionalGroupsSequence
      ).reverse();
    });
    expect(decodeSegmentation(reversed, mrc).labels.data).toEqual(labels.data);
  });

  test('also when MRC was assembled in the other direction', () => {
    // The same voxels in space, with i and k turned round (still right-handed).
    const [columns, rows, slices] = TEST_GRID.size;
    const flip = (axis: Axis) => mapAxes(axisOf(TEST_GRID, axis), (value) => -value);
    const far = [0, 1, 2].map(
      (a) =>
        TEST_GRID.origin[a]! +
        (columns - 1) * TEST_GRID.spacing[0] * TEST_GRID.direction[a]! +
        (slices - 1) * TEST_GRID.spacing[2] * TEST_GRID.direction[6 + a]!
    ) as [number, number, number];
    const direction: Matrix3 = [...flip(0), ...axisOf(TEST_GRID, 1), ...flip(2)];
    const turned = { ...mrc, volume: { ...mrc.volume, origin: far, direction } };
    const decoded = decodeSegmentation(encodeSegmentation(input).file, turned).labels.data;
    for (let k = 0; k < slices; k++)
      for (let j = 0; j < rows; j++)
        for (let i = 0; i < columns; i++)
          expect(decoded[columns - 1 - i + columns * (j + rows * (slices - 1 - k))]).toBe(
            labels.data[i + columns * (j + rows * k)]
          );
  });

  test.each([
    ['cochlea_L', 'vestibule_L', 'cochlea_R', 'vestibule_R'],
    ['LC', 'LV', 'RC', 'RV'],
    ['lt_coch', 'lt_vest', 'rt_coch', 'rt_vest'],
    ['leftCochlea', 'leftVestibule', 'rightCochlea', 'rightVestibule'],
    ['Cochlea links', 'Vestibulum links', 'Cochlea rechts', 'Vestibulum rechts'],
    ['Cochlée gauche', 'Vestibule gauche', 'Cochlée droite', 'Vestibule droit'],
  ])('is matched by its labels %s, %s, %s, %s', (...names) => {
    const file = rewritten((dataset) => {
      items(dataset.SegmentSequence).forEach((item, i) => {
        item.SegmentLabel = names[i];
        item.SegmentedPropertyTypeCodeSequence = [
          { CodeValue: 'T-D0050', CodingSchemeDesignator: 'SRT', CodeMeaning: 'Tissue' },
        ];
        delete item.AnatomicRegionSequence;
      });
    });
    const decoded = decodeSegmentation(file, mrc);
    expect(decoded.labels.data).toEqual(labels.data);
    expect(decoded.state).toBeNull();
    expect(Object.values(decoded.segmentLabels)).toEqual(names);
  });

  test('is matched by its codes when the labels say nothing', () => {
    const file = rewritten((dataset) =>
      items(dataset.SegmentSequence).forEach((item, i) => (item.SegmentLabel = `Segment ${i + 1}`))
    );
    expect(decodeSegmentation(file, mrc).labels.data).toEqual(labels.data);
  });

  test('as LABELMAP gives the same voxels', () => {
    const length = TEST_GRID.size[0] * TEST_GRID.size[1];
    const slices = [1, 2, 4];
    const asLabelmap = (dataset: NaturalizedDataset): void => {
      const frames = items(dataset.PerFrameFunctionalGroupsSequence);
      dataset.SOPClassUID = '1.2.840.10008.5.1.4.1.1.66.7';
      dataset.SegmentationType = 'LABELMAP';
      dataset.BitsAllocated = dataset.BitsStored = 8;
      dataset.HighBit = 7;
      const bySlice = slices.map((k) =>
        frames.find((group) => {
          const source = items(items(group.DerivationImageSequence)[0]!.SourceImageSequence)[0]!;
          return source.ReferencedSOPInstanceUID === mrc.sources[k]!.sopInstanceUid;
        })
      ) as NaturalizedDataset[];
      bySlice.forEach((group) => delete group.SegmentIdentificationSequence);
      dataset.PerFrameFunctionalGroupsSequence = bySlice;
      dataset.NumberOfFrames = slices.length;
      const bytes = new Uint8Array(2 * Math.ceil((slices.length * length) / 2));
      slices.forEach((k, f) =>
        bytes.set(labels.data.subarray(k * length, (k + 1) * length), f * length)
      );
      dataset.PixelData = bytes.buffer;
    };
    const expected = labels.data.slice();
    expected.fill(0, 3 * length, 4 * length);
    const file = rewritten(asLabelmap);
    expect(decodeSegmentation(file, mrc).labels.data).toEqual(expected);
  });

  test.each([
    ['frame-of-reference-differs', (d: NaturalizedDataset) => (d.FrameOfReferenceUID = '2.25.9')],
    ['segmentation-fractional', (d: NaturalizedDataset) => (d.SegmentationType = 'FRACTIONAL')],
    ['not-a-segmentation', (d: NaturalizedDataset) => (d.Modality = 'MR')],
    ['pixel-data-truncated', (d: NaturalizedDataset) => (d.PixelData = new ArrayBuffer(10))],
    [
      'segmentation-grid-differs',
      (d: NaturalizedDataset) => {
        const shared = items(d.SharedFunctionalGroupsSequence)[0]!;
        items(shared.PixelMeasuresSequence)[0]!.PixelSpacing = [0.75, 0.6];
      },
    ],
    [
      'segmentation-grid-differs',
      (d: NaturalizedDataset) => {
        for (const group of items(d.PerFrameFunctionalGroupsSequence))
          items(group.PlanePositionSequence)[0]!.ImagePositionPatient = [1000, 0, 0];
      },
    ],
    [
      'segmentation-without-organs',
      (d: NaturalizedDataset) =>
        items(d.SegmentSequence).forEach((item) => {
          item.SegmentLabel = 'Facial nerve';
          item.SegmentedPropertyTypeCodeSequence = [];
        }),
    ],
  ])('is refused with %s', (code, change) => {
    const file = rewritten((dataset) => void change(dataset));
    expect(() => decodeSegmentation(file, mrc)).toThrow(expect.objectContaining({ code }));
  });

  test('bytes that are no DICOM are refused as such', () => {
    expect(() => decodeSegmentation(new ArrayBuffer(300), mrc)).toThrow(
      expect.objectContaining({ code: 'not-dicom' })
    );
  });

  test('that lost our private data says so', () => {
    const decoded = decodeSegmentation(
      rewritten(() => {}),
      mrc
    );
    expect(decoded.labels.data).toEqual(labels.data);
    expect(decoded.warnings.map(({ code }) => code)).toEqual(['stored-state-missing']);
  });
});
