import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Series } from '@inner-ear-hydrops/core';
import { niftiBytes, nrrdBytes, type NiftiChange } from '../../test/labelBytes';
import { readLabelFile } from './readLabelFile';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hydrops-label-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const GRID = {
  volume: {
    size: [4, 3, 2],
    spacing: [0.5, 0.5, 1],
    origin: [-10, 20, 30],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  },
} as unknown as Series;
const DATA = Uint8Array.from({ length: 24 }, (_, n) => n % 3);

async function read(name: string, bytes: Buffer) {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return readLabelFile(file, null);
}

const nifti = (change: NiftiChange) => niftiBytes(GRID, DATA, change);
const refusal = (code: string, message: RegExp) => ({
  code,
  message: expect.stringMatching(message) as string,
});

describe('a file that states more than it holds, or contradicts itself', () => {
  test.each<[string, () => Buffer, RegExp]>([
    ['is cut off', () => nifti({}).subarray(0, -1), /ends before the 376 bytes/],
    ['states vast sizes', () => nifti({ shorts: { 42: 32767, 44: 32767, 46: 32767 } }), /voxels/],
    ['states sizes of nothing', () => nifti({ shorts: { 44: 0 } }), /4 × 0 × 2 voxels/],
    ['states negative sizes', () => nifti({ shorts: { 44: -3, 46: -2 } }), /4 × -3 × -2 voxels/],
    ['has eight dimensions', () => nifti({ shorts: { 40: 8 } }), /8 dimensions/],
    ['holds several volumes', () => nifti({ shorts: { 40: 4, 48: 2 } }), /several volumes/],
    ['has colours', () => nifti({ shorts: { 70: 128 } }), /data type 128/],
    ['begins beyond its end', () => nifti({ floats: { 108: 1e9 } }), /begin at byte/],
    ['begins within its header', () => nifti({ floats: { 108: 20 } }), /begin at byte 20/],
    ['is shorter than a header', () => nifti({}).subarray(0, 100), /no NIfTI file/],
  ])('is refused where a NIfTI file %s', async (_, bytes, message) => {
    await expect(read('x.nii', bytes())).rejects.toMatchObject(
      refusal('label-file-unreadable', message)
    );
  });

  it('is refused before it is unpacked, where it cannot hold what it states', async () => {
    const vast = nifti({ shorts: { 42: 512, 44: 512, 46: 512 } });
    await expect(read('x.nii.gz', gzipSync(vast))).rejects.toMatchObject(
      refusal('label-file-unreadable', /ends before the 134218080 bytes/)
    );
  });

  it('is refused where it unpacks to far more than it states, or is damaged', async () => {
    const bomb = gzipSync(Buffer.concat([nifti({}), Buffer.alloc(64 << 20)]));
    await expect(read('x.nii.gz', bomb)).rejects.toMatchObject(
      refusal('label-file-unreadable', /cannot be unpacked/)
    );
    const damaged = gzipSync(nifti({}));
    damaged[damaged.length - 6]! ^= 1;
    await expect(read('x.nii.gz', damaged)).rejects.toMatchObject(
      refusal('label-file-unreadable', /cannot be unpacked/)
    );
  });

  it('is refused where its axes do not span the space, or are no numbers', async () => {
    const same = { 284: 0.5, 288: 0, 300: 0, 304: 0, 316: 0, 280: 0.5, 296: 0 };
    const wrong: Record<number, number>[] = [same, { 280: NaN }, { 292: Infinity }];
    for (const floats of wrong)
      await expect(read('x.nii', nifti({ floats }))).rejects.toMatchObject(
        refusal('label-orientation-unknown', /axes/)
      );
  });
});

describe('a NRRD file', () => {
  const segment = (n: number, name: string, more: Record<string, unknown> = {}) =>
    Object.entries({ ID: `Segment_${n}`, Name: name, ...more }).map(
      ([key, value]) => `Segment${n}_${key}:=${String(value)}`
    );

  it('of 3D Slicer names its segments, in layers where they overlap', async () => {
    const two = Buffer.alloc(48);
    DATA.forEach((value, n) => {
      two[2 * n] = value;
      two[2 * n + 1] = value === 2 ? 1 : 0;
    });
    const lines = [
      ...segment(0, 'Left cochlea', { LabelValue: 1, Layer: 0 }),
      ...segment(1, 'Left vestibule', { LabelValue: 2, Layer: 0 }),
      ...segment(2, 'Nerve', { LabelValue: 1, Layer: 1 }),
    ];
    const { image, labels } = await read('x.seg.nrrd', nrrdBytes(GRID, two, { layers: 2, lines }));
    expect(image.layers.map((layer) => [...layer].join(''))).toEqual([
      '012'.repeat(8),
      '001'.repeat(8),
    ]);
    expect(labels).toEqual([
      { layer: 0, value: 1, name: 'Left cochlea', voxels: 8 },
      { layer: 0, value: 2, name: 'Left vestibule', voxels: 8 },
      { layer: 1, value: 1, name: 'Nerve', voxels: 8 },
    ]);
  });

  it('of an older 3D Slicer has a layer for each segment, and no label values', async () => {
    const lines = [...segment(0, 'LC'), ...segment(1, 'LV')];
    const two = Buffer.from(Array.from({ length: 48 }, (_, n) => n % 2));
    const { labels } = await read('x.seg.nrrd', nrrdBytes(GRID, two, { layers: 2, lines }));
    expect(labels).toEqual([
      { layer: 1, value: 1, name: 'LV', voxels: 24 },
      { layer: 0, value: 1, name: 'LC', voxels: 0 },
    ]);
  });

  const plain = nrrdBytes(GRID, DATA).toString('latin1');
  const changed = (from: string | RegExp, to: string) =>
    Buffer.from(plain.replace(from, to), 'latin1');

  test.each<[string, string | RegExp, string, string, RegExp]>([
    ['names no space', /space: .*\n/, '', 'label-orientation-unknown', /names no space/],
    [
      'is in another space',
      'left-posterior-superior',
      'scanner-xyz',
      'label-orientation-unknown',
      /scanner-xyz/,
    ],
    ['has no origin', /space origin: .*\n/, '', 'label-orientation-unknown', /origin/],
    ['has no directions', /space directions: .*\n/, '', 'label-orientation-unknown', /directions/],
    [
      'states more than it holds',
      'sizes: 4',
      'sizes: 5',
      'label-file-unreadable',
      /ends before the 30 bytes/,
    ],
    ['states vast sizes', 'sizes: 4', 'sizes: 400000000', 'label-file-unreadable', /voxels/],
    ['states sizes of no number', 'sizes: 4', 'sizes: x', 'label-file-unreadable', /NaN/],
    ['is packed with bzip2', 'raw', 'bzip2', 'label-file-unreadable', /"bzip2"/],
    ['says falsely that it is packed', 'raw', 'gzip', 'label-file-unreadable', /and are not/],
    [
      'does not state the order of its bytes',
      'unsigned char',
      'short',
      'label-file-unreadable',
      /order/,
    ],
    ['holds colours', 'kinds: domain', 'kinds: RGB-color', 'label-file-unreadable', /RGB-color/],
    ['is of another version', 'NRRD0004', 'NRRD0009', 'label-file-unreadable', /versions/],
    [
      'refers to files elsewhere',
      'encoding',
      'data file: ../x.raw\nencoding',
      'label-file-unreadable',
      /not one file beside/,
    ],
    [
      'refers to many files',
      'encoding',
      'data file: x%03d.raw 1 9 1\nencoding',
      'label-file-unreadable',
      /not one file beside/,
    ],
  ])('that %s is refused', async (_, from, to, code, message) => {
    await expect(read('x.nrrd', changed(from, to))).rejects.toMatchObject(refusal(code, message));
  });
});
