import { itemAt } from '../../items';

/**
 * Signal of perilymph on MRC against that of fluid without gadolinium, by the signal equation (TE
 * of Cho et al., 2020; perilymph of T1 4200 and T2 1800 ms, assumed). Gadolinium raises it first (T1), then
 * lowers it (T2). How much gadolinium there is follows from PPI/MRC, in units of that of CSF.
 */
const BRIGHTNESS: readonly [number, number][] = [
  [0, 1.1],
  [1.28, 1.18],
  [3.65, 1.236],
  [6.2, 1.174],
  [8.7, 0.927],
];

export function perilymphBrightness(perilymph: number, unenhanced: number): number {
  const ratio = perilymph / unenhanced;
  let [x0, y0] = itemAt(BRIGHTNESS, 0);
  for (const [x1, y1] of BRIGHTNESS.slice(1)) {
    if (ratio < x1) return y0 + ((y1 - y0) * (Math.max(ratio, x0) - x0)) / (x1 - x0);
    [x0, y0] = [x1, y1];
  }
  return y0;
}
