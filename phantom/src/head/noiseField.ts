import { createRandom } from '../random';

const SIZE = 32;
const MASK = SIZE - 1;

/** Smooth, repeatable noise in space: about −1 to 1, with features of one unit length. */
export type NoiseField = (x: number, y: number, z: number) => number;

export function createNoiseField(seed: number): NoiseField {
  const random = createRandom(seed);
  const table = Float32Array.from({ length: SIZE * SIZE * SIZE }, () => random.range(-1, 1));
  return (x, y, z) => {
    const fx = Math.floor(x);
    const fy = Math.floor(y);
    const fz = Math.floor(z);
    let tx = x - fx;
    let ty = y - fy;
    let tz = z - fz;
    tx = tx * tx * (3 - 2 * tx);
    ty = ty * ty * (3 - 2 * ty);
    tz = tz * tz * (3 - 2 * tz);
    const x0 = fx & MASK;
    const x1 = (fx + 1) & MASK;
    const y0 = (fy & MASK) * SIZE;
    const y1 = ((fy + 1) & MASK) * SIZE;
    const z0 = (fz & MASK) * SIZE * SIZE;
    const z1 = ((fz + 1) & MASK) * SIZE * SIZE;
    const a = table[x0 + y0 + z0]! + (table[x1 + y0 + z0]! - table[x0 + y0 + z0]!) * tx;
    const b = table[x0 + y1 + z0]! + (table[x1 + y1 + z0]! - table[x0 + y1 + z0]!) * tx;
    const c = table[x0 + y0 + z1]! + (table[x1 + y0 + z1]! - table[x0 + y0 + z1]!) * tx;
    const d = table[x0 + y1 + z1]! + (table[x1 + y1 + z1]! - table[x0 + y1 + z1]!) * tx;
    const near = a + (b - a) * ty;
    const far = c + (d - c) * ty;
    return near + (far - near) * tz;
  };
}
