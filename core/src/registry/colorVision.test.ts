import type { Rgb } from './colors';
import { FLUIDS } from './fluids';
import { SEGMENTS } from './organs';

/** Linear RGB as people without one kind of cone see it (Machado, Oliveira and Fernandes, 2009, severity 1). */
const VISION: Record<string, readonly (readonly [number, number, number])[]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (value: number): number =>
  value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;

/** CIE L*a*b*, D65, of a colour as it is seen. */
function seen(color: Readonly<Rgb>, vision: string): number[] {
  const rgb = color.map(linear);
  const [r, g, b] = VISION[vision]!.map((row) =>
    Math.min(1, Math.max(0, row[0] * rgb[0]! + row[1] * rgb[1]! + row[2] * rgb[2]!))
  ) as Rgb;
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(a: Readonly<Rgb>, b: Readonly<Rgb>, vision: string): number {
  const [p, q] = [seen(a, vision), seen(b, vision)];
  return Math.hypot(...p.map((value, n) => value - q[n]!));
}

describe.each(Object.keys(VISION))('with %s', (vision) => {
  // About ten times what is just noticed side by side.
  test('the outlines of the organs are told apart', () => {
    SEGMENTS.forEach((a, n) => {
      for (const b of SEGMENTS.slice(n + 1)) {
        const pair = `${a.label}, ${b.label}`;
        expect([pair, difference(a.color, b.color, vision) > 25]).toEqual([pair, true]);
      }
    });
  });

  test('endolymph and perilymph are told apart', () => {
    expect(difference(FLUIDS.endolymph.color, FLUIDS.perilymph.color, vision)).toBeGreaterThan(40);
  });
});
