import { COCHLEA_BIT, earInSet, VESTIBULE_BIT, type AnnotatedEar } from './annotationSets';
import type { AnnotationSet } from './plans';

const BOTH = COCHLEA_BIT | VESTIBULE_BIT | 1;

function ear(changes: Partial<AnnotatedEar>): AnnotatedEar {
  return {
    size: [8, 8, 8],
    values: new Float32Array(512),
    classes: new Uint8Array(512),
    center: [4, 4, 4],
    slices: [0, 7],
    mainSlices: [2, 5],
    known: BOTH,
    knownOn: null,
    annotated: null,
    patient: 'p',
    kind: 'volume',
    chosen: [
      { slice: 3, known: BOTH, main: COCHLEA_BIT },
      { slice: 5, known: BOTH, main: VESTIBULE_BIT },
    ],
    countsAsFull: true,
    ...changes,
  };
}

const known = (given: AnnotatedEar, set: AnnotationSet) =>
  earInSet(given, set)?.annotated?.map((entry) => [entry.slice, entry.known]) ?? null;

describe('the annotation sets of the paper', () => {
  const full = ear({});
  const selective = ear({ countsAsFull: false });

  it('SA takes the organ of interest alone, of selectively annotated ears only', () => {
    expect(known(full, 'SA')).toBeNull();
    expect(known(selective, 'SA')).toEqual([
      [3, COCHLEA_BIT | 1],
      [5, VESTIBULE_BIT | 1],
    ]);
  });

  it('FA takes both organs of fully annotated ears only', () => {
    expect(known(selective, 'FA')).toBeNull();
    expect(known(full, 'FA')).toEqual([
      [3, BOTH],
      [5, BOTH],
    ]);
  });

  it('FASA takes either as it is, FA′SA the organ of interest of both', () => {
    expect(known(full, 'FASA')).toEqual(known(full, 'FA'));
    expect(known(selective, 'FASA')).toEqual(known(selective, 'SA'));
    expect(known(full, "FA'SA")).toEqual(known(selective, 'SA'));
    expect(known(full, "FA'")).toEqual(known(selective, 'SA'));
    expect(known(selective, "FA'")).toBeNull();
  });

  it('a reader’s slices stay what they are, and a whole stack is whole where no set is asked for', () => {
    const marked = ear({
      kind: 'selective',
      chosen: [{ slice: 2, known: COCHLEA_BIT | 1, main: COCHLEA_BIT }],
    });
    expect(known(marked, 'all')).toEqual([[2, COCHLEA_BIT | 1]]);
    expect(known(marked, 'FA')).toBeNull();
    expect(earInSet(full, 'all')).toBe(full);
  });
});
