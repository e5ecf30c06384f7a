import type { AugmentationLevel } from './plans';
import type { RandomNumbers } from './randomNumbers';

/** The paper's brightness states: grey levels of 255, from −50 to 50 in steps of 10 or of 1. */
const BRIGHTNESS_STEPS = { moderate: 10, high: 1 };

/**
 * Changes a patch of shape [rows, columns, channels] in place: contrast, brightness, floor, coil
 * falloff, blur, Rician noise, bright blobs away from labelled pixels, and a cut field of view; or, at
 * the paper's levels, its changes of brightness alone. Images are normalised to about 0–1.
 * @param labels classes of the middle slice, [rows, columns]
 */
export function augmentIntensities(
  patch: Float32Array,
  labels: Uint8Array,
  rows: number,
  columns: number,
  channels: number,
  random: RandomNumbers,
  level: AugmentationLevel
): void {
  if (level === 'none' || level === 'low') return;
  if (level !== 'smooth') return brighten(patch, BRIGHTNESS_STEPS[level], random);
  // Half of the patches keep their contrast: how much of a border pixel is fluid can only be told from
  // its grey level, and a network that saw each level bent at random would draw borders by guess.
  if (random.chance(0.35)) addBlobs(patch, labels, rows, columns, channels, random);
  const bent = random.chance(0.5);
  if (bent && random.chance(0.4)) blur(patch, rows, columns, channels, random.between(0.2, 0.8));
  const gain = Math.exp(random.between(-0.25, 0.15));
  const gamma = bent ? Math.exp(random.between(-0.35, 0.35)) : 1;
  const floor = bent && random.chance(0.4) ? random.between(0, 0.2) : 0;
  const slope = [random.between(-0.3, 0.3), random.between(-0.3, 0.3)];
  const noise = random.chance(0.3) ? random.between(0.005, 0.05) : 0;
  let index = 0;
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const coil = Math.exp(slope[0]! * (i / columns - 0.5) + slope[1]! * (j / rows - 0.5));
      for (let channel = 0; channel < channels; channel++, index++) {
        let value = gain * coil * Math.max(patch[index]!, 0) ** gamma;
        value = floor + (1 - floor) * value;
        if (noise > 0) {
          value = Math.hypot(value + noise * random.normal(), noise * random.normal());
        }
        patch[index] = Math.min(value, 1.5);
      }
    }
  }
  if (random.chance(0.12)) cutFieldOfView(patch, labels, rows, columns, channels, random);
}

function brighten(patch: Float32Array, step: number, random: RandomNumbers): void {
  const states = 2 * Math.floor(50 / step) + 1;
  const change = (step * (random.integer(states) - (states - 1) / 2)) / 255;
  for (let n = 0; n < patch.length; n++) patch[n] = Math.max(0, patch[n]! + change);
}

function addBlobs(
  patch: Float32Array,
  labels: Uint8Array,
  rows: number,
  columns: number,
  channels: number,
  random: RandomNumbers
): void {
  const count = 1 + random.integer(4);
  for (let blob = 0; blob < count; blob++) {
    const x = random.between(0, columns);
    const y = random.between(0, rows);
    const a = random.between(1, 9);
    const b = a * random.between(0.3, 1);
    const angle = random.between(0, Math.PI);
    const brightness = random.between(0.2, 1.1);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const inside = (i: number, j: number, margin: number) => {
      const u = (cos * (i - x) + sin * (j - y)) / (a + margin);
      const v = (cos * (j - y) - sin * (i - x)) / (b + margin);
      return u * u + v * v < 1;
    };
    let touches = false;
    for (let j = 0; j < rows && !touches; j++) {
      for (let i = 0; i < columns; i++) {
        if (labels[i + columns * j] && inside(i, j, 4)) touches = true;
      }
    }
    if (touches) continue;
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        if (!inside(i, j, 0)) continue;
        for (let channel = 0; channel < channels; channel++) {
          const index = (i + columns * j) * channels + channel;
          patch[index] = Math.max(patch[index]!, brightness);
        }
      }
    }
  }
}

/** A 3 × 3 binomial-like blur whose centre weight falls with `amount` (0–1). */
function blur(
  patch: Float32Array,
  rows: number,
  columns: number,
  channels: number,
  amount: number
): void {
  const side = amount / 4;
  const middle = 1 - 2 * side;
  const pass = (
    stride: number,
    count: number,
    starts: (visit: (start: number) => void) => void
  ) => {
    const line = new Float32Array(count);
    starts((start) => {
      for (let n = 0; n < count; n++) line[n] = patch[start + n * stride]!;
      for (let n = 0; n < count; n++) {
        const before = line[Math.max(n - 1, 0)]!;
        const after = line[Math.min(n + 1, count - 1)]!;
        patch[start + n * stride] = middle * line[n]! + side * (before + after);
      }
    });
  };
  pass(channels, columns, (visit) => {
    for (let j = 0; j < rows; j++)
      for (let channel = 0; channel < channels; channel++) visit(j * columns * channels + channel);
  });
  pass(columns * channels, rows, (visit) => {
    for (let start = 0; start < columns * channels; start++) visit(start);
  });
}

/** Zero beyond a straight edge, as at the end of a field of view; labels go with it. */
function cutFieldOfView(
  patch: Float32Array,
  labels: Uint8Array,
  rows: number,
  columns: number,
  channels: number,
  random: RandomNumbers
): void {
  const vertical = random.chance(0.5);
  const count = vertical ? columns : rows;
  const width = Math.floor(random.between(0.05, 0.3) * count);
  const atEnd = random.chance(0.5);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const position = vertical ? i : j;
      if (atEnd ? position < count - width : position >= width) continue;
      labels[i + columns * j] = 0;
      patch.fill(0, (i + columns * j) * channels, (i + columns * j + 1) * channels);
    }
  }
}
