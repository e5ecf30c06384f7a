import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  collectOrgans,
  misplacedOrgans,
  type Geometry,
  type LabelVolume,
  type Matrix3,
  type Series,
  type Vector3,
  type Warning,
} from '@inner-ear-hydrops/core';
import { organNamed, readOrganNames } from '../../tools/src/dataset/organNames';
import { placeLabels } from '../../tools/src/labelFiles/placeLabels';
import { readLabelFile } from '../../tools/src/labelFiles/readLabelFile';
import { niftiFile } from '../../tools/src/labelFiles/writeNifti';
import { nrrdFile } from '../../tools/src/labelFiles/writeNrrd';
import { BOTH_EARS, drawBalls, labelsOn, writeStudy } from '../../tools/test/testSite';
import { describeWithTools, PYTHON, runTool } from '../support/tools';

// Label files that nibabel and teem's unu write, on the grid of a study that our own writer made.

const SCRIPT = join(__dirname, 'makeLabels.py');
const folder = mkdtempSync(join(tmpdir(), 'hydrops-labels-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DRAWN = drawBalls(BOTH_EARS);
let mrc: Series;
beforeAll(async () => {
  ({ mrc } = await writeStudy(at('study'), 'P1', BOTH_EARS));
  writeFileSync(at('labels.raw'), DRAWN);
});

/** The affine of nifti1.h, to RAS, worked out here anew. */
function affine(): number[][] {
  const { origin, spacing, direction } = mrc.volume;
  return [0, 1, 2].map((row) => {
    const sign = row === 2 ? 1 : -1;
    const of = (axis: number) => sign * spacing[axis]! * direction[3 * axis + row]!;
    return [of(0), of(1), of(2), sign * origin[row]!];
  });
}

interface Case {
  file: string;
  [option: string]: unknown;
}

function makeNifti(...cases: Case[]): void {
  const placed = cases.map((one) => ({ ...one, file: at(one.file) }));
  const rows = [...affine(), [0, 0, 0, 1]];
  const args = [
    at('labels.raw'),
    ...[mrc.volume.size, rows, placed].map((value) => JSON.stringify(value)),
  ];
  const { status, output } = runTool(PYTHON, ['-W', 'ignore', SCRIPT, ...args]);
  if (status !== 0) throw new Error(output);
}

async function read(name: string): Promise<{ labels: LabelVolume; warnings: Warning[] }> {
  const names = await readOrganNames([
    ...['1=left cochlea', '2=left vestibule', '3=right cochlea', '4=right vestibule'],
  ]);
  const { image } = await readLabelFile(at(name), null);
  return placeLabels(at(name), image, mrc, (_, value) => organNamed(names, String(value)) ?? null);
}

const voxelsOf = ({ data }: LabelVolume) => Buffer.from(data).toString('base64');
const EXPECTED = Buffer.from(DRAWN).toString('base64');

describeWithTools('a NIfTI file of nibabel', ['nibabel'], () => {
  test.each<[string, Omit<Case, 'file'>, string]>([
    ['NIfTI-1', {}, 'nii'],
    ['packed', {}, 'nii.gz'],
    ['NIfTI-2', { version: 2 }, 'nii.gz'],
    ['NIfTI-2, big-endian', { version: 2, endian: '>', type: 'uint16' }, 'nii'],
    ['with an sform alone', { qform: 0 }, 'nii'],
    ['with a qform alone', { sform: 0 }, 'nii'],
    ['aligned to another image', { sform: 2, qform: 2 }, 'nii'],
    ['big-endian, 16 bits', { endian: '>', type: 'int16' }, 'nii.gz'],
    ['of 64-bit integers', { type: 'int64' }, 'nii.gz'],
    ['of big-endian doubles', { type: 'float64', endian: '>' }, 'nii.gz'],
    ['of unsigned 64-bit integers', { type: 'uint64' }, 'nii'],
    ['of single floats', { type: 'float32' }, 'nii'],
    ['with slope and intercept', { type: 'int16', slope: [0.5, -1] }, 'nii.gz'],
    ['with a fourth dimension of one', { last: true }, 'nii'],
    ['with columns to the right', { axes: 'RAS' }, 'nii.gz'],
    ['with all axes turned about', { axes: 'LPI' }, 'nii.gz'],
    ['with sagittal slices', { axes: 'PIR' }, 'nii.gz'],
    ['with coronal slices, and a qform alone', { axes: 'RSA', sform: 0 }, 'nii.gz'],
    ['of some slices', { crop: [1, 9] }, 'nii.gz'],
    ['of some slices, upside down', { crop: [1, 9], axes: 'LAI' }, 'nii.gz'],
  ])('%s is read to the voxel', async (title, options, ending) => {
    const file = `${title.replace(/\W/g, '-')}.${ending}`;
    makeNifti({ file, ...options });
    const { labels, warnings } = await read(file);
    expect(voxelsOf(labels)).toBe(EXPECTED);
    expect(warnings).toEqual([]);
  });

  it('on a finer grid is taken onto that of the images, which is said with the volumes', async () => {
    makeNifti({ file: 'finer.nii.gz', finer: 3 });
    const { labels, warnings } = await read('finer.nii.gz');
    expect(voxelsOf(labels)).toBe(EXPECTED);
    expect(warnings).toMatchObject([
      {
        code: 'segmentation-resampled',
        values: { stored: '0.167 × 0.6 × 1', measured: '0.5 × 0.6 × 1' },
      },
    ]);
  });

  test.each<[string, Omit<Case, 'file'>, string, RegExp]>([
    ['without an orientation', { sform: 0, qform: 0 }, 'label-orientation-unknown', /are 0/],
    ['in the space of a template', { sform: 4 }, 'label-orientation-unknown', /template/],
    ['whose qform contradicts its sform', { other: 3 }, 'label-file-unreadable', /3\.0 mm/],
    ['of fractions', { type: 'float32' }, 'labels-expected', /the value 0\.25/],
  ])('%s is refused', async (title, options, code, message) => {
    const file = `${title.replace(/\W/g, '-')}.nii`;
    makeNifti({ file, ...options });
    if (code === 'labels-expected') breakValue(at(file));
    const error: unknown = await read(file).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  test.each([
    ['in LPS that says it is RAS', { lps: true }],
    ['with left for right', { mirrored: true }],
  ])('%s is caught by the sides of the ears', async (title, options) => {
    const file = `${title.replace(/\W/g, '-')}.nii`;
    makeNifti({ file, ...options });
    const { labels } = await read(file);
    expect(misplacedOrgans(labels, collectOrgans(labels))).toMatchObject({
      code: 'laterality-wrong',
    });
  });
});

/** One voxel of a float file gets the value 0.25. */
function breakValue(file: string): void {
  const bytes = readFileSync(file);
  bytes.writeFloatLE(0.25, bytes.length - 4);
  writeFileSync(file, bytes);
}

/** The header of nrrd/format.html, in the space that is asked for. */
function nrrdHeader(space: string, signs: readonly number[]): string {
  const { size, spacing, direction, origin } = mrc.volume;
  const vector = (values: readonly number[]) =>
    `(${values.map((value, n) => value * signs[n]!).join(',')})`;
  const steps = [0, 1, 2].map((axis) =>
    vector([0, 1, 2].map((n) => direction[3 * axis + n]! * spacing[axis]!))
  );
  return [
    'NRRD0004',
    '# written by hand',
    'type: unsigned char',
    'dimension: 3',
    `space: ${space}`,
    `sizes: ${size.join(' ')}`,
    `space directions: ${steps.join(' ')}`,
    'kinds: domain domain domain',
    'endian: little',
    'encoding: raw',
    `space origin: ${vector(origin)}`,
    '',
    '',
  ].join('\n');
}

function unu(...args: string[]): void {
  const { status, stderr } = spawnSync('teem-unu', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`unu ${args.join(' ')}: ${stderr}`);
}

describeWithTools('a NRRD file of unu', ['teem-unu'], () => {
  beforeAll(() => {
    const write = (name: string, space: string, signs: number[]) =>
      writeFileSync(at(name), Buffer.concat([Buffer.from(nrrdHeader(space, signs)), DRAWN]));
    write('plain.nrrd', 'left-posterior-superior', [1, 1, 1]);
    write('ras.nrrd', 'right-anterior-superior', [-1, -1, 1]);
    write('las.nrrd', 'LAS', [1, -1, 1]);
    unu('save', '-i', 'plain.nrrd', '-f', 'nrrd', '-e', 'gzip', '-o', 'packed.nrrd');
    unu('save', '-i', 'plain.nrrd', '-f', 'nrrd', '-e', 'ascii', '-o', 'ascii.nrrd');
    unu('save', '-i', 'plain.nrrd', '-f', 'nrrd', '-e', 'raw', '-o', 'detached.nhdr');
    unu('save', '-i', 'plain.nrrd', '-f', 'nrrd', '-e', 'gzip', '-o', 'detached-packed.nhdr');
    unu('save', '-i', 'plain.nrrd', '-f', 'nrrd', '-e', 'hex', '-o', 'hex.nrrd');
    unu('convert', '-t', 'short', '-i', 'plain.nrrd', '-o', 'short.nrrd');
    unu('save', '-i', 'short.nrrd', '-f', 'nrrd', '-e', 'raw', '-en', 'big', '-o', 'big.nrrd');
    unu('convert', '-t', 'float', '-i', 'plain.nrrd', '-o', 'float.nrrd');
    unu('flip', '-a', '0', '-i', 'plain.nrrd', '-o', 'flipped.nrrd');
    unu('permute', '-p', '2', '0', '1', '-i', 'plain.nrrd', '-o', 'permuted.nrrd');
    unu(
      'crop',
      '-min',
      '20',
      '3',
      '1',
      '-max',
      'M-10',
      'M-2',
      'M-1',
      '-i',
      'plain.nrrd',
      '-o',
      'cropped.nrrd'
    );
  });

  test.each([
    ...['plain', 'ras', 'las', 'packed', 'ascii', 'short', 'big', 'float', 'flipped', 'permuted'],
    'cropped',
  ])('%s is read to the voxel', async (name) => {
    const { labels, warnings } = await read(`${name}.nrrd`);
    expect(voxelsOf(labels)).toBe(EXPECTED);
    expect(warnings).toEqual([]);
  });

  test.each(['detached', 'detached-packed'])('%s from its voxels beside it', async (name) => {
    expect(voxelsOf((await read(`${name}.nhdr`)).labels)).toBe(EXPECTED);
  });

  it('in an encoding that nobody uses is refused by its name', async () => {
    await expect(read('hex.nrrd')).rejects.toMatchObject({
      code: 'label-file-unreadable',
      message: expect.stringContaining('"hex"') as string,
    });
  });
});

/** Rotations about z, then x, by degrees; the rows are the axes. */
function turned(degrees: number, tilt: number): Matrix3 {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [u, v] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)];
  return [c, s, 0, -s * u, c * u, v, s * v, -c * v, u];
}

const READ_NIFTI = `
import json, sys
import nibabel as nib
import numpy as np
image = nib.load(sys.argv[1])
where = np.argwhere(np.asarray(image.dataobj) == 3)
print(json.dumps({
    "shape": image.shape,
    "type": str(image.get_data_dtype()),
    "world": [nib.affines.apply_affine(form, where).tolist() for form in (image.get_qform(), image.get_sform())],
    "codes": [int(image.header["qform_code"]), int(image.header["sform_code"])],
    "units": image.header.get_xyzt_units()[0],
}))`;

describeWithTools('a NIfTI file of ours, as nibabel reads it', ['nibabel'], () => {
  test.each<[string, Matrix3]>([
    ['axial', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['coronal', [1, 0, 0, 0, 0, -1, 0, 1, 0]],
    ['sagittal', [0, 1, 0, 0, 0, -1, -1, 0, 0]],
    ['turned by 180°', [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
    ['turned by 180° about another axis', [-1, 0, 0, 0, 1, 0, 0, 0, -1]],
    ['oblique', turned(20, 15)],
    ['oblique, nearly upside down', turned(170, -160)],
  ])('has each voxel in its place: %s', (title, direction) => {
    const grid: Geometry = {
      size: [7, 6, 5],
      spacing: [0.4, 0.6, 1.2],
      origin: [-31, 12.5, 40],
      direction,
    };
    const data = new Uint8Array(210);
    const marked: Vector3[] = [
      [0, 0, 0],
      [6, 5, 4],
      [1, 4, 2],
    ];
    for (const [i, j, k] of marked) data[i + 7 * (j + 6 * k)] = 3;
    const file = at(`${title.replace(/\W/g, '-')}-ours.nii.gz`);
    writeFileSync(file, niftiFile(grid, data));
    const { status, output } = runTool(PYTHON, ['-c', READ_NIFTI, file]);
    expect(status).toBe(0);
    const read = JSON.parse(output) as { world: number[][][] };
    expect(read).toMatchObject({ shape: [7, 6, 5], type: 'uint8', codes: [1, 1], units: 'mm' });
    const expected = marked.map(([i, j, k]) =>
      [0, 1, 2].map((row) => {
        const of = (axis: number, n: number) =>
          n * grid.spacing[axis]! * direction[3 * axis + row]!;
        return (row < 2 ? -1 : 1) * (grid.origin[row]! + of(0, i) + of(1, j) + of(2, k));
      })
    );
    const byX = (points: number[][]) => [...points].sort(([a], [b]) => a! - b!).flat();
    for (const form of read.world)
      byX(form).forEach((value, n) => expect(value).toBeCloseTo(byX(expected)[n]!, 4));
  });
});

describeWithTools('a NRRD file of ours, as unu reads it', ['teem-unu'], () => {
  it('has the same voxels and the same place', () => {
    writeFileSync(at('ours.seg.nrrd'), nrrdFile(labelsOn(mrc, DRAWN)));
    unu('save', '-i', 'ours.seg.nrrd', '-f', 'nrrd', '-e', 'raw', '-o', 'ours.nhdr');
    expect(readFileSync(at('ours.raw')).equals(Buffer.from(DRAWN))).toBe(true);
    const { stdout } = spawnSync('teem-unu', ['head', 'ours.seg.nrrd'], {
      cwd: folder,
      encoding: 'utf8',
    });
    for (const line of nrrdHeader('left-posterior-superior', [1, 1, 1]).split('\n'))
      if (/^(type|sizes|space)/.test(line)) expect(stdout).toContain(line);
    expect(stdout).toContain('Segment0_Name:=Left cochlea');
  });
});
