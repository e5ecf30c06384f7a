import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assembleSeries, RefusedInputError, type Series } from '@inner-ear-hydrops/core';
import { readSeries, type DicomFileInput } from '@inner-ear-hydrops/core/dicom';
import { PIXEL_CODECS } from '@inner-ear-hydrops/core/codecs';
import { describeWithTools, hasTools, PYTHON, runTool } from '../support/tools';

const SCRIPT = path.join(__dirname, 'makeReadFixtures.py');

/** Encodings that pydicom writes by itself; the others need dcmtk or Pillow. */
const PLAIN = [
  'unsigned16',
  'unsigned12',
  'signed16',
  'signed12',
  'overlay12',
  'eight',
  'unsigned32',
  'implicit',
];
const CONVERTED: Record<string, string[]> = {
  'big-endian': ['dcmconv'],
  deflated: ['dcmconv'],
  rle: ['dcmcrle'],
  'rle-8': ['dcmcrle'],
  'jpeg-lossless': ['dcmcjpeg'],
  'jpeg-lossless-sv1': ['dcmcjpeg'],
  'jpeg-ls': ['dcmcjpls'],
  'jpeg-ls-16': ['dcmcjpls'],
};

describeWithTools('files written by pydicom and dcmtk', ['pydicom'], () => {
  let folder: string;
  let made: string[];

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hydrops-read-'));
    const { status, output } = runTool(PYTHON, [SCRIPT, folder]);
    if (status !== 0) throw new Error(output);
    made = output.trim().split(/\s+/);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function filesOf(variant: string): DicomFileInput[] {
    return readdirSync(path.join(folder, variant)).map((name) => ({
      name,
      buffer: contents(path.join(folder, variant, name)),
    }));
  }

  function expectedOf(variant: string): Float32Array {
    return new Float32Array(contents(path.join(folder, `${variant}.f32`)));
  }

  async function read(files: DicomFileInput[]): Promise<Series> {
    const { series } = await readSeries(files, { codecs: PIXEL_CODECS });
    expect(series.size).toBe(1);
    const [{ header, slices }] = series.values();
    return assembleSeries(header, slices).series;
  }

  const convertible = Object.keys(CONVERTED).filter((name) => hasTools(...CONVERTED[name]));
  test.each([...PLAIN, ...convertible])('%s: values and geometry as written', async (variant) => {
    expect(made).toContain(variant);
    const series = await read(filesOf(variant));
    expect(series.volume.size).toEqual([17, 13, 5]);
    expect(series.volume.spacing).toEqual([0.75, 0.5, 1.5]);
    expect(series.volume.origin).toEqual([-10.5, 20.25, -3]);
    [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1].forEach((cosine, n) =>
      expect(series.volume.direction[n]).toBeCloseTo(cosine, 12)
    );
    expect(series.volume.data).toEqual(expectedOf(variant));
    expect(series.header).toMatchObject({
      seriesDescription: 'Cisternographie à T2',
      seriesNumber: 7,
      inversionTime: 2250,
      echoTime: 540,
      scanningSequence: ['SE', 'IR'],
      imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
      imageCount: 5,
      hasNegativeValues: expectedOf(variant).some((value) => value < 0),
    });
  });

  test.each([
    'enhanced',
    ...(hasTools('dcmcrle', 'dcmcjpls') ? ['enhanced-rle', 'enhanced-jpeg-ls'] : []),
  ])('%s: frames in any order, each with its own rescale', async (variant) => {
    const series = await read(filesOf(variant));
    expect(series.volume.size).toEqual([17, 13, 5]);
    expect(series.volume.origin).toEqual([-10.5, 20.25, -3]);
    expect(series.volume.data).toEqual(expectedOf(variant));
    expect(series.sources.map(({ frameNumber }) => frameNumber)).toEqual([2, 4, 1, 5, 3]);
    expect(series.header).toMatchObject({
      inversionTime: 2050,
      echoTime: 540,
      scanningSequence: ['SE', 'IR'],
    });
  });

  const lossy = hasTools('dcmcjpeg', 'dcmdjpeg') ? test : test.skip;
  lossy('JPEG baseline reads as dcmtk reads it, to rounding of the transform', async () => {
    const { data } = (await read(filesOf('jpeg-baseline'))).volume;
    const expected = expectedOf('jpeg-baseline');
    expect(Math.max(...data.map((value, n) => Math.abs(value - expected[n])))).toBeLessThanOrEqual(
      2
    );
  });

  test('JPEG 2000 lossless, where Pillow can write it', async () => {
    if (!made.includes('jpeg-2000')) {
      console.warn('Left out: JPEG 2000 reading (Pillow with JPEG 2000 is missing).');
      return;
    }
    const series = await read(filesOf('jpeg-2000'));
    expect(series.volume.data).toEqual(expectedOf('jpeg-2000'));
  });

  test('other files are ignored with a reason, unwanted series keep their headers only', async () => {
    const text = new TextEncoder().encode('patient list, not an image, and long enough to look at');
    const files = [
      { name: 'notes.txt', buffer: text.buffer as ArrayBuffer },
      { name: 'empty', buffer: new ArrayBuffer(0) },
      ...filesOf('signed16'),
      ...filesOf('implicit'),
    ];
    const headers = await readSeries(files, { headersOnly: true });
    expect(headers.ignored.map(({ name }) => name)).toEqual(['notes.txt', 'empty']);
    expect(headers.series.size).toBe(2);
    const [wanted, other] = headers.series.keys();
    expect(headers.series.get(wanted)?.slices).toHaveLength(0);
    expect(headers.series.get(wanted)?.header.imageCount).toBe(5);
    const both = await readSeries(files, { only: new Set([wanted]) });
    expect(both.series.get(wanted)?.slices).toHaveLength(5);
    expect(both.series.get(other)?.slices).toHaveLength(0);
  });

  test.each([
    'unsigned16',
    'enhanced',
    ...(hasTools('dcmcrle', 'dcmcjpls') ? ['rle', 'jpeg-ls'] : []),
  ])(
    '%s: a file cut anywhere behind its header is refused by name, never read short',
    async (variant) => {
      const files = filesOf(variant);
      const whole = files[2 % files.length];
      const buffer = whole.buffer as ArrayBuffer;
      // From within the series' attributes to one byte before the end.
      for (const share of [0.7, 0.9, 1 - 1 / buffer.byteLength]) {
        const cut = files.map((file) =>
          file === whole
            ? { ...file, buffer: buffer.slice(0, Math.floor(buffer.byteLength * share)) }
            : file
        );
        const error: unknown = await readSeries(cut, { codecs: PIXEL_CODECS }).catch(
          (reason: unknown) => reason
        );
        expect(error).toBeInstanceOf(RefusedInputError);
        expect((error as RefusedInputError).code).toBe('pixel-data-truncated');
        expect((error as RefusedInputError).message).toContain(whole.name);
      }
    }
  );

  test('a compressed file without its codec says which format it has', async () => {
    if (!hasTools('dcmcjpls')) return;
    await expect(readSeries(filesOf('jpeg-ls'))).rejects.toMatchObject({
      code: 'transfer-syntax-unsupported',
      message: expect.stringContaining('JPEG-LS') as string,
    });
  });

  test('the header is plain data that a worker can receive', async () => {
    const { series } = await readSeries(filesOf('enhanced'));
    const [{ header }] = series.values();
    const copy = structuredClone(header);
    expect(copy).toEqual(header);
    expect(header.attributes.PatientID).toBe('READ');
    expect(header.attributes).not.toHaveProperty('PixelData');
    expect(header.attributes).not.toHaveProperty('PerFrameFunctionalGroupsSequence');
  });
});

function contents(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
