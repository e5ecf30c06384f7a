import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSegmentation, encodeSegmentation } from '@inner-ear-hydrops/core/dicom';
import { testLabels, testSeries, testVolume } from '../../core/test/testSeries';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

/** One segmentation in the encodings that other software and archives use; pydicom writes them, not our own code. */
const mrc = testSeries(
  'MRC',
  testVolume((i, j, k) => i + j + k)
);
const labels = testLabels();

const folder = temporaryFolder();
let stored: string;
beforeAll(() => {
  stored = join(folder, 'seg.dcm');
  const { file } = encodeSegmentation({ mrc, labels, model: null, created: new Date(0) });
  writeFileSync(stored, new Uint8Array(file));
});

/** @param values `bits`, `full` (0 and 200) or `between` (0, 100 and 200) */
function rewritten(encoding: 'plain' | 'rle' | 'deflated', values: 'bits' | 'full' | 'between') {
  const path = join(folder, `${encoding}-${values}.dcm`);
  const args = ['-W', 'ignore', '-c', SCRIPT, stored, path, encoding, values];
  const { status, output } = runTool(PYTHON, args);
  if (status !== 0) throw new Error(output);
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

describeWithTools('a segmentation of other software', ['pydicom'], () => {
  test.each([
    ['RLE, one bit', 'rle', 'bits'],
    ['RLE, FRACTIONAL of two values', 'rle', 'full'],
    ['deflated frames, one bit', 'deflated', 'bits'],
    ['deflated frames, FRACTIONAL of two values', 'deflated', 'full'],
    ['plain, FRACTIONAL of two values', 'plain', 'full'],
  ] as const)('%s, gives the same voxels', (_, encoding, values) => {
    expect(decodeSegmentation(rewritten(encoding, values), mrc).labels.data).toEqual(labels.data);
  });

  test('FRACTIONAL with values in between is refused by series, frame and value', () => {
    const file = rewritten('plain', 'between');
    expect(() => decodeSegmentation(file, mrc)).toThrow(
      /"FOREIGN" is FRACTIONAL \(PROBABILITY\): frame 1 holds 100 of 200/
    );
  });

  test.each(['rle', 'deflated'] as const)('a %s frame that ends early is refused', (encoding) => {
    const bytes = new Uint8Array(rewritten(encoding, 'full')).slice();
    // Zeros where the last frame was: no end of a stream, and no values.
    bytes.fill(0, bytes.length - 20, bytes.length - 8);
    expect(() => decodeSegmentation(bytes.buffer, mrc)).toThrow(
      expect.objectContaining({ code: 'pixel-data-truncated' })
    );
  });
});

/** The same segmentation as other software words it: `change` is Python on the data set `ds`. */
function reworded(name: string, change: string) {
  const path = join(folder, `${name}.dcm`);
  const { status, output } = runTool(PYTHON, [
    '-W',
    'ignore',
    '-c',
    ALTER + change + SAVE,
    stored,
    path,
  ]);
  if (status !== 0) throw new Error(output);
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

describeWithTools('the names of a segmentation of other software', ['pydicom'], () => {
  test.each([
    ['Korean', `['', 'ISO 2022 IR 149']`, '왼쪽', '오른쪽', '달팽이관', '전정'],
    ['Japanese', `['', 'ISO 2022 IR 87']`, '左', '右', '蝸牛', '前庭'],
    ['Chinese (GB18030)', `'GB18030'`, '左', '右', '耳蜗', '前庭'],
    ['French', `'ISO_IR 100'`, 'gauche ', 'droit ', 'Cochlée', 'Vestibule'],
  ])('%s, are read in their character set', (name, set, left, right, cochlea, vestibule) => {
    const words = [left + cochlea, left + vestibule, right + cochlea, right + vestibule];
    const change = `
ds.SpecificCharacterSet = ${set}
for item, label in zip(ds.SegmentSequence, ${JSON.stringify(words)}): item.SegmentLabel = label
`;
    const { labels: read, segmentLabels } = decodeSegmentation(reworded(name, change), mrc);
    expect(Object.values(segmentLabels)).toEqual(words);
    expect(read.data).toEqual(labels.data);
  });
});

describeWithTools('what of a segmentation cannot be read', ['pydicom'], () => {
  test.each([
    [
      'spacing',
      'PixelMeasuresSequence[0]',
      '00280030',
      '0,5\\\\0,5',
      /Pixel Spacing .* is "0,5\\0,5"/,
    ],
    [
      'orientation',
      'PlaneOrientationSequence[0]',
      '00200037',
      '1\\\\0\\\\0\\\\0\\\\x\\\\0',
      /Image Orientation .*x/,
    ],
  ])('%s is refused with its value', (name, group, tag, value, words) => {
    const change = `
from pydicom.dataelem import RawDataElement
item = ds.SharedFunctionalGroupsSequence[0].${group}
b = b'${value}'
b += b' ' * (len(b) % 2)
t = pydicom.tag.Tag(0x${tag})
item._dict[t] = RawDataElement(t, 'DS', len(b), b, 0, False, True)
`;
    expect(() => decodeSegmentation(reworded(name, change), mrc)).toThrow(words);
  });

  test('frames that are more or fewer than their groups are refused', () => {
    const change = `
ds.NumberOfFrames += 1
`;
    expect(() => decodeSegmentation(reworded('frames', change), mrc)).toThrow(
      /"FOREIGN": Number of Frames \(0028,0008\) is \d+, but its Per-frame/
    );
  });
});

const ALTER = `
import sys, pydicom
ds = pydicom.dcmread(sys.argv[1])
for tag in [e.tag for e in ds if e.tag.is_private]: del ds[tag]
ds.Manufacturer, ds.SeriesDescription = 'Someone Else', 'FOREIGN'
tissue = pydicom.dataset.Dataset()
tissue.CodeValue, tissue.CodingSchemeDesignator, tissue.CodeMeaning = '85756007', 'SCT', 'Tissue'
for item in ds.SegmentSequence:
    item.SegmentedPropertyTypeCodeSequence = item.SegmentedPropertyCategoryCodeSequence = [tissue]
    for name in ('AnatomicRegionSequence', 'SegmentDescription'):
        if name in item: delattr(item, name)
`;
const SAVE = `
pydicom.dcmwrite(sys.argv[2], ds)
`;

const SCRIPT = `
import sys, zlib, numpy, pydicom, pydicom._uid_dict
from pydicom.encaps import encapsulate
from pydicom.pixel_data_handlers.rle_handler import rle_encode_frame
# Later than pydicom 2.3.
pydicom._uid_dict.UID_dictionary['1.2.840.10008.1.2.8.1'] = ('Deflated Image Frame Compression', 'Transfer Syntax', '', '', 'DeflatedImageFrameCompression')
source, target, encoding, values = sys.argv[1:]
ds = pydicom.dcmread(source)
bits = numpy.unpackbits(numpy.frombuffer(ds.PixelData, numpy.uint8), bitorder='little')
frames = bits[:ds.NumberOfFrames * ds.Rows * ds.Columns].reshape(ds.NumberOfFrames, ds.Rows, ds.Columns)
for tag in [e.tag for e in ds if e.tag.is_private]: del ds[tag]
ds.Manufacturer, ds.SeriesDescription = 'Someone Else', 'FOREIGN'
if values != 'bits':
    frames = frames * 200
    if values == 'between': frames[0][frames[0] > 0] = 100
    ds.SegmentationType, ds.SegmentationFractionalType, ds.MaximumFractionalValue = 'FRACTIONAL', 'PROBABILITY', 200
    ds.BitsAllocated = ds.BitsStored = 8
    ds.HighBit = 7
def packed(frame): return numpy.packbits(frame.ravel(), bitorder='little') if values == 'bits' else frame.astype(numpy.uint8).ravel()
def rle(frame):
    row = packed(frame)
    return rle_encode_frame(row.reshape(1, -1))
def deflated(frame):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(packed(frame).tobytes()) + packer.flush()
    return data + b'\\0' * (len(data) % 2)
if encoding == 'plain':
    data = b''.join(packed(f).tobytes() for f in frames)
    ds.PixelData = data + b'\\0' * (len(data) % 2)
else:
    ds.file_meta.TransferSyntaxUID = '1.2.840.10008.1.2.5' if encoding == 'rle' else '1.2.840.10008.1.2.8.1'
    ds.PixelData = encapsulate([(rle if encoding == 'rle' else deflated)(f) for f in frames])
    ds['PixelData'].is_undefined_length = True
ds['PixelData'].VR = 'OB'
ds.is_implicit_VR, ds.is_little_endian = False, True
pydicom.dcmwrite(target, ds)
`;
