import type { Volume } from '@inner-ear-hydrops/core';

/** Share of the absolute values that a window is to hold, in a region and in a whole volume. */
const SHOWN = { region: 0.95, volume: 0.995 };

/**
 * Width of a window centred on zero: twice the 95th percentile of the absolute values in the region
 * (the ears, beside which all other fluid is too bright to judge them by), or without one twice the 99.5th
 * percentile of those that are not background.
 */
export function symmetricWindow(volume: Volume, region?: Uint8Array): number {
  const within: number[] = [];
  region?.forEach((label, index) => {
    if (label !== 0) within.push(Math.abs(volume.data[index] as number));
  });
  if (within.length > 0) return widthFor(within, SHOWN.region);
  const stride = Math.max(1, Math.floor(volume.data.length / 200_000));
  const magnitudes: number[] = [];
  for (let index = 0; index < volume.data.length; index += stride) {
    const magnitude = Math.abs(volume.data[index] as number);
    if (magnitude > 0) magnitudes.push(magnitude);
  }
  return widthFor(magnitudes, SHOWN.volume);
}

function widthFor(magnitudes: number[], share: number): number {
  if (magnitudes.length === 0) return 2;
  magnitudes.sort((a, b) => a - b);
  return Math.max(1e-3, 2 * (magnitudes[Math.floor((magnitudes.length - 1) * share)] as number));
}

/** Whether a window is the one of this width about zero, by either convention of its upper end. */
export function isSymmetricWindow(
  window: { lower: number; upper: number } | null | undefined,
  width: number
): boolean {
  if (!window) return false;
  const tolerance = Math.max(1, width * 1e-6);
  return (
    Math.abs(window.lower + width / 2) <= tolerance &&
    Math.abs(window.upper - width / 2) <= tolerance
  );
}
