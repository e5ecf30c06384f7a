/** Benchmark: phantom ears beside the real ear: sizes, shape and grey levels, and a picture in out/ */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import {
  ANATOMY,
  voxelVolume,
  type Vector3,
  type Volume,
  firstItems,
  itemAt,
  AXIAL,
} from '@inner-ear-hydrops/core';
import { centredOrigin, createCase, simulateMrc } from '@inner-ear-hydrops/phantom';
import { hasRealEar, realEarStudy } from '../tools/src/phantom/realEar';
import { projectRoot } from '../tools/src/projectRoot';
import { reportTable } from './table';

/** Left ears of seeds that neither training nor evaluation uses, on the paper's grid. */
const FIRST_SEED = 700_000;
const COUNT = 32;
const SHOWN = 4;
const SIDE = 96;
const SLICES = 34;

interface LeftEar {
  name: string;
  mrc: Volume;
  anatomy: Uint8Array;
}

interface Region {
  volume: number;
  center: Vector3;
  /** Standard deviations along the principal axes in patient space, mm, largest first. */
  extents: Vector3;
  mean: number;
  deviation: number;
}

function phantomEar(seed: number): LeftEar {
  const upright = { tilt: [0, 0, 0] as Vector3, position: [0, 0, 0] as Vector3 };
  const drawn = createCase(seed, upright);
  const size: Vector3 = [SIDE, SIDE, SLICES];
  const spacing: Vector3 = [0.5, 0.5, 1];
  const direction = AXIAL;
  const origin = centredOrigin(size, spacing, direction, drawn.earPositions.left);
  const { mrc, anatomy } = simulateMrc(drawn, { size, spacing, direction, origin }, { seed });
  return { name: `phantom ${seed}`, mrc, anatomy };
}

function regionOf({ mrc, anatomy }: LeftEar, codes: number[]): Region {
  const [columns, rows] = mrc.size;
  const sum = [0, 0, 0, 0, 0];
  const products = [0, 0, 0, 0, 0, 0];
  anatomy.forEach((code, n) => {
    if (!codes.includes(code)) return;
    const p = [
      (n % columns) * mrc.spacing[0],
      (Math.floor(n / columns) % rows) * mrc.spacing[1],
      Math.floor(n / (columns * rows)) * mrc.spacing[2],
    ];
    p.forEach((value, axis) => (sum[axis]! += value));
    sum[3]!++;
    sum[4]! += mrc.data[n]!;
    products[0]! += p[0]! * p[0]!;
    products[1]! += p[1]! * p[1]!;
    products[2]! += p[2]! * p[2]!;
    products[3]! += p[0]! * p[1]!;
    products[4]! += p[0]! * p[2]!;
    products[5]! += p[1]! * p[2]!;
  });
  const count = sum[3]!;
  const c = [sum[0]! / count, sum[1]! / count, sum[2]! / count];
  const covariance = [
    products[0]! / count - c[0]! * c[0]!,
    products[1]! / count - c[1]! * c[1]!,
    products[2]! / count - c[2]! * c[2]!,
    products[3]! / count - c[0]! * c[1]!,
    products[4]! / count - c[0]! * c[2]!,
    products[5]! / count - c[1]! * c[2]!,
  ];
  const mean = sum[4]! / count;
  let squares = 0;
  anatomy.forEach((code, n) => {
    if (codes.includes(code)) squares += (mrc.data[n]! - mean) ** 2;
  });
  return {
    volume: count * voxelVolume(mrc),
    center: c as Vector3,
    extents: eigenvalues(covariance).map((value) => Math.sqrt(Math.max(value, 0))) as Vector3,
    mean,
    deviation: Math.sqrt(squares / count),
  };
}

/** Of a symmetric 3 × 3 matrix (xx, yy, zz, xy, xz, yz), largest first; by the trigonometric solution. */
function eigenvalues(matrix: number[]): number[] {
  const [xx, yy, zz, xy, xz, yz] = firstItems(matrix, 6);
  const q = (xx + yy + zz) / 3;
  const off = xy * xy + xz * xz + yz * yz;
  const p = Math.sqrt(((xx - q) ** 2 + (yy - q) ** 2 + (zz - q) ** 2 + 2 * off) / 6);
  if (p === 0) return [q, q, q];
  const [a, b, c] = [(xx - q) / p, (yy - q) / p, (zz - q) / p];
  const [d, e, f] = [xy / p, xz / p, yz / p];
  const half = (a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e)) / 2;
  const angle = Math.acos(Math.min(1, Math.max(-1, half))) / 3;
  const first = q + 2 * p * Math.cos(angle);
  const last = q + 2 * p * Math.cos(angle + (2 * Math.PI) / 3);
  return [first, 3 * q - first - last, last];
}

/** Mean grey level of unlabelled voxels that touch a labelled one of the organ, in the plane. */
function rimLevel({ mrc, anatomy }: LeftEar, code: number): number {
  const columns = mrc.size[0];
  let sum = 0;
  let count = 0;
  for (let n = columns; n < anatomy.length - columns; n++) {
    if (anatomy[n] !== 0) continue;
    if (![n - 1, n + 1, n - columns, n + columns].some((m) => anatomy[m] === code)) continue;
    sum += mrc.data[n]!;
    count++;
  }
  return sum / count;
}

function figuresOf(ear: LeftEar): Record<string, number> {
  const cochlea = regionOf(ear, [ANATOMY.cochlea]);
  const vestibule = regionOf(ear, [ANATOMY.vestibule]);
  const canals = regionOf(ear, [ANATOMY.lateralCanal, ANATOMY.otherCanals]);
  const distance = Math.hypot(...cochlea.center.map((v, axis) => v - vestibule.center[axis]!));
  const level = vestibule.mean;
  return {
    'cochlea, mm³': cochlea.volume,
    'vestibule, mm³': vestibule.volume,
    'canals, mm³': canals.volume,
    'cochlea, long axis (SD, mm)': cochlea.extents[0],
    'cochlea, middle axis (SD, mm)': cochlea.extents[1],
    'cochlea, short axis (SD, mm)': cochlea.extents[2],
    'vestibule, long axis (SD, mm)': vestibule.extents[0],
    'vestibule, middle axis (SD, mm)': vestibule.extents[1],
    'vestibule, short axis (SD, mm)': vestibule.extents[2],
    'cochlea to vestibule, mm': distance,
    'grey level, cochlea / vestibule': cochlea.mean / level,
    'grey level, canals / vestibule': canals.mean / level,
    'variation within the cochlea': cochlea.deviation / cochlea.mean,
    'variation within the vestibule': vestibule.deviation / vestibule.mean,
    'rim of the cochlea / its level': rimLevel(ear, ANATOMY.cochlea) / cochlea.mean,
    'rim of the vestibule / its level': rimLevel(ear, ANATOMY.vestibule) / vestibule.mean,
  };
}

/** One row an ear, every 1.5 mm a slice, 24 mm wide, grey from 0 to 1.3 times the vestibule's level. */
function picture(ears: LeftEar[]): Buffer {
  const [tile, tiles, scale] = [48, 8, 3];
  const png = new PNG({ width: tile * tiles * scale, height: tile * ears.length * scale });
  ears.forEach((ear, row) => {
    const { mrc } = ear;
    const organs = regionOf(ear, [ANATOMY.cochlea, ANATOMY.vestibule]);
    const white = 1.3 * regionOf(ear, [ANATOMY.vestibule]).mean;
    const [ci, cj, ck] = firstItems(
      organs.center.map((v, axis) => v / mrc.spacing[axis]!),
      3
    );
    for (let t = 0; t < tiles; t++) {
      const k = Math.round(ck + ((t - (tiles - 1) / 2) * 1.5) / mrc.spacing[2]);
      for (let y = 0; y < tile * scale; y++) {
        for (let x = 0; x < tile * scale; x++) {
          const i = Math.round(ci + (x / scale - tile / 2) * (0.5 / mrc.spacing[0]));
          const j = Math.round(cj + (y / scale - tile / 2) * (0.5 / mrc.spacing[1]));
          const inside =
            i >= 0 && j >= 0 && k >= 0 && i < mrc.size[0] && j < mrc.size[1] && k < mrc.size[2];
          const value = inside ? mrc.data[i + mrc.size[0] * (j + mrc.size[1] * k)]! : 0;
          const at = 4 * (x + t * tile * scale + png.width * (y + row * tile * scale));
          png.data.fill(Math.min(255, Math.round((255 * value) / white)), at, at + 3);
          png.data[at + 3] = 255;
        }
      }
    }
  });
  return PNG.sync.write(png);
}

const phantoms = Array.from({ length: COUNT }, (_, n) => phantomEar(FIRST_SEED + n));
const measured = phantoms.map(figuresOf);
const study = hasRealEar() ? realEarStudy(1) : null;
const real = study ? { name: 'real ear', mrc: study.mrc, anatomy: study.truth.anatomy } : null;
const ofReal = real ? figuresOf(real) : null;
const rows = Object.keys(itemAt(measured, 0)).map((name) => {
  const values = measured.map((figures) => figures[name] ?? NaN);
  const mean = values.reduce((sum, value) => sum + value, 0) / COUNT;
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (COUNT - 1)
  );
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const own = ofReal?.[name];
  return [
    name,
    own === undefined ? '–' : own.toFixed(2),
    mean.toFixed(2),
    deviation.toFixed(2),
    `${low.toFixed(2)}–${high.toFixed(2)}`,
    own === undefined ? '–' : own >= low && own <= high ? 'yes' : 'no',
  ];
});
mkdirSync(join(projectRoot(), 'out'), { recursive: true });
const file = join(projectRoot(), 'out', 'phantom-beside-real-ear.png');
writeFileSync(file, picture([...(real ? [real] : []), ...phantoms.slice(0, SHOWN)]));
reportTable(
  'anatomy',
  {
    columns: ['figure', 'real left ear', 'phantoms, mean', 'SD', 'range', 'real within range'],
    rows,
  },
  [
    `${COUNT} phantom left ears, seeds from ${FIRST_SEED}, 0.5 × 0.5 × 1.0 mm.`,
    real
      ? `Picture: ${file} (first row the real ear, then phantoms; every 1.5 mm).`
      : `The real ear is not beside this checkout; picture of phantoms alone: ${file}.`,
  ]
);
