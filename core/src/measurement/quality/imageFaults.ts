import { EAR_SIDES, roleLabel } from '../../registry';
import type { ImageFault, PreparedStudy } from '../../study';
import type { EarSide, Organ, Warning } from '../../types';
import { imageList } from '../../volume';
import type { OrganVoxels } from '../organVoxels';

/** What of a study the warnings of its images depend on. */
export type FaultyStudy = Pick<PreparedStudy, 'mrc' | 'method' | 'faults'>;

/** A place that a warning speaks of: an organ, or an ear where `organ` is null. */
export interface Place {
  ear: EarSide;
  organ: Organ | null;
}

/**
 * Images without signal and images off the scale of their series (`PreparedStudy.faults`): a fault voids what lies on
 * it, `signal-missing`, `brightness-out-of-line`, `mrc-out-of-line`; away from both ears it is only said,
 * `images-blank`, `images-repeated`, `images-out-of-line`.
 */
export function imageFaultWarnings(prepared: FaultyStudy, organs: OrganVoxels[]): Warning[] {
  return prepared.faults.flatMap((fault) => {
    const places = mergedPlaces(
      // The outline hangs on MRC's slices above and below too, and a blank one holds none.
      fault.role === 'mrc' ? earsNear(prepared, fault, organs) : organsOn(fault, organs),
      organs
    );
    if (places.length === 0) return [warningOf(prepared, fault, null)];
    return places.map((place) => warningOf(prepared, fault, place));
  });
}

function organsOn({ reach }: ImageFault, organs: OrganVoxels[]): Place[] {
  return organs.filter(({ indices }) => indices.some((n) => reach[n] === 1));
}

/** Ears with a faulty MRC slice within their stack of slices, or next to it. */
function earsNear({ mrc }: FaultyStudy, { reach }: ImageFault, organs: OrganVoxels[]): Place[] {
  const plane = mrc.size[0] * mrc.size[1];
  return EAR_SIDES.flatMap((ear): Place[] => {
    const parts = organs.filter((organ) => organ.ear === ear);
    if (parts.length === 0) return [];
    const first = Math.min(...parts.map(({ indices }) => indices[0]!));
    const last = Math.max(...parts.map(({ indices }) => indices[indices.length - 1]!));
    const from = Math.max(0, Math.floor(first / plane) - 1);
    const to = Math.min(mrc.size[2], Math.floor(last / plane) + 2);
    for (let k = from; k < to; k++) if (reach[k * plane] === 1) return [{ ear, organ: null }];
    return [];
  });
}

/** One place for an ear of which all organs are meant. */
export function mergedPlaces(places: readonly Place[], organs: readonly OrganVoxels[]): Place[] {
  return EAR_SIDES.flatMap((ear): Place[] => {
    const own = places.filter((place) => place.ear === ear);
    const measured = organs.filter((organ) => organ.ear === ear).length;
    return own.length > 1 && own.length === measured
      ? [{ ear, organ: null }]
      : own.map(({ organ }) => ({ ear, organ }));
  });
}

/** "the left ear" */
export function placeName({ ear, organ }: Place): string {
  return `the ${ear} ${organ ?? 'ear'}`;
}

function warningOf(prepared: FaultyStudy, fault: ImageFault, place: Place | null): Warning {
  const { role, images } = fault;
  const label = roleLabel(role, prepared.method);
  const [has, hold] = images.length === 1 ? ['is', 'holds'] : ['are', 'hold'];
  const name = `${label} (${imageList(images)})`;
  const scope = place
    ? { ear: place.ear, ...(place.organ ? { organ: place.organ } : {}) }
    : { ear: null };
  const values: Warning['values'] = { series: label, images: images.length };
  if (fault.kind !== 'brightness') {
    const [what, code] = UNMEASURED[fault.kind];
    const lost = `${name} ${hold} ${what}`;
    return {
      code: place ? 'signal-missing' : code,
      message: place
        ? `${lost} ${capital(placeName(place))} reaches into this gap, so its ratios are not a measurement. ${AGAIN}`
        : `${lost} No ear that was found lies there.`,
      ...scope,
      values,
    };
  }
  const factors = factorWords(fault.factors);
  const bright = `${name} ${has} ${factors} as bright as the rest of the series.`;
  const [least, most] = fault.factors ?? [NaN, NaN];
  return {
    code: codeOfBrightness(prepared, fault, place),
    message: place
      ? `${bright} ${capital(placeName(place))} lies there, ${consequence(prepared, fault)} ` +
        `Check Rescale Slope and Intercept (0028,1053 and 0028,1052) of these images. ${AGAIN}`
      : `${bright} No ear that was found lies there.`,
    ...scope,
    values: { ...values, least, most },
  };
}

/** What is said of images that are no measurement of their place, and the code away from the ears. */
const UNMEASURED = {
  blank: ['one single value everywhere: nothing was measured there.', 'images-blank'],
  repeated: [
    'the pixels of another image of the series, to the last one: one of them is not the image of its place.',
    'images-repeated',
  ],
} as const;

const AGAIN = 'Send the series again from the scanner, or repeat it.';

/** The sign of PPI − PEI does not depend on MRC, that of PPI − s·MRC does. */
function bearsOnSign({ method }: FaultyStudy, { role }: ImageFault): boolean {
  return role !== 'mrc' || method === 'hydrops2-mi2';
}

function codeOfBrightness(
  prepared: FaultyStudy,
  fault: ImageFault,
  place: Place | null
): Warning['code'] {
  if (!place) return 'images-out-of-line';
  return bearsOnSign(prepared, fault) ? 'brightness-out-of-line' : 'mrc-out-of-line';
}

function consequence(prepared: FaultyStudy, fault: ImageFault): string {
  return bearsOnSign(prepared, fault)
    ? 'and zero does not separate endolymph from perilymph on them.'
    : 'and its outline was found on them: check it.';
}

function factorWords(factors: ImageFault['factors']): string {
  const [least, most] = (factors ?? [NaN, NaN]).map((factor) => factor.toFixed(2));
  return least === most ? `${least} times` : `${least} to ${most} times`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
