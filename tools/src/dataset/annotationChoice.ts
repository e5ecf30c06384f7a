import path from 'node:path';
import { SOFTWARE_NAME } from '@inner-ear-hydrops/core/dicom';
import { annotatedRegions } from './annotatedRegions';
import { textOf, type AnnotationFile } from './dicomIndex';
import type { OrganNames } from './organNames';
import { isSameReader, readerKey } from './readerNames';

/** Which of several annotations of a study is the truth. */
export interface AnnotationPolicy {
  /** Whose annotations are used, in order of preference; empty: of anybody. */
  readers: readonly string[];
  /** Whether what a program found, and nobody edited, counts as an annotation. */
  acceptAutomatic: boolean;
  /** What segments are whose names are not understood. */
  names: OrganNames;
}

export const STRICT_POLICY: AnnotationPolicy = {
  readers: [],
  acceptAutomatic: false,
  names: new Map(),
};

export type AnnotationChoice =
  | {
      chosen: AnnotationFile;
      /** Who drew it; null where nobody is named. */
      reader: string | null;
      /** What was used and what was passed over, and why; null where there was nothing to choose. */
      note: string | null;
    }
  | {
      chosen: null;
      /** Why none is used; `isFault`: the user can mend it. */
      leftOut: { code: string; message: string; isFault: boolean };
    };

interface KnownAnnotation {
  annotation: AnnotationFile;
  reader: string | null;
  isAutomatic: boolean;
}

/**
 * Drawn and edited annotations come before what a program found, whichever was stored last: an unedited result would be
 * compared with itself, and taught to itself. Of one reader the latest is used. Annotations of several readers are never
 * mixed and never ranked by date: the user names the reader. Who is not named is nobody: not the reader whose name stands
 * in another annotation, and not one that the user named.
 */
export function chooseAnnotation(
  annotations: readonly AnnotationFile[],
  policy: AnnotationPolicy
): AnnotationChoice {
  const known = annotations.map((annotation) => ({
    annotation,
    reader: readerOf(annotation),
    isAutomatic: isAutomatic(annotation, policy.names),
  }));
  const drawn = known.filter((entry) => !entry.isAutomatic);
  if (policy.readers.length === 0 && areOfSeveral(drawn)) {
    const message = `It was annotated by ${listOfReaders(drawn)}. Say whose annotation is used with --reader; several names are tried in turn.`;
    return {
      chosen: null,
      leftOut: { code: 'several-readers', message, isFault: true },
    };
  }
  // What a program found stands in for nobody's drawing, also not where --reader passes over it.
  const automatic = policy.acceptAutomatic ? known.filter((entry) => entry.isAutomatic) : [];
  const usable = ofWantedReader(drawn.length > 0 ? drawn : automatic, policy.readers);
  const chosen = usable.length > 0 ? newest(usable) : null;
  const others = known.filter((entry) => entry !== chosen);
  const left = others
    .map((entry) => whyLeft(entry, chosen, policy) + onlyThere(entry, chosen, policy.names))
    .join('; ');
  if (!chosen) {
    const code = drawn.length > 0 || automatic.length > 0 ? 'reader-not-asked' : 'found-by-program';
    const message = `None of its annotations can be used: ${left}.`;
    return { chosen: null, leftOut: { code, message, isFault: false } };
  }
  const { annotation, reader } = chosen;
  const note =
    others.length > 0
      ? `${annotations.length} annotations; ${nameOf(annotation)}${reader ? ` by "${reader}"` : ''} is used. Not used: ${left}.`
      : null;
  return { chosen: annotation, reader, note };
}

/** Whether they may be of more than one person. Where nobody is named, they are taken for one person's. */
function areOfSeveral(entries: readonly KnownAnnotation[]): boolean {
  return new Set(entries.map(({ reader }) => reader && readerKey(reader))).size > 1;
}

function listOfReaders(entries: readonly KnownAnnotation[]): string {
  const named = new Map(
    entries.flatMap(({ reader }) => (reader ? [[readerKey(reader), `"${reader}"`] as const] : []))
  );
  const nameless = entries
    .filter(({ reader }) => !reader)
    .map(({ annotation }) => nameOf(annotation));
  const list = [...named.values()].join(', ');
  return nameless.length > 0
    ? `${list} and by a reader without a name (${nameless.join(', ')})`
    : list;
}

/** Those of the first reader who has any; all where none is asked for. */
function ofWantedReader(
  entries: readonly KnownAnnotation[],
  readers: readonly string[]
): readonly KnownAnnotation[] {
  if (readers.length === 0) return entries;
  const own = readers.map((name) =>
    entries.filter(({ reader }) => reader && isSameReader(reader, name))
  );
  return own.find((list) => list.length > 0) ?? [];
}

function whyLeft(
  { annotation, reader, isAutomatic }: KnownAnnotation,
  used: KnownAnnotation | null,
  { readers, acceptAutomatic }: AnnotationPolicy
): string {
  const name = nameOf(annotation);
  if (isAutomatic && !acceptAutomatic)
    return `${name}, found by a program and not edited (--accept-automatic uses it)`;
  if (isAutomatic && used && !used.isAutomatic) return `${name}, found by a program`;
  if (readers.length > 0 && !(used?.reader && reader && isSameReader(reader, used.reader)))
    return `${name}, ${isAutomatic ? 'found by a program, ' : ''}by ${reader ? `"${reader}"` : 'a reader without a name'} (--reader)`;
  return `${name}, older${reader ? '' : ', and without the name of a reader'}`;
}

/** Organs that an annotation has and the used one has not: they are lost with it, for annotations are never mixed. */
function onlyThere(
  entry: KnownAnnotation,
  used: KnownAnnotation | null,
  names: OrganNames
): string {
  if (!used) return '';
  const organsOf = ({ annotation }: KnownAnnotation) =>
    annotatedRegions(annotation, names).flatMap(({ segment }) => segment ?? []);
  const own = organsOf(used);
  const lost = organsOf(entry).filter((segment) => !own.includes(segment));
  if (lost.length === 0) return '';
  return ` (it alone has the ${lost.map(({ label }) => label.toLowerCase()).join(', ')})`;
}

const nameOf = ({ file }: AnnotationFile): string => path.basename(file);

/** Whether somebody drew or edited it, and names this reader; null: names nobody. */
export function isDrawnBy(
  annotation: AnnotationFile,
  reader: string | null,
  { names }: AnnotationPolicy
): boolean {
  const own = readerOf(annotation);
  const isSame = own === null || reader === null ? own === reader : isSameReader(own, reader);
  return isSame && !isAutomatic(annotation, names);
}

/** Whether no organ of it was drawn or edited by anybody. */
function isAutomatic(annotation: AnnotationFile, names: OrganNames): boolean {
  const regions = annotatedRegions(annotation, names);
  const organs = regions.filter(({ segment }) => segment !== null);
  const relevant = organs.length > 0 ? organs : regions;
  return relevant.length > 0 && relevant.every(({ origin }) => origin === 'automatic');
}

/** Edited results carry a later date than the results that they came from. */
function newest(entries: readonly KnownAnnotation[]): KnownAnnotation {
  const moment = ({ annotation }: KnownAnnotation) => {
    // Two files of labels are never compared: they bear no date.
    if (annotation.kind === 'label-file') return annotation.file;
    const { header, file } = annotation;
    const { ContentDate, ContentTime, SeriesDate, SeriesTime, StructureSetDate, StructureSetTime } =
      header.attributes as Record<string, string | undefined>;
    return `${ContentDate ?? StructureSetDate ?? SeriesDate ?? ''} ${ContentTime ?? StructureSetTime ?? SeriesTime ?? ''} ${file}`;
  };
  return entries.reduce((a, b) => (moment(b) > moment(a) ? b : a));
}

/** Attributes that name the reader; in a segmentation the operator is the scanner's. */
const NAMED_IN = {
  segmentation: ['ContentCreatorName'],
  'structure-set': ['OperatorsName', 'ReviewerName'],
};

/** Who drew it, as the object says; null where nobody is named. */
function readerOf(annotation: AnnotationFile): string | null {
  if (annotation.kind === 'label-file') return annotation.reader;
  for (const keyword of NAMED_IN[annotation.kind]) {
    const name = textOf(annotation.header.attributes[keyword]);
    if (!['', SOFTWARE].includes(readerKey(name))) return name;
  }
  return null;
}

/** Stands as Content Creator's Name in results of this software that no reader signed. */
const SOFTWARE = readerKey(SOFTWARE_NAME);
