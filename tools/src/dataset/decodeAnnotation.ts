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
import type { AnnotationFile } from './dicomIndex';
import {
  isKnown,
  knownFromLabels,
  unknownOrgans,
  type KnownOrgans,
  type MissingOrgan,
} from './knownOrgans';
import { decodeStructureSet } from './structureSet';

export interface DecodedAnnotation {
  /** On the grid of the series that was drawn on, values of `SEGMENTS`. */
  labels: LabelVolume;
  known: KnownOrgans;
  /** Each organ that is not known, and why. */
  missing: MissingOrgan[];
  /** Slices k on which a result of this software measured the areas: the reader's, or those of the rules. */
  slices: SliceChoices;
  /** What of it is not used, and why. */
  notes: string[];
  warnings: Warning[];
}

/**
 * The organs of an annotation, and which of them it is one of. An organ whose segment is missing, whose name is not
 * understood, that was never drawn or that a program found is not known: it is neither taught nor judged, and least of
 * all taken for background.
 * @throws RefusedInputError `names-collide`, and as `decodeSegmentation` and `decodeStructureSet`
 */
export function decodeAnnotation(
  annotation: AnnotationFile,
  contents: ArrayBuffer,
  drawnOn: Series,
  { names, acceptAutomatic }: Pick<AnnotationPolicy, 'names' | 'acceptAutomatic'>
): DecodedAnnotation {
  const isSegmentation = annotation.header.modality === 'SEG';
  const what = isSegmentation ? 'segment' : 'region';
  const regions = annotatedRegions(annotation, names);
  const rejected = regions.filter(
    ({ segment, origin }) => segment && origin === 'automatic' && !acceptAutomatic
  );
  const used = regions.filter((region) => region.segment && !rejected.includes(region));
  if (used.length === 0) throw withoutOrgans(isSegmentation, regions);
  requireNoCollision(used);
  const decoded = isSegmentation
    ? segmentsOf(contents, drawnOn, assignments(regions, rejected))
    : { warnings: [], slices: {}, ...contoursOf(contents, drawnOn, used) };
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
    ...doubledContours(isSegmentation ? [] : used),
    ...(unknown ? [`Not annotated, and neither taught nor judged: ${unknown}.`] : []),
  ];
  const missing = missingOrgans(known, what, used, rejected);
  const warnings = [...decoded.warnings, ...organPlaceWarnings(labels, collectOrgans(labels))];
  return { labels, known, missing, notes, slices: decoded.slices, warnings };
}

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

function withoutOrgans(
  isSegmentation: boolean,
  regions: readonly AnnotatedRegion[]
): RefusedInputError {
  const names = regions.map(({ name }) => `"${name}"`).join(', ') || 'none is stored';
  return new RefusedInputError(
    isSegmentation ? 'segmentation-without-organs' : 'structure-set-without-organs',
    `None of the ${isSegmentation ? 'segments' : 'regions'} (${names}) has a name that is known for a left or right ${organWords('or')}. ` +
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
function assignments(
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
