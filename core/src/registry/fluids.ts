import type { Rgb } from './colors';

/** Colours that readers with any colour vision tell apart (Okabe and Ito, 2008): orange and sky blue. */
export const FLUIDS = {
  endolymph: { label: 'endolymph', color: [230, 159, 0] },
  perilymph: { label: 'perilymph', color: [86, 180, 233] },
} satisfies Record<string, { label: string; color: Rgb }>;
