import { EAR_SIDES } from '../registry';
import type { PreparedStudy } from '../study';
import type { EarSide, LabelVolume, Warning } from '../types';
import {
  anatomyFromLabels,
  findSlices,
  type FoundSlices,
  type RepresentativeSlices,
} from './representativeSlices';
import type { SliceChoices } from './slices';

export interface SlicesInput {
  /** On MRC's grid, values of `ANATOMY`; the labels stand in for it when absent. */
  anatomy?: Uint8Array;
  /** On MRC's grid. */
  labels: LabelVolume;
  prepared: Pick<PreparedStudy, 'mrc'>;
  /** Known from a stored result. */
  automaticSlices?: SliceChoices;
  /** Those of a stored result. */
  warnings?: readonly Warning[];
}

/** Found once for each anatomy: an edit of the labels does not move the slices. */
const cache = new WeakMap<Uint8Array, FoundSlices>();

/**
 * Slices k on which areas are measured where the reader chose none, with a warning for each ear whose slice could not be
 * found as the paper does. Slices that are known from a stored result go first: a network may have seen canals that were not
 * stored, so that of them is said what was said then.
 */
export function automaticSlices(input: SlicesInput): {
  slices: RepresentativeSlices;
  warnings: Warning[];
} {
  const { slices, byArea } = slicesByRules(input);
  const { automaticSlices: known = {}, warnings: said = [] } = input;
  const wasSaid = (side: EarSide) =>
    said.some(({ code, ear }) => code === 'slice-by-area' && ear === side);
  return {
    slices: { left: { ...slices.left, ...known.left }, right: { ...slices.right, ...known.right } },
    warnings: EAR_SIDES.filter(
      (ear) => byArea.includes(ear) && (known[ear]?.vestibule === undefined || wasSaid(ear))
    ).map(byAreaWarning),
  };
}

function slicesByRules({ anatomy, labels, prepared }: SlicesInput): FoundSlices {
  if (!anatomy) return findSlices(anatomyFromLabels(labels), prepared.mrc);
  const known = cache.get(anatomy);
  if (known) return known;
  const found = findSlices(anatomy, prepared.mrc);
  cache.set(anatomy, found);
  return found;
}

function byAreaWarning(ear: EarSide): Warning {
  return {
    code: 'slice-by-area',
    message:
      `The lateral semicircular canal of the ${ear} ear is not known. The automatic slice of the ${ear} vestibule is therefore that of its ` +
      'largest area, not the lowest that shows the ring of canal and vestibule: check it, and choose another if it differs.',
    ear,
    organ: 'vestibule',
  };
}
