import { EAR_SIDES, METHODS, ROLES, ROLE_KEYS } from '../registry';
import {
  SEGMENTS,
  type EarSide,
  type ImageReference,
  type MaskOrigin,
  type Measurement,
  type Organ,
  type OrganMeasurement,
  type Role,
} from '../types';
import { imageName } from '../volume/imageName';

/** One thing that the numbers rest on and that the reader, not the software, settled. */
export interface ReaderChoice {
  kind: 'method' | 'role' | 'ear-position' | 'slice' | 'region';
  role: Role | null;
  ear: EarSide | null;
  organ: Organ | null;
  /** For people: `slice of the left cochlea: series 4, image 25`. */
  text: string;
}

/**
 * How a result came about: `automatic`, nothing is the reader's; `choices edited`, every region is as the network
 * made it, but method, roles, ear positions or slices are not all automatic; `edited`, a region was changed;
 * `drawn`, no region comes from a network.
 */
export type ResultOrigin = 'automatic' | 'choices edited' | 'edited' | 'drawn';

/** Everything that is the reader's: method, roles, ear positions, then slice and region by organ. */
export function readerChoices(measurement: Measurement): ReaderChoice[] {
  const { choices, ears, method } = measurement;
  const found: ReaderChoice[] = [];
  const add = (
    kind: ReaderChoice['kind'],
    text: string,
    about: Partial<Pick<ReaderChoice, 'role' | 'ear' | 'organ'>> = {}
  ): void => void found.push({ kind, role: null, ear: null, organ: null, ...about, text });

  if (choices.method === 'reader') add('method', `method: ${METHODS[method].label}`);
  for (const role of ROLE_KEYS)
    if (choices.roles[role] === 'reader') add('role', `series of ${ROLES[role].label}`, { role });
  for (const ear of EAR_SIDES)
    if (choices.ears[ear] === 'reader') add('ear-position', `position of the ${ear} ear`, { ear });
  for (const { ear, organ } of SEGMENTS) {
    const measured = ears[ear]?.[organ];
    if (!measured) continue;
    const image = chosenImage(measured);
    if (image !== undefined)
      add('slice', `slice of the ${ear} ${organ}${image === null ? '' : `: ${imageName(image)}`}`, {
        ear,
        organ,
      });
    if (measured.mask !== 'automatic')
      add('region', `region of the ${ear} ${organ}, ${measured.mask}`, { ear, organ });
  }
  return found;
}

/** The reader's slice of an organ; null where it shows none of it; undefined where the slice is automatic. */
function chosenImage({ area, emptySlice }: OrganMeasurement): ImageReference | null | undefined {
  if (area) return area.chosenBy === 'reader' ? area.image : undefined;
  return emptySlice?.chosenBy === 'reader' ? null : undefined;
}

/** Whether a result stands as the software made it: the one test behind "AI result, unedited". */
export function isUnedited(measurement: Measurement): boolean {
  return readerChoices(measurement).length === 0;
}

/** Where the regions of a result come from, and whether anything else is the reader's. */
export function resultOrigin(measurement: Measurement): ResultOrigin {
  const masks = SEGMENTS.flatMap(({ ear, organ }) => measurement.ears[ear]?.[organ]?.mask ?? []);
  const origin = originOfMasks(masks);
  return origin === 'automatic' && !isUnedited(measurement) ? 'choices edited' : origin;
}

/** `drawn` where every region was drawn, `edited` where any region is not the network's own. */
export function originOfMasks(
  masks: readonly MaskOrigin[]
): Exclude<ResultOrigin, 'choices edited'> {
  if (masks.every((mask) => mask === 'automatic')) return 'automatic';
  return masks.every((mask) => mask === 'drawn') ? 'drawn' : 'edited';
}
