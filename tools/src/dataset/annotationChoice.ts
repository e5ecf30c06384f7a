import path from 'node:path';
import { SOFTWARE_NAME } from '@inner-ear-hydrops/core/dicom';
import { annotatedRegions } from './annotatedRegions';
import { textOf, type AnnotationFile } from './dicomIndex';
import type { OrganNames } from './organNames';

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

export interface AnnotationChoice {
  chosen: AnnotationFile | null;
  /** What was used and what was left out, and why; null where there was nothing to choose. */
  note: string | null;
  /** Why nobody but the user can choose. */
  problem: { code: string; message: string } | null;
}

/**
 * Drawn and edited annotations come before what a program found, whichever was stored last: an unedited result would be
 * compared with itself, and taught to itself. Of one reader the latest is used. Annotations of several readers are never
 * mixed and never ranked by date: the user names the reader.
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
  const ofReaders = known.filter((entry) => !entry.isAutomatic);
  const named = new Map(
    ofReaders.flatMap(({ reader }) => (reader ? [[nameKey(reader), reader] as const] : []))
  );
  if (policy.readers.length === 0 && named.size > 1) {
    const list = [...named.values()].map((name) => `"${name}"`).join(', ');
    return {
      chosen: null,
      note: null,
      problem: {
        code: 'several-readers',
        message: `It was annotated by ${list}. Say whose annotation is used with --reader; several names are tried in turn.`,
      },
    };
  }
  const candidates =
    policy.readers.length === 0
      ? ofReaders
      : (policy.readers
          .map((name) => ofReaders.filter(({ reader }) => reader && isSame(reader, name)))
          .find((own) => own.length > 0) ?? []);
  const automatic = policy.acceptAutomatic ? known.filter((entry) => entry.isAutomatic) : [];
  // What a program found stands in for nobody's drawing, also not where --reader passes over it.
  const usable = ofReaders.length > 0 ? candidates : automatic;
  const chosen = usable.length > 0 ? newest(usable.map(({ annotation }) => annotation)) : null;
  const others = known.filter(({ annotation }) => annotation !== chosen);
  const why = ({ reader, isAutomatic, annotation }: (typeof known)[number]): string => {
    const name = path.basename(annotation.file);
    if (isAutomatic && !policy.acceptAutomatic)
      return `${name}, found by a program and not edited (--accept-automatic uses it)`;
    if (isAutomatic) return `${name}, found by a program`;
    const used = chosen && readerOf(chosen);
    if (policy.readers.length > 0 && !(used && reader && isSame(reader, used)))
      return `${name}, by ${reader ? `"${reader}"` : 'a reader without a name'} (--reader)`;
    return `${name}, older`;
  };
  const left = others.map(why).join('; ');
  return {
    chosen,
    problem: null,
    note: chosen
      ? others.length > 0
        ? `${annotations.length} annotations; used is ${path.basename(chosen.file)}${byWhom(readerOf(chosen))}. Left out: ${left}.`
        : null
      : `The study is left out, for none of its annotations can be used: ${left}.`,
  };
}

const byWhom = (reader: string | null): string => (reader ? ` by "${reader}"` : '');

/** Whether no organ of it was drawn or edited by anybody. */
function isAutomatic(annotation: AnnotationFile, names: OrganNames): boolean {
  const regions = annotatedRegions(annotation, names);
  const organs = regions.filter(({ segment }) => segment !== null);
  const relevant = organs.length > 0 ? organs : regions;
  return relevant.length > 0 && relevant.every(({ origin }) => origin === 'automatic');
}

/** Edited results carry a later date than the results that they came from. */
function newest(annotations: AnnotationFile[]): AnnotationFile {
  const moment = ({ header, file }: AnnotationFile) => {
    const { ContentDate, ContentTime, SeriesDate, SeriesTime, StructureSetDate, StructureSetTime } =
      header.attributes as Record<string, string | undefined>;
    return `${ContentDate ?? StructureSetDate ?? SeriesDate ?? ''} ${ContentTime ?? StructureSetTime ?? SeriesTime ?? ''} ${file}`;
  };
  return annotations.reduce((a, b) => (moment(b) > moment(a) ? b : a));
}

/** Attributes that name the reader; in a segmentation the operator is the scanner's. */
const NAMED_IN = { SEG: ['ContentCreatorName'], RTSTRUCT: ['OperatorsName', 'ReviewerName'] };

/** Who drew it, as the object says; null where nobody is named. */
function readerOf({ header: { modality, attributes } }: AnnotationFile): string | null {
  for (const keyword of NAMED_IN[modality === 'SEG' ? 'SEG' : 'RTSTRUCT']) {
    const name = textOf(attributes[keyword]);
    if (name && nameKey(name) !== SOFTWARE) return name;
  }
  return null;
}

/** Stands as Content Creator's Name in results of this software that no reader signed. */
const SOFTWARE = nameKey(SOFTWARE_NAME);

/** "Kim^Minsu", "Kim Minsu" and "minsu kim" are one person. */
function nameKey(name: string): string {
  const words = name
    .normalize('NFC')
    .toLowerCase()
    .split(/[\s^,=]+/);
  return words.filter(Boolean).sort().join(' ');
}

const isSame = (a: string, b: string): boolean => nameKey(a) === nameKey(b);
