import type { Volume } from '@inner-ear-hydrops/core';

/** As Cornerstone is told it, in the units of the images. */
export interface DisplayWindow {
  windowCenter: number;
  windowWidth: number;
}

/** Share of the absolute values that a window is to hold, in a region and in a whole volume. */
const SHOWN = { region: 0.95, volume: 0.995 };

/**
 * A window centred on zero. Its width is twice the 95th percentile of the absolute values in the region
 * (the ears, beside which all other fluid is too bright to judge them by), or without one twice the 99.5th
 * percentile of those that are not background.
 */
export function symmetricWindow(volume: Volume, region?: Uint8Array): DisplayWindow {
  const within: number[] = [];
  // Millions, nearly all of them nothing.
  for (let index = 0; region && index < region.length; index++) {
    if (region[index] !== 0) within.push(Math.abs(volume.data[index]!));
  }
  const about = (windowWidth: number) => ({ windowCenter: 0, windowWidth });
  if (within.length > 0) return about(widthFor(within, SHOWN.region));
  const stride = Math.max(1, Math.floor(volume.data.length / 200_000));
  const magnitudes: number[] = [];
  for (let index = 0; index < volume.data.length; index += stride) {
    const magnitude = Math.abs(volume.data[index] as number);
    if (magnitude > 0) magnitudes.push(magnitude);
  }
  return about(widthFor(magnitudes, SHOWN.volume));
}

function widthFor(magnitudes: number[], share: number): number {
  if (magnitudes.length === 0) return 2;
  magnitudes.sort((a, b) => a - b);
  return Math.max(1e-3, 2 * (magnitudes[Math.floor((magnitudes.length - 1) * share)] as number));
}

/** A window from zero to nearly the brightest value, for magnitudes that state none. */
export function magnitudeWindow(volume: Volume): DisplayWindow {
  const { windowWidth } = symmetricWindow(volume);
  return { windowCenter: windowWidth / 4, windowWidth: windowWidth / 2 };
}

/** Whether a viewport stands at a window, by either convention of its upper end. */
export function isAtWindow(
  range: { lower: number; upper: number } | null | undefined,
  { windowCenter, windowWidth }: DisplayWindow
): boolean {
  if (!range) return false;
  const tolerance = Math.max(1, windowWidth * 1e-6);
  return (
    Math.abs(range.lower - (windowCenter - windowWidth / 2)) <= tolerance &&
    Math.abs(range.upper - (windowCenter + windowWidth / 2)) <= tolerance
  );
}
