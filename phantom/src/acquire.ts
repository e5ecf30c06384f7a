import type { Geometry, Volume } from '@inner-ear-hydrops/core';
import type { Acquisition } from './case';
import type { Random } from './random';
import { indexToPatient } from './vector';

/** Gaussian weights for a full width at half maximum in voxels; null when narrower than matters. */
function gaussian(fwhm: number): Float64Array | null {
  const sigma = fwhm / 2.3548;
  if (sigma < 0.15) return null;
  const radius = Math.ceil(2.5 * sigma);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma))
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** Convolves along one axis in place; the border value is repeated. */
function blurAxis(
  data: Float32Array,
  size: Geometry['size'],
  axis: 0 | 1 | 2,
  weights: Float64Array
): void {
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const count = size[axis];
  const radius = (weights.length - 1) / 2;
  const line = new Float32Array(count + 2 * radius);
  const lines = data.length / count;
  for (let l = 0; l < lines; l++) {
    const start = axis === 0 ? l * count : (l % stride) + Math.floor(l / stride) * stride * count;
    let any = false;
    for (let i = 0; i < line.length; i++) {
      const value = data[start + stride * Math.min(count - 1, Math.max(0, i - radius))]!;
      line[i] = value;
      if (value !== 0) any = true;
    }
    if (!any) continue;
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let w = 0; w < weights.length; w++) sum += weights[w]! * line[i + w]!;
      data[start + stride * i] = sum;
    }
  }
}

/** Adds the side lobes of a truncated k-space along columns and rows (in place). */
function ring(data: Float32Array, size: Geometry['size'], amount: number): void {
  const a = amount * 0.5;
  const weights = Float64Array.of(a * 0.4, 0, -a, 0, 1 + 1.2 * a, 0, -a, 0, a * 0.4);
  blurAxis(data, size, 0, weights);
  blurAxis(data, size, 1, weights);
}

function addGhost(data: Float32Array, size: Geometry['size'], amount: number): void {
  const [columns, rows, slices] = size;
  const shift = Math.floor(rows / 2);
  const copy = data.slice();
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const from = columns * (((j + shift) % rows) + rows * k);
      const to = columns * (j + rows * k);
      for (let i = 0; i < columns; i++) data[to + i]! += amount * copy[from + i]!;
    }
}

/**
 * From signed tissue signal (relative to CSF on MRC, one value a voxel) to a stored magnitude image:
 * point spread, ringing, ghost, coil sensitivity, complex noise, magnitude, scale. `signed` is used up.
 */
export function acquire(
  geometry: Geometry,
  signed: Float32Array,
  acquisition: Acquisition,
  series: 'mrc' | 'ppi' | 'pei',
  random: Random | null
): Volume {
  const { size, spacing } = geometry;
  const inPlane = [0, 1].map((a) => gaussian(acquisition.inPlaneBlur / spacing[a]!));
  if (inPlane[0]) blurAxis(signed, size, 0, inPlane[0]);
  if (inPlane[1]) blurAxis(signed, size, 1, inPlane[1]);
  const through = gaussian(acquisition.sliceBlur / spacing[2]);
  if (through && size[2] > 1) blurAxis(signed, size, 2, through);
  if (acquisition.ringing > 0) ring(signed, size, acquisition.ringing);
  if (acquisition.ghost > 0) addGhost(signed, size, acquisition.ghost);

  const { matrix: m, offset: o } = indexToPatient(geometry);
  const { slope, bow } = acquisition.coil;
  const sigma = random ? acquisition.noise[series] : 0;
  const scale = acquisition.scale[series];
  const [columns, rows, slices] = size;
  const data = signed;
  let n = 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, n++) {
        const x = (m[0] * i + m[1] * j + m[2] * k + o[0]) / 100;
        const y = (m[3] * i + m[4] * j + m[5] * k + o[1]) / 100;
        const z = (m[6] * i + m[7] * j + m[8] * k + o[2]) / 100;
        const coil = Math.max(
          0.2,
          1 + slope[0] * x + slope[1] * y + slope[2] * z + bow * (x * x + y * y - 0.3)
        );
        let value = signed[n]! * coil;
        if (sigma > 0 && random) {
          const real = value + sigma * random.normal();
          const imaginary = sigma * random.normal();
          value = Math.sqrt(real * real + imaginary * imaginary);
        }
        data[n] = Math.abs(value) * scale;
      }
  return { ...geometry, data };
}
