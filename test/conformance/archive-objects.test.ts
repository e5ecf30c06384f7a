import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSegmentation, encodeSegmentation } from '@inner-ear-hydrops/core/dicom';
import { testEndolymph, testLabels, testSeries, testVolume } from '../../core/test/testSeries';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

/**
 * What archives do to our segmentation on the way: another transfer syntax, another encoding of the
 * same voxels, private data turned into UN or moved. The tools that do it here are dcmtk's and
 * pydicom, not our own code.
 */
const mrc = testSeries(
  'MRC',
  testVolume((i, j, k) => i + j + k)
);
const labels = testLabels();
const state = { note: 'kept \\ "100%"' };
const object = encodeSegmentation({
  mrc,
  labels,
  endolymph: testEndolymph(),
  model: { name: 'Test network', version: '1', sha256: 'ab'.repeat(32) },
  mask: 'edited',
  created: new Date('2026-03-04T05:06:07Z'),
  state,
});

const folder = temporaryFolder();
let stored: string;
beforeAll(() => {
  stored = join(folder, 'seg.dcm');
  writeFileSync(stored, new Uint8Array(object.file));
});

function read(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

function run(command: string, ...args: string[]): void {
  const { status, output } = runTool(command, args);
  if (status !== 0) throw new Error(`${command}: ${output}`);
}

describeWithTools('a segmentation that an archive rewrote', ['dcmconv', 'pydicom'], () => {
  test.each([
    ['Implicit VR Little Endian (private data without VR)', '+ti'],
    ['Explicit VR Big Endian', '+tb'],
    ['Deflated Explicit VR Little Endian', '+td'],
  ])('in %s gives the same labels and state, or a refusal that says why', (_, syntax) => {
    const path = join(folder, `converted${syntax}.dcm`);
    run('dcmconv', syntax, stored, path);
    if (syntax === '+tb') {
      // Retired, and the only syntax that is refused: nothing is read wrongly.
      expect(() => decodeSegmentation(read(path), mrc)).toThrow(
        expect.objectContaining({ code: 'segmentation-compressed' })
      );
      return;
    }
    const decoded = decodeSegmentation(read(path), mrc);
    expect(decoded.labels.data).toEqual(labels.data);
    expect(decoded.state?.state).toEqual(state);
  });

  test('with its private block moved keeps the state', () => {
    const path = join(folder, 'moved.dcm');
    run(
      PYTHON,
      '-W',
      'ignore',
      '-c',
      `
import sys, pydicom
ds = pydicom.dcmread(sys.argv[1])
value = ds[0x0077, 0x1001].value
del ds[0x0077, 0x0010], ds[0x0077, 0x1001]
ds.add_new((0x0077, 0x0010), 'LO', 'SOMEONE ELSE')
ds.add_new((0x0077, 0x1001), 'LO', 'something else')
ds.add_new((0x0077, 0x0042), 'LO', 'INNER EAR HYDROPS 1')
ds.add_new((0x0077, 0x4201), 'UT', value)
ds.save_as(sys.argv[2])`,
      stored,
      path
    );
    expect(decodeSegmentation(read(path), mrc).state?.state).toEqual(state);
  });
});

describeWithTools('a LABELMAP segmentation', ['pydicom', 'dcmcrle'], () => {
  test('made by pydicom, 8 and 16 bit, plain and RLE, gives the same voxels', () => {
    for (const bits of [8, 16]) {
      const plain = join(folder, `labelmap-${bits}.dcm`);
      const rle = join(folder, `labelmap-${bits}-rle.dcm`);
      run(PYTHON, '-W', 'ignore', '-c', LABELMAP_SCRIPT, stored, plain, String(bits));
      run('dcmcrle', plain, rle);
      for (const path of [plain, rle])
        expect(decodeSegmentation(read(path), mrc).labels.data).toEqual(labels.data);
    }
  });
});

/** The organs of our BINARY object as one labelled frame a slice, in falling order of the slices. */
const LABELMAP_SCRIPT = `
import sys, copy, numpy, pydicom
from pydicom.sequence import Sequence
ds = pydicom.dcmread(sys.argv[1])
bits = int(sys.argv[3])
packed = numpy.unpackbits(numpy.frombuffer(ds.PixelData, numpy.uint8), bitorder='little')
frames = packed[:ds.NumberOfFrames * ds.Rows * ds.Columns].reshape(ds.NumberOfFrames, ds.Rows, ds.Columns)
slices, groups = {}, {}
for frame, group in zip(frames, ds.PerFrameFunctionalGroupsSequence):
    number = int(group.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
    if number > 4: continue
    key = tuple(float(v) for v in group.PlanePositionSequence[0].ImagePositionPatient)
    slices.setdefault(key, numpy.zeros(frame.shape, 'uint%d' % bits))[frame == 1] = number
    copied = copy.deepcopy(group)
    del copied.SegmentIdentificationSequence
    groups[key] = copied
order = sorted(slices, reverse=True)
ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.66.7'
ds.SegmentationType = 'LABELMAP'
ds.BitsAllocated = ds.BitsStored = bits
ds.HighBit = bits - 1
ds.NumberOfFrames = len(order)
ds.PerFrameFunctionalGroupsSequence = Sequence([groups[key] for key in order])
data = numpy.stack([slices[key] for key in order]).tobytes()
ds.PixelData = data + b'\\0' * (len(data) % 2)
ds['PixelData'].VR = 'OW'
ds.save_as(sys.argv[2])
`;
