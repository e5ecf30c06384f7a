import { ANATOMY, RIGHT_EAR_OFFSET, type EarSide, type LabelVolume, type Volume } from '../types';

export type OrganSlices = Record<'cochlea' | 'vestibule', number | null>;
export type RepresentativeSlices = Record<EarSide, OrganSlices>;

export function representativeSlices(anatomy: Uint8Array, mrc: Volume): RepresentativeSlices {
  const counts = (code: number): Float64Array => {
    const [columns, rows, slices] = mrc.size;
    const perSlice = new Float64Array(slices);
    for (let n = 0; n < anatomy.length; n++) {
      if (anatomy[n] === code) perSlice[Math.floor(n / (columns * rows))]++;
    }
    return perSlice;
  };
  const ear = (offset: number): OrganSlices => ({
    cochlea: largest(counts(ANATOMY.cochlea + offset)),
    vestibule: largest(counts(ANATOMY.vestibule + offset)),
  });
  return { left: ear(0), right: ear(RIGHT_EAR_OFFSET) };
}

function largest(counts: Float64Array): number | null {
  let best: number | null = null;
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] > (best === null ? 0 : counts[best])) best = k;
  }
  return best;
}

/** Labels of the four segments as values of `ANATOMY`, for rules that want an anatomy volume. */
export function anatomyFromLabels(labels: LabelVolume): Uint8Array {
  const table = new Uint8Array(256);
  for (const segment of labels.segments) {
    table[segment.number] =
      ANATOMY[segment.organ] + (segment.ear === 'right' ? RIGHT_EAR_OFFSET : 0);
  }
  return labels.data.map((value) => table[value]);
}
