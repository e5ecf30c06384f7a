import { IDENTITY_TRANSFORM, resample, type Vector3, type Volume } from '@inner-ear-hydrops/core';
import type { Random } from '@inner-ear-hydrops/phantom';

/** An MRC image with the true anatomy on its grid. */
export interface LabelledImage {
  mrc: Volume;
  anatomy: Uint8Array;
}

export interface SpoilInput extends LabelledImage {
  /** Stored value of cerebrospinal fluid on MRC. */
  fluid: number;
  /** Slice through the middle of the ears. */
  middle: number;
  random: Random;
}

/** Faults of images that a network may meet, stronger than its training drew them. */
export const FAULTS: Record<string, (input: SpoilInput) => LabelledImage> = {
  'motion blur': (input) => ({ ...input, mrc: blurByMotion(input) }),
  'low signal': (input) => ({ ...input, mrc: addNoise(input) }),
  // Fluid dark, soft tissue bright, bone dark: a T1-weighted series in the place of MRC.
  'T1 contrast': (input) => ({
    ...input,
    mrc: mapValues(input.mrc, (value) => {
      const level = value / (0.15 * input.fluid);
      return input.fluid * level * Math.exp(1 - level);
    }),
  }),
  // Fluid hardly brighter than tissue: a short echo time.
  'flat contrast': (input) => ({
    ...input,
    mrc: mapValues(input.mrc, (value) => input.fluid * (value / input.fluid) ** 0.4),
  }),
  'cut field of view': cutStack,
};

/** Mean of five positions on a line 3–6 mm long, as a head that drifts during the series. */
function blurByMotion({ mrc, random }: SpoilInput): Volume {
  const length = random.range(3, 6);
  const axis = [random.normal(), random.normal(), random.normal()];
  const norm = Math.hypot(...axis);
  const data = new Float32Array(mrc.data.length);
  for (const step of [-0.5, -0.25, 0, 0.25, 0.5]) {
    const translation = axis.map((x) => (step * length * x) / norm) as Vector3;
    const moved = resample(mrc, mrc, { transform: { ...IDENTITY_TRANSFORM, translation } });
    for (let n = 0; n < data.length; n++) data[n]! += moved.data[n]! / 5;
  }
  return { ...mrc, data };
}

/** Rician noise: signal-to-noise ratio 1.5–4 of cerebrospinal fluid. */
function addNoise({ mrc, fluid, random }: SpoilInput): Volume {
  const sigma = fluid / random.range(1.5, 4);
  return mapValues(mrc, (value) =>
    Math.hypot(value + sigma * random.normal(), sigma * random.normal())
  );
}

/** The stack begins within 2 mm of the middle of the ears. */
function cutStack({ mrc, anatomy, middle, random }: SpoilInput): LabelledImage {
  const [columns, rows, slices] = mrc.size;
  const first = Math.round(middle + random.range(-2, 2) / mrc.spacing[2]);
  const start = first * columns * rows;
  const origin = mrc.origin.map(
    (x, axis) => x + first * mrc.spacing[2] * mrc.direction[6 + axis]!
  ) as Vector3;
  return {
    mrc: {
      ...mrc,
      size: [columns, rows, slices - first],
      origin,
      data: mrc.data.slice(start),
    },
    anatomy: anatomy.slice(start),
  };
}

function mapValues(volume: Volume, change: (value: number) => number): Volume {
  return { ...volume, data: volume.data.map(change) };
}
