import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { RefusedInputError, type Series, firstItems } from '@inner-ear-hydrops/core';
import { assembleCollected, readSeries, type DicomFileInput } from '@inner-ear-hydrops/core/dicom';
import { PIXEL_CODECS } from '@inner-ear-hydrops/core/codecs';
import { compressed, enlarged } from '../support/compressedSeries';
import { describeWithTools, hasTools, PYTHON, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

const SCRIPT = path.join(__dirname, 'makeReadFixtures.py');

/** Encodings that pydicom writes by itself; the others need dcmtk. */
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
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].map((n) => [`jpeg-lossless-16-sv${n}`, ['dcmcjpeg']])
  ),
  'jpeg-lossless-8': ['dcmcjpeg'],
  'jpeg-lossless-pt': ['dcmcjpeg', 'dcmdjpeg'],
  'jpeg-ls': ['dcmcjpls'],
  'jpeg-ls-16': ['dcmcjpls'],
};

describeWithTools('files written by pydicom and dcmtk', ['pydicom'], () => {
  const folder = temporaryFolder();
  let made: string[];

  beforeAll(() => {
    const { status, output } = runTool(PYTHON, [SCRIPT, folder]);
    if (status !== 0) throw new Error(output);
    made = output.trim().split(/\s+/);
  });

  function filesOf(variant: string): DicomFileInput[] {
    return readdirSync(path.join(folder, variant)).map((name) => ({
      name,
      buffer: contents(path.join(folder, variant, name)),
    }));
  }

  function expectedOf(variant: string): Float32Array {
    return new Float32Array(contents(path.join(folder, `${variant}.f32`)));
  }

  async function assembled(files: DicomFileInput[]): Promise<ReturnType<typeof assembleCollected>> {
    const { series } = await readSeries(files, { codecs: PIXEL_CODECS });
    expect(series.size).toBe(1);
    const [collected] = firstItems(series.values(), 1);
    return assembleCollected(collected);
  }

  async function read(files: DicomFileInput[]): Promise<Series> {
    return (await assembled(files)).series;
  }

  const convertible = Object.entries(CONVERTED).flatMap(([name, tools]) =>
    hasTools(...tools) ? name : []
  );
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
    'enhanced-un',
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
    expect(Math.max(...data.map((value, n) => Math.abs(value - expected[n]!)))).toBeLessThanOrEqual(
      2
    );
  });

  test.each(['jpeg-2000', 'ht-jpeg-2000'] as const)(
    '%s as its own encoder wrote it',
    async (kind) => {
      const plain = filesOf('unsigned16').map(({ name, buffer }) => ({
        name,
        buffer: enlarged(buffer as ArrayBuffer),
      }));
      const files = await Promise.all(
        plain.map(async ({ name, buffer }) => ({
          name,
          buffer: await compressed(buffer, kind),
        }))
      );
      const series = await read(files);
      expect(series.volume.data).toEqual((await read(plain)).volume.data);
      expect(series.header.attributes.LossyImageCompression).toBeUndefined();
    }
  );

  const codecs = hasTools('dcmcjpeg', 'dcmcjpls') ? describe : describe.skip;
  codecs('the stream decides, not its label', () => {
    /** The same files with another last component of the transfer syntax, of the same length. */
    const relabelled = (variant: string, from: string, to: string): DicomFileInput[] =>
      filesOf(variant).map(({ name, buffer }) => {
        const bytes = Buffer.from(buffer as ArrayBuffer);
        const at = bytes.indexOf(`1.2.840.10008.1.2.4.${from}`);
        expect(at).toBeGreaterThan(0);
        bytes.write(to, at + 20, 'latin1');
        return { name, buffer: Uint8Array.from(bytes).buffer };
      });

    test.each([
      ['jpeg-baseline', '50', '70'],
      ['jpeg-lossless-sv1', '70', '50'],
      ['jpeg-lossless-sv1', '70', '90'],
      ['jpeg-ls', '80', '57'],
    ])('%s labelled …4.%s as …4.%s is read as what it is', async (variant, from, to) => {
      const mislabelled = await read(relabelled(variant, from, to));
      expect(mislabelled.volume.data).toEqual((await read(filesOf(variant))).volume.data);
    });

    test.each([
      ['jpeg-baseline', 'ISO_10918_1'],
      ['jpeg-ls-near', 'ISO_14495_1'],
    ])('%s: what is read is marked as lossy, whatever the header says', async (variant, method) => {
      const silenced = filesOf(variant).map(({ name, buffer }) => {
        const bytes = Buffer.from(buffer as ArrayBuffer);
        // (0028,2110) CS "01"
        const at = bytes.indexOf(Buffer.from([0x28, 0, 0x10, 0x21, 0x43, 0x53, 2, 0, 0x30, 0x31]));
        if (at > 0) bytes.write('00', at + 8, 'latin1');
        return { name, buffer: Uint8Array.from(bytes).buffer };
      });
      for (const files of [filesOf(variant), silenced]) {
        const { series, warnings } = await assembled(files);
        expect(series.lossy?.methods).toEqual([method]);
        expect(series.lossy?.ratios.every((ratio) => ratio > 0)).toBe(true);
        expect(warnings).toMatchObject([
          { code: 'lossy-compression', values: { images: 5, methods: method } },
        ]);
      }
      expect((await assembled(silenced)).series.lossy?.isStated).toBe(false);
      const { lossy } = (await assembled(filesOf('jpeg-ls'))).series;
      expect(lossy).toBeUndefined();
    });

    test('what has no decoder is refused by the name of its process', async () => {
      await expect(read(filesOf('jpeg-extended'))).rejects.toMatchObject({
        code: 'pixel-data-undecodable',
        message: expect.stringContaining('JPEG Extended of 12 bits') as string,
      });
    });

    test.each([
      'jpeg-baseline',
      'jpeg-lossless-sv1',
      'jpeg-ls',
      'rle',
      'jpeg-2000',
      'ht-jpeg-2000',
    ])(
      '%s: a stream that ends early is refused, with and without its end marker',
      async (variant) => {
        const file = variant.endsWith('2000')
          ? await compressed(
              enlarged(filesOf('unsigned16')[0]!.buffer as ArrayBuffer),
              variant as 'jpeg-2000'
            )
          : (filesOf(variant)[0]!.buffer as ArrayBuffer);
        for (const end of [[], [0xff, 0xd9]]) {
          const short = { name: 'file0', buffer: withShortStream(file, end) };
          await expect(read([short])).rejects.toMatchObject({
            code: 'pixel-data-undecodable',
            message: expect.stringContaining('file0') as string,
          });
        }
      }
    );
  });

  test('other files are ignored with a reason, unwanted series keep their headers only', async () => {
    const text = new TextEncoder().encode('patient list, not an image, and long enough to look at');
    const files = [
      { name: 'notes.txt', buffer: text.buffer },
      { name: 'empty', buffer: new ArrayBuffer(0) },
      ...filesOf('signed16'),
      ...filesOf('implicit'),
    ];
    const headers = await readSeries(files, { headersOnly: true });
    expect(headers.ignored.map(({ name }) => name)).toEqual(['notes.txt', 'empty']);
    expect(headers.series.size).toBe(2);
    const [wanted, other] = firstItems(headers.series.keys(), 2);
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
      const whole = files[2 % files.length]!;
      const buffer = whole.buffer as ArrayBuffer;
      // From within the series' attributes to one byte before the end.
      for (const share of [0.7, 0.9, 1 - 1 / buffer.byteLength]) {
        const cut = files.map((file) =>
          file === whole
            ? { ...file, buffer: buffer.slice(0, Math.floor(buffer.byteLength * share)) }
            : file
        );
        const error: unknown = await read(cut).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(RefusedInputError);
        expect((error as RefusedInputError).code).toBe('pixel-data-truncated');
        expect((error as RefusedInputError).message).toContain(whole.name);
      }
    }
  );

  test('a compressed file without its codec says which format it has', async () => {
    if (!hasTools('dcmcjpls')) return;
    const { series } = await readSeries(filesOf('jpeg-ls'));
    const [collected] = firstItems(series.values(), 1);
    await expect(async () => assembleCollected(collected)).rejects.toMatchObject({
      code: 'transfer-syntax-unsupported',
      message: expect.stringContaining('JPEG-LS') as string,
    });
  });

  test('the header is plain data that a worker can receive', async () => {
    const { series } = await readSeries(filesOf('enhanced'));
    const [{ header }] = firstItems(series.values(), 1);
    const copy = structuredClone(header);
    expect(copy).toEqual(header);
    expect(header.attributes.PatientID).toBe('READ');
    expect(header.attributes).not.toHaveProperty('PixelData');
    expect(header.attributes).not.toHaveProperty('PerFrameFunctionalGroupsSequence');
  });
});

function contents(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/** The last fragment cut in the middle of what it holds, in a file that is whole otherwise. */
function withShortStream(file: ArrayBuffer, end: number[]): ArrayBuffer {
  const bytes = Buffer.from(file);
  const marker = Buffer.from([0xfe, 0xff, 0x00, 0xe0]);
  const item = bytes.lastIndexOf(marker);
  const length = bytes.readUInt32LE(item + 4);
  const stream = bytes.subarray(item + 8, item + 8 + length);
  const kept = Buffer.concat([stream.subarray(0, 2 * Math.floor(length / 3)), Buffer.from(end)]);
  const even = kept.length % 2 ? Buffer.concat([kept, Buffer.alloc(1)]) : kept;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(even.length);
  const rest = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, item), marker, size, even, rest])).buffer;
}
