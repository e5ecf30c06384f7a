import { annotatedRegions, namesOfLabel } from './annotatedRegions';
import type { AnnotationPolicy } from './annotationChoice';
import type { DicomIndex } from './dicomIndex';
import { organNamed } from './organNames';
import { readerKey } from './readerNames';

/**
 * What is to be known of the choice over all studies: whose annotations are mixed, and names of `--names` that no segment
 * has.
 * @param readers who drew the annotation that is used, of each study; null where nobody is named
 */
export function policyNotes(
  index: DicomIndex,
  policy: AnnotationPolicy,
  readers: readonly (string | null)[]
): string[] {
  return [...mixedReaders(readers), ...unusedNames(index, policy)];
}

function mixedReaders(readers: readonly (string | null)[]): string[] {
  const counts = new Map<string, { name: string; studies: number }>();
  for (const reader of readers) {
    const key = reader === null ? '' : readerKey(reader);
    const name = reader === null ? 'readers without a name' : `"${reader}"`;
    const entry = counts.get(key) ?? { name, studies: 0 };
    counts.set(key, { ...entry, studies: entry.studies + 1 });
  }
  if (counts.size < 2) return [];
  const list = [...counts.values()].map(({ name, studies }) => `${studies} by ${name}`);
  return [
    `The annotations are of several readers: ${list.join(', ')}. --reader takes those of some.`,
  ];
}

/** A slip of the pen in `--names` leaves a segment unknown. */
function unusedNames({ studies }: DicomIndex, { names }: AnnotationPolicy): string[] {
  const all = [...studies.values()];
  const labels = all
    .flatMap(({ segmentations, structureSets }) => [...segmentations, ...structureSets])
    .flatMap((object) => annotatedRegions(object, new Map()).map(({ name }) => name))
    .concat(
      all
        .flatMap(({ labelFiles }) => labelFiles)
        .flatMap(({ labels: own }) => own.flatMap(namesOfLabel))
    );
  return [...names]
    .filter((entry) => labels.every((label) => organNamed(new Map([entry]), label) === undefined))
    .map(([name]) => `--names speaks of "${name}", and no segment has that name.`);
}
