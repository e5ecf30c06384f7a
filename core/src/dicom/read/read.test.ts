import { headerFromDataset } from './headerFromDataset';
import { modalityLut } from './modalityLut';
import { readDicomFile } from './readDicomFile';
import { decodeRunLength } from './runLength';
import { sliceGeometries } from './sliceGeometries';

const classic = {
  SOPInstanceUID: '2.25.1',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  SeriesInstanceUID: '2.25.2',
  SeriesNumber: 4,
  Modality: 'MR',
  ImageType: ['ORIGINAL', 'PRIMARY', 'M'],
  Rows: 2,
  Columns: 3,
  ImagePositionPatient: [1, -2.5, 3],
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  PixelSpacing: [0.5, 0.75],
  InversionTime: 2250,
  RescaleSlope: 2,
  RescaleIntercept: -1,
};

test('numbers as strings, single values in arrays and padded text read the same', () => {
  // Hosts naturalise differently: all of these come from real hosts.
  const loose = {
    ...classic,
    SOPInstanceUID: ['2.25.1'],
    SeriesInstanceUID: '2.25.2\0',
    SeriesNumber: ' 4',
    Modality: ['MR'],
    ImageType: 'ORIGINAL\\PRIMARY\\M ',
    Rows: [2],
    Columns: '3',
    ImagePositionPatient: ['1.0', '-2.5 ', '3'],
    ImageOrientationPatient: '1\\0\\0\\0\\1\\0',
    PixelSpacing: new Float64Array([0.5, 0.75]),
    InversionTime: ['2250'],
    RescaleSlope: '2',
    RescaleIntercept: ['-1'],
  };
  expect(sliceGeometries(loose)).toEqual(sliceGeometries(classic));
  expect(modalityLut(loose, 0)).toMatchObject({ slope: 2, intercept: -1 });
  const { attributes: _a, ...header } = headerFromDataset(loose);
  const { attributes: _b, ...expected } = headerFromDataset(classic);
  expect(header).toEqual(expected);
  expect(headerFromDataset(classic)).toMatchObject({ inversionTime: 2250, seriesNumber: 4 });
});

test('absent or zero rescale leaves values as stored; inversion time 0 is none', () => {
  expect(modalityLut({}, 0)).toMatchObject({ slope: 1, intercept: 0 });
  expect(modalityLut({ RescaleSlope: 0 }, 0)).toMatchObject({ slope: 1, intercept: 0 });
  expect(headerFromDataset({ ...classic, InversionTime: 0 }).inversionTime).toBeNull();
});

test('a Number of Frames that cannot be read, or is absent, does not hide the frames of a series', () => {
  const frames = { PerFrameFunctionalGroupsSequence: [{}, {}, {}] };
  for (const NumberOfFrames of ['3,0', null, '1'])
    expect(headerFromDataset({ ...frames, NumberOfFrames }).imageCount).toBe(3);
  expect(headerFromDataset({ NumberOfFrames: '2' }).imageCount).toBe(2);
});

test('missing geometry is refused with the tag; frames never share one position', () => {
  expect(() => sliceGeometries({ ...classic, ImagePositionPatient: [1, 2] })).toThrow(
    /Image Position \(Patient\) \(0020,0032\)/
  );
  expect(() => sliceGeometries({ ...classic, NumberOfFrames: 2 })).toThrow(/frame 1/);
});

test('attributes are plain: proxies and functions of the host do not stop a worker message', () => {
  const name = new Proxy([{ Alphabetic: 'A^B', toString: () => 'A^B' }], {});
  const header = headerFromDataset({
    ...classic,
    PatientName: name,
    PixelData: { retrieveBulkData: () => null },
    '00091001': 'private',
  });
  expect(structuredClone(header).attributes).toMatchObject({
    PatientName: [{ Alphabetic: 'A^B' }],
  });
  expect(header.attributes).not.toHaveProperty('PixelData');
  expect(header.attributes).not.toHaveProperty('00091001');
});

test('RLE: the worked example of runs and literals, and streams that hold fewer or more pixels', () => {
  // PS3.5 Annex G: −n repeats n + 1 times, n copies n + 1 bytes; here 16 bits, two segments.
  const header = new Uint32Array(16);
  header.set([2, 64, 66]);
  const frame = new Uint8Array([...new Uint8Array(header.buffer), 253, 1, 3, 10, 20, 30, 40]);
  const bytes = decodeRunLength(frame, 4, 2);
  expect(Array.from(new Uint16Array(bytes.buffer))).toEqual([266, 276, 286, 296]);
  expect(() => decodeRunLength(frame.slice(0, 69), 4, 2)).toThrow(/holds 2 bytes for 4 pixels/);
  // Padding, and a byte that makes an odd number even, are no pixels.
  for (const padding of [
    [0, 0, 0, 0],
    [255, 0],
    [0, 9],
  ])
    expect(decodeRunLength(Uint8Array.from([...frame, ...padding]), 4, 2)).toEqual(bytes);
  expect(() => decodeRunLength(Uint8Array.from([...frame, 1, 8, 9]), 4, 2)).toThrow(
    /holds 6 bytes for 4 pixels/
  );
});

test.each([
  ['zip', 'PK\u0003\u0004'],
  ['tar', `${'MRC/0001.dcm'.padEnd(257, '\0')}ustar`],
])('a %s archive where files should be is said to be one', (kind, start) => {
  const { buffer } = new TextEncoder().encode(start.padEnd(1024, '\0'));
  expect(() => readDicomFile(buffer, 'a')).toThrow(
    `it is a ${kind} archive, which has to be unpacked`
  );
});

test('what is no DICOM is refused, whatever its bytes', () => {
  const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
  for (const content of ['', 'short', 'PK\u0003\u0004'.padEnd(400, 'x'), '{"a":1}'.padEnd(200)]) {
    expect(() => readDicomFile(bytes(content), 'notes.txt')).toThrow(/notes\.txt/);
  }
});
