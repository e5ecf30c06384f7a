import { decodeLosslessJpeg } from './losslessJpeg';
import { streamHeader } from './streamHeader';

/** Start Of Image, then a Start Of Frame of 8 bits, 4 × 5 pixels, one component. */
const FRAME = [0xff, 0xd8, 0xff, 0xc3, 0, 11, 8, 0, 4, 0, 5, 1, 1, 0x11, 0];
const SCAN = [0xff, 0xda, 0, 8, 1, 1, 0, 1, 0, 0];

test('a frame header is read as it stands', () => {
  expect(streamHeader(Uint8Array.from([...FRAME, ...SCAN]))).toMatchObject({
    codec: 'jpeg-lossless',
    bitsPerSample: 8,
    rows: 4,
    columns: 5,
    components: 1,
  });
});

test('a stream that is cut within its header is said to end there, not to have undefined bits', () => {
  for (const kept of [6, 8, 11])
    expect(() => streamHeader(Uint8Array.from(FRAME.slice(0, kept)))).toThrow(
      'the stream ends within its frame header'
    );
});

test('a lossless JPEG whose segments are too short for what they hold is not decoded', () => {
  const short = [0xff, 0xd8, 0xff, 0xc3, 0, 4, 8, 0];
  expect(() => decodeLosslessJpeg(Uint8Array.from(short))).toThrow(
    'the stream ends within its header'
  );
  const shortScan = [...FRAME, 0xff, 0xda, 0, 2];
  expect(() => decodeLosslessJpeg(Uint8Array.from(shortScan))).toThrow(
    'the stream ends within its header'
  );
});

test('a lossless JPEG that goes on behind its last pixel was damaged before it', () => {
  // One code of one bit, for a difference of 0: 20 pixels are 20 bits.
  const table = [0xff, 0xc4, 0, 20, 0, 1, ...new Array<number>(15).fill(0), 0];
  const stream = (...coded: number[]) =>
    Uint8Array.from([...FRAME, ...table, ...SCAN, ...coded, 0xff, 0xd9]);
  for (const padding of [[], [0], [0xff, 0]]) {
    const { samples } = decodeLosslessJpeg(stream(0, 0, 0x0f, ...padding));
    expect(Array.from(samples)).toEqual(new Array(20).fill(128));
  }
  expect(() => decodeLosslessJpeg(stream(0, 0, 0x0f, 1, 2, 3))).toThrow(/behind its last pixel/);
  expect(() => decodeLosslessJpeg(stream(0, 0))).toThrow(/before its last pixel/);
});
