import {
  collectOrgans,
  organPlaceWarnings,
  organWords,
  RefusedInputError,
  SEGMENTS,
  type LabelVolume,
  type Segment,
  type Series,
  type SliceChoices,
  type Warning,
} from '@inner-ear-hydrops/core';
import { decodeSegmentation, storedSlicesOf } from '@inner-ear-hydrops/core/dicom';
import { annotatedRegions, type AnnotatedRegion } from './annotatedRegions';
import type { AnnotationPolicy } from './annotationChoice';
import { placeLabels } from '../labelFiles/placeLabels';
import type { LabelImage } from '../labelFiles/labelImage';
import type { AnnotationFile, DicomAnnotation, LabelAnnotation } from './dicomIndex';
import {
  isKnown,
  knownFromLabels,
  unknownOrgans,
  type KnownOrgans,
  type MissingOrgan,
} from './knownOrgans';
import { decodeStructureSet } from './structureSet';

/** An annotation with what is needed of its file. */
export type OpenAnnotation =
  | { annotation: DicomAnnotation; contents: ArrayBuffer }
  | { annotation: LabelAnnotation; image: LabelImage };

export interface DecodedAnnotation {
  /** On the grid of the series that was drawn on, values of `SEGMENTS`. */
  labels: LabelVolume;
  known: KnownOrgans;
  /** Each organ that is not known, and why. */
  missing: MissingOrgan[];
  /** Slices k on which a result of this software measured the areas: the reader's, or those of the rules. */
  slices: SliceChoices;
  /** Whether people drew all that is used of it. */
  isDrawn: boolean;
  /** What of it is not used, and why. */
  notes: string[];
  warnings: Warning[];
}

/**
 * The organs of an annotation, and which of them it is one of. An organ whose segment is missing, whose name is not
 * understood, that was never drawn or that a program found is not known: it is neither taught nor judged, and least of
 * all taken for background.
 * @throws RefusedInputError `names-collide`, and as `decodeSegmentation`, `decodeStructureSet` and `placeLabels`
 */
export function decodeAnnotation(
  open: OpenAnnotation,
  drawnOn: Series,
  { names, acceptAutomatic }: Pick<AnnotationPolicy, 'names' | 'acceptAutomatic'>
): DecodedAnnotation {
  const { annotation } = open;
  const { kind } = annotation;
  const { what } = WORDS[kind];
  const regions = annotatedRegions(annotation, names);
  const rejected = regions.filter(
    ({ segment, origin }) => segment && origin === 'automatic' && !acceptAutomatic
  );
  const used = regions.filter((region) => region.segment && !rejected.includes(region));
  if (used.length === 0) throw withoutOrgans(kind, regions);
  requireNoCollision(used);
  const decoded = voxelsOf(open, drawnOn, { regions, rejected, used });
  const { labels } = decoded;
  // In results of this software segments stand for what they are stored as.
  for (const { segment } of rejected) {
    if (segment && !used.some((region) => region.segment === segment))
      clear(labels.data, segment.number);
  }
  const known = knownFromLabels(labels);
  const unknown = unknownOrgans(known);
  const shown = new Set(labels.data);
  const notes = [
    ...regions.flatMap(({ name, by }) => (by === null ? [unmatchedNote(what, name)] : [])),
    ...rejected.map(
      ({ name }) =>
        `${what} "${name}" was found by a program and not edited: that is not an annotation (--accept-automatic uses it).`
    ),
    ...used.flatMap(({ name, segment }) =>
      segment && !shown.has(segment.number) ? [`${what} "${name}" holds no voxel.`] : []
    ),
    ...overlapNote(decoded.overlapping),
    ...doubledContours(kind === 'structure-set' ? used : []),
    ...(unknown ? [`Not annotated, and neither taught nor judged: ${unknown}.`] : []),
  ];
  const missing = missingOrgans(known, what, used, rejected);
  const warnings = [...decoded.warnings, ...organPlaceWarnings(labels, collectOrgans(labels))];
  const isDrawn = used.every(({ origin }) => origin === 'drawn');
  return { labels, known, missing, notes, isDrawn, slices: decoded.slices, warnings };
}

interface SortedRegions {
  regions: readonly AnnotatedRegion[];
  /** Found by a program, and not asked for. */
  rejected: readonly AnnotatedRegion[];
  used: readonly AnnotatedRegion[];
}

function voxelsOf(
  open: OpenAnnotation,
  drawnOn: Series,
  { regions, rejected, used }: SortedRegions
): Pick<DecodedAnnotation, 'labels' | 'slices' | 'warnings'> & { overlapping: number } {
  if ('image' in open) {
    const { annotation, image } = open;
    const organs = new Map(
      used.map(({ number, segment }) => [labelKey(annotation.labels[number]), segment])
    );
    const organOf = (layer: number, value: number) =>
      organs.get(labelKey({ layer, value })) ?? null;
    return { slices: {}, ...placeLabels(annotation.file, image, drawnOn, organOf) };
  }
  return open.annotation.kind === 'segmentation'
    ? segmentsOf(open.contents, drawnOn, assignments(regions, rejected))
    : { warnings: [], slices: {}, ...contoursOf(open.contents, drawnOn, used) };
}

const labelKey = (label: { layer: number; value: number } | undefined): string =>
  `${label?.layer} ${label?.value}`;

function missingOrgans(
  known: KnownOrgans,
  what: string,
  used: readonly AnnotatedRegion[],
  rejected: readonly AnnotatedRegion[]
): MissingOrgan[] {
  return SEGMENTS.filter((segment) => !isKnown(known, segment)).map((segment): MissingOrgan => {
    const { ear, organ } = segment;
    const of = (regions: readonly AnnotatedRegion[]) =>
      regions.filter((region) => region.segment === segment).map(({ name }) => `"${name}"`);
    const [empty, found] = [of(used).join(', '), of(rejected).join(', ')];
    if (empty)
      return { ear, organ, code: 'segment-empty', message: `The ${what} ${empty} holds no voxel.` };
    if (found)
      return {
        ...{ ear, organ, code: 'found-by-program' },
        message: `The ${what} ${found} was found by a program and not edited (--accept-automatic uses it).`,
      };
    const message = `No ${what} has a name that is known for the ${segment.label.toLowerCase()}.`;
    return { ear, organ, code: 'not-annotated', message };
  });
}

function segmentsOf(
  contents: ArrayBuffer,
  drawnOn: Series,
  assigned: Record<number, number>
): Pick<DecodedAnnotation, 'labels' | 'slices' | 'warnings'> & { overlapping: number } {
  const decoded = decodeSegmentation(contents, drawnOn, assigned);
  // What overlaps in a segmentation is among its warnings.
  return {
    ...decoded,
    slices: decoded.isOurs ? storedSlicesOf(decoded, drawnOn) : {},
    overlapping: 0,
  };
}

/** What the parts of an annotation are called, and the code where none of them is an organ. */
const WORDS = {
  segmentation: { what: 'segment', without: 'segmentation-without-organs' },
  'structure-set': { what: 'region', without: 'structure-set-without-organs' },
  'label-file': { what: 'label', without: 'labels-without-organs' },
} as const;

function withoutOrgans(
  kind: AnnotationFile['kind'],
  regions: readonly AnnotatedRegion[]
): RefusedInputError {
  const { what, without } = WORDS[kind];
  const names = regions.map(({ name }) => `"${name}"`).join(', ') || 'none is stored';
  return new RefusedInputError(
    without,
    `None of the ${what}s (${names}) has a name that is known for a left or right ${organWords('or')}. ` +
      sayWith(regions.find(({ name }) => name.trim() !== '')?.name ?? ''),
    'Name them by side and organ, for example "Left cochlea".'
  );
}

const unmatchedNote = (what: string, name: string): string =>
  `${what} "${name}" is not the name of a known organ. ${sayWith(name)}`;

const ORGANS = SEGMENTS.map(({ label }) => label.toLowerCase()).join(', ');

/** Side and organ are the user's to say: an example with one of them would be pasted. */
const sayWith = (name: string): string =>
  name.trim() === ''
    ? 'A segment without a name cannot be told from others: name it, and export it again.'
    : `If it is one of the organs, say so with --names "${name}=ORGAN", where ORGAN is one of: ${ORGANS}.`;

/**
 * `--names` must not take the place of what an object says itself: the two may lie in different ears.
 * @throws RefusedInputError `names-collide`
 */
function requireNoCollision(used: readonly AnnotatedRegion[]): void {
  for (const said of used.filter(({ by }) => by === 'names')) {
    const own = used.find(({ by, segment }) => by === 'object' && segment === said.segment);
    if (!own) continue;
    throw new RefusedInputError(
      'names-collide',
      `--names says that "${said.name}" is the ${said.segment?.label.toLowerCase()}, but by its own name "${own.name}" is that organ.`,
      `Give "${said.name}" another organ, or leave the other one out with --names "${own.name}=none".`
    );
  }
}

/** Segments by number: those that `--names` gives, and 0 for what is not used. */
export function assignments(
  regions: readonly AnnotatedRegion[],
  rejected: readonly AnnotatedRegion[]
): Record<number, number> {
  return Object.fromEntries([
    ...regions.flatMap(({ number, by, segment }) =>
      by === 'names' ? [[number, segment?.number ?? 0]] : []
    ),
    ...rejected.map(({ number }) => [number, 0]),
  ]) as Record<number, number>;
}

/** Of two regions that call themselves the same organ the first; those that `--names` joins are one organ. */
function isDoubled(region: AnnotatedRegion, n: number, all: readonly AnnotatedRegion[]): boolean {
  return (
    region.by === 'object' && all.slice(0, n).some(({ segment }) => segment === region.segment)
  );
}

function contoursOf(
  contents: ArrayBuffer,
  drawnOn: Series,
  used: readonly AnnotatedRegion[]
): { labels: LabelVolume; overlapping: number } {
  const organs = new Map<number, Segment>();
  used.forEach((region, n) => {
    if (region.segment && !isDoubled(region, n, used)) organs.set(region.number, region.segment);
  });
  return decodeStructureSet(contents, drawnOn, organs);
}

const overlapNote = (voxels: number): string[] =>
  voxels === 0 ? [] : [`${voxels} voxels belong to two regions; the first keeps them.`];

function doubledContours(used: readonly AnnotatedRegion[]): string[] {
  return used
    .filter(isDoubled)
    .map(
      ({ name, segment }) =>
        `more than one region is a ${segment?.label.toLowerCase() ?? 'organ'}; "${name}" is left out.`
    );
}

function clear(data: Uint8Array, number: number): void {
  data.forEach((value, voxel) => {
    if (value === number) data[voxel] = 0;
  });
}
