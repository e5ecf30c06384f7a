import { EAR_SIDES, isWarningCode } from '../registry';
import { readMeasurement, type ReadMeasurement } from '../analysis';
import type { EarAbsence, EarFinding } from '../study';
import {
  storedRatios,
  type MaskOrigins,
  type RatiosOfOrgans,
  type SliceChoices,
} from '../measurement';
import {
  SEGMENTS,
  type Choices,
  type ImageReference,
  type Measurement,
  type Role,
  type Segment,
  type Series,
  type Warning,
} from '../types';
import { imagesOf, sliceOfImage } from '../volume';
import type { ResultState } from './encodeResult';
import type { DecodedSegmentation } from './segmentation/decodeSegmentation';
import type { Json } from './segmentation/storedState';

/** What was stored beside the region, wherever it stood. */
export interface Known {
  /** Series Instance UID of each role. */
  series: Partial<Record<Role, string | null>>;
  ears: EarFinding[];
  absent: EarAbsence[];
  choices: Choices | undefined;
  origins: MaskOrigins;
  /** What edited regions gave before. */
  automaticRatios: RatiosOfOrgans;
  slices: { chosen: SliceChoices; automatic: SliceChoices };
  backend: string | null;
  reader: string | null;
  warnings: Warning[];
}

/**
 * What the segmentation says: its private state, and where that is missing or its numbers cannot be read, its standard
 * attributes, with a warning.
 *
 * @param images of MRC's slices
 */
export function knownOf(
  decoded: DecodedSegmentation,
  { measurement, fault }: StoredMeasurement,
  images: readonly ImageReference[]
): Known {
  if (!decoded.state) return fromStandard(decoded);
  const state = stateOf(decoded.state.state);
  return fault === null
    ? fromState(decoded, measurement, state, images)
    : withoutMeasurement(decoded, state, fault);
}

function fromState(
  { state: stored }: DecodedSegmentation,
  measurement: Measurement | null,
  state: ResultState | null,
  images: readonly ImageReference[]
): Known {
  return {
    series: measurement?.study ?? {},
    ears: state?.ears ?? [],
    absent: state?.absent ?? [],
    choices: measurement?.choices,
    origins: storedOrigins(measurement),
    automaticRatios: storedRatios(measurement),
    slices: storedSlices(measurement, state, images),
    backend: stored?.backend ?? null,
    reader: stored?.reader ?? null,
    warnings: [],
  };
}

/** Of an object that has lost its private state, or of another software. */
function fromStandard({ standard, labels, anatomy }: DecodedSegmentation): Known {
  const provenance = standard?.provenance;
  const slices = standard?.slices ?? { chosen: {}, automatic: {} };
  const unknown = standard
    ? SEGMENTS.filter(
        ({ number, ear, organ }) =>
          labels.data.includes(number) &&
          slices.chosen[ear]?.[organ] === undefined &&
          slices.automatic[ear]?.[organ] === undefined
      )
    : [];
  return {
    series: standard?.namesSeries ? (provenance?.series ?? {}) : {},
    ears: standard?.ears ?? [],
    absent: provenance?.absent ?? [],
    choices: provenance?.choices,
    origins: standard?.origins ?? {},
    automaticRatios: standard?.automaticRatios ?? {},
    slices,
    backend: provenance?.backend ?? null,
    reader: standard?.reader ?? null,
    warnings: unknown.map((segment) => sliceUnknown(segment, anatomy !== null)),
  };
}

function sliceUnknown({ ear, organ }: Segment, hasCanals: boolean): Warning {
  const rule = hasCanals ? 'by the rules' : 'by the rules, without the canals that they look at';
  return {
    code: 'stored-slice-unknown',
    message: `The segmentation does not say on which slice the area of the ${ear} ${organ} was measured. It was chosen again ${rule}: the area ratio may differ from the one that was stored.`,
    ear,
    organ,
  };
}

/**
 * Slices k on which a stored result's areas were measured: the reader's choice before that of the rules. Empty for
 * objects of other software.
 */
export function storedSlicesOf(decoded: DecodedSegmentation, mrc: Series): SliceChoices {
  const { slices } = knownOf(decoded, storedMeasurement(decoded), imagesOf(mrc));
  const inForce: SliceChoices = {};
  for (const ear of EAR_SIDES) inForce[ear] = { ...slices.automatic[ear], ...slices.chosen[ear] };
  return inForce;
}

/** Null without a fault where none was stored. */
export type StoredMeasurement = ReadMeasurement | { measurement: null; fault: null };

export function storedMeasurement({ state, edited }: DecodedSegmentation): StoredMeasurement {
  const json = state?.measurement ?? null;
  if (json === null) return { measurement: null, fault: null };
  return readMeasurement(json, edited ? 'edited' : 'automatic');
}

/** Where the stored numbers cannot be read: the rest of the private state, and standard attributes for choices and slices. */
function withoutMeasurement(
  decoded: DecodedSegmentation,
  state: ResultState | null,
  fault: string
): Known {
  const standard = fromStandard(decoded);
  const { state: stored } = decoded;
  const unreadable: Warning = {
    code: 'stored-measurement-unreadable',
    message:
      `A stored value cannot be read (${fault}). Region, findings and warnings are restored as they were stored; method, ` +
      'slices, choices and who drew the regions come from the other attributes of the segmentation. The stored ratios could ' +
      'not be compared with those that are measured now.',
    ear: null,
    values: { fault },
  };
  return {
    ...standard,
    ears: state?.ears ?? standard.ears,
    absent: state?.absent ?? standard.absent,
    backend: stored?.backend ?? standard.backend,
    reader: stored?.reader ?? standard.reader,
    warnings: [
      unreadable,
      ...standard.warnings,
      ...(state?.warnings ?? []).filter(({ code }) => isWarningCode(code)),
    ],
  };
}

/** Which slices were the reader's, and which the rules had chosen. */
function storedSlices(
  stored: Measurement | null,
  state: ResultState | null,
  images: readonly ImageReference[]
): { chosen: SliceChoices; automatic: SliceChoices } {
  const chosen: SliceChoices = {};
  const automatic: SliceChoices = {};
  for (const { ear, organ } of SEGMENTS) {
    const organOfThen = stored?.ears[ear]?.[organ];
    const area = organOfThen?.area ?? organOfThen?.emptySlice;
    const slice =
      state?.slices[ear]?.[organ] ?? (area?.image ? sliceOfImage(images, area.image) : -1);
    if (slice < 0) continue;
    const byRules = area?.automaticImage ? sliceOfImage(images, area.automaticImage) : -1;
    const isReaders = area?.chosenBy === 'reader';
    if (isReaders) chosen[ear] = { ...chosen[ear], [organ]: slice };
    const known = isReaders ? byRules : slice;
    if (known >= 0) automatic[ear] = { ...automatic[ear], [organ]: known };
  }
  return { chosen, automatic };
}

function storedOrigins(stored: Measurement | null): MaskOrigins {
  const origins: MaskOrigins = {};
  for (const { ear, organ } of SEGMENTS) {
    const mask = stored?.ears[ear]?.[organ]?.mask;
    if (mask) origins[ear] = { ...origins[ear], [organ]: mask };
  }
  return origins;
}

/** The viewer's own part of the private state. */
export function stateOf(state: Json | undefined): ResultState | null {
  if (state === undefined || state === null || typeof state !== 'object' || Array.isArray(state))
    return null;
  // `reading` is what earlier software called the findings.
  const given = state as unknown as Partial<ResultState> & { reading?: Json };
  if (!given.method || !Array.isArray(given.ears)) return null;
  return {
    method: given.method,
    ears: given.ears,
    absent: given.absent ?? [],
    ...(Array.isArray(given.centers) ? { centers: given.centers } : {}),
    slices: given.slices ?? {},
    warnings: given.warnings ?? [],
    findings: given.findings ?? given.reading,
  };
}
