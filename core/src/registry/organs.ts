import { own, sct, type Code } from './codes';
import type { Rgb } from './colors';
import { EARS, EAR_SIDES, type EarSide } from './ears';
import type { Output } from './warnings';

/** An organ of one ear in a label volume. */
export interface OrganSegment {
  /** Value in `LabelVolume.data`. Stored objects rely on it: it never moves and is never used again. */
  number: number;
  /** Number of the organ's endolymph among the stored segments; as fixed, and shared with no organ. */
  endolymph: number;
  /** Colour of the outline on dark images; distinguishable with any colour vision (`colorVision.test.ts`). */
  color: Rgb;
  /** Short forms that name organ and side at once in other software: "LC". */
  shortForms: readonly string[];
}

/** What is known of an organ that is measured. Its key is a key of `ANATOMY`, too. */
export interface OrganEntry {
  /** For a sentence: "cochlea". */
  label: string;
  code: Code;
  /** Of the endolymphatic space in it. */
  endolymphCode: Code;
  /** Codes of other terminologies that other software writes; read, not written. */
  otherCodes: readonly { scheme: 'FMA' | 'TA2' | 'TA98'; value: string }[];
  /** Words of a stored segment's label that name the organ; of scripts without spaces also within a longer word. */
  words: readonly string[];
  /** Fluid volume of an adult organ with room for partial volume, mm³; outside it a warning is given. */
  expectedVolume: readonly [least: number, most: number];
  /** What the network may find of it in an ear, from one cut by the edge of the image to the largest, mm³; else it saw no ear. */
  plausibleVolume: readonly [least: number, most: number];
  /**
   * The shortest way through a whole one, in whatever direction, mm: the height of a cochlea is 3.3–5.1 mm, a vestibule
   * has some 5 × 5 × 3 mm (literature).
   */
  leastExtent: number;
  /** From the middle of its region, mm: what lies farther is none of it. The network's own regions keep to that. */
  reach: number;
  /** What is derived for it: a grade only where a scheme grades the organ. */
  outputs: readonly Output[];
  /** Colour of lines and points on white paper. */
  chartColor: string;
  /** Shape of its points there, so that they are told apart without colours. */
  chartSymbol: 'circle' | 'triangle' | 'rect' | 'diamond';
  segments: Record<EarSide, OrganSegment>;
}

/**
 * The organs that are measured, in the order in which they are shown. Only the cochlea has a confirmed SNOMED
 * code: those of the vestibule and of the endolymphatic spaces are our own. FMA, TA2 and TA98: as Wikipedia's articles
 * on the two organs give them. Volumes: one real ear with a cochlea
 * of 74–89 and a vestibule of 64–65 mm³, and dimensions from the literature.
 */
const ENTRIES = {
  cochlea: {
    label: 'cochlea',
    code: sct('80169004', 'Cochlear structure'),
    endolymphCode: own('ENDO-COCHLEA', 'Endolymphatic space of cochlea'),
    otherCodes: [
      { scheme: 'FMA', value: '60201' },
      { scheme: 'TA2', value: '6964' },
      { scheme: 'TA98', value: 'A15.3.03.025' },
    ],
    words: [
      ...['cochlea', 'cochlear', 'cochleae', 'cochlée', 'coch', 'schnecke', 'cóclea', 'coclea'],
      ...['달팽이관', '와우', '蝸牛', '耳蝸', '耳蜗'],
    ],
    expectedVolume: [40, 130],
    plausibleVolume: [15, 220],
    leastExtent: 3.3,
    reach: 7,
    outputs: ['ratio', 'mixture'],
    chartColor: '#d97706',
    chartSymbol: 'circle',
    segments: {
      left: { number: 1, endolymph: 5, color: [255, 214, 61], shortForms: ['lc'] },
      right: { number: 3, endolymph: 7, color: [255, 96, 72], shortForms: ['rc'] },
    },
  },
  vestibule: {
    label: 'vestibule',
    code: own('VESTIBULE', 'Vestibule of inner ear'),
    endolymphCode: own('ENDO-VESTIBULE', 'Endolymphatic space of vestibule'),
    otherCodes: [
      { scheme: 'FMA', value: '60183' },
      { scheme: 'TA2', value: '6942' },
      { scheme: 'TA98', value: 'A15.3.03.004' },
    ],
    words: [
      ...['vestibule', 'vestibular', 'vestibulum', 'vestibuli', 'vest', 'vestib', 'vestíbulo'],
      ...['vestibulo', 'vestibolo', '전정', '前庭'],
    ],
    expectedVolume: [30, 110],
    plausibleVolume: [10, 190],
    leastExtent: 3,
    reach: 5,
    outputs: ['ratio', 'mixture', 'grade'],
    chartColor: '#2563eb',
    chartSymbol: 'triangle',
    segments: {
      left: { number: 2, endolymph: 6, color: [64, 145, 255], shortForms: ['lv'] },
      right: { number: 4, endolymph: 8, color: [110, 235, 175], shortForms: ['rv'] },
    },
  },
} satisfies Record<string, OrganEntry>;

export type Organ = keyof typeof ENTRIES;

export const ORGANS: Readonly<Record<Organ, OrganEntry>> = ENTRIES;

/** In the order in which they are shown. */
export const ORGAN_KEYS = Object.keys(ORGANS) as readonly Organ[];

export interface Segment {
  number: number;
  label: string;
  ear: EarSide;
  organ: Organ;
  /** 0–255 RGB. */
  color: Rgb;
}

/** Every organ of every ear, in the order in which they are shown; the number is the value in `LabelVolume.data`. */
export const SEGMENTS: readonly Segment[] = EAR_SIDES.flatMap((ear) =>
  ORGAN_KEYS.map((organ): Segment => {
    const { number, color } = ORGANS[organ].segments[ear];
    return { number, label: `${EARS[ear].label} ${ORGANS[organ].label}`, ear, organ, color };
  })
);

/** Values in `LabelVolume.data` that stand for an organ. */
export const SEGMENT_NUMBERS: ReadonlySet<number> = new Set(SEGMENTS.map(({ number }) => number));

/** "cochlea or vestibule". */
export function organWords(conjunction: 'and' | 'or'): string {
  return new Intl.ListFormat('en-GB', {
    type: conjunction === 'and' ? 'conjunction' : 'disjunction',
  }).format(ORGAN_KEYS.map((organ) => ORGANS[organ].label));
}

export function segmentOf(ear: EarSide, organ: Organ): Segment {
  const found = SEGMENTS.find((segment) => segment.ear === ear && segment.organ === organ);
  if (!found) throw new Error(`The ${ear} ${organ} is not among the organs that are measured.`);
  return found;
}

/** A value for each organ. */
export function perOrgan<T>(value: (organ: Organ) => T): Record<Organ, T> {
  return Object.fromEntries(ORGAN_KEYS.map((organ) => [organ, value(organ)])) as Record<Organ, T>;
}

/** A value for each ear. */
export function perEar<T>(value: (ear: EarSide) => T): Record<EarSide, T> {
  return Object.fromEntries(EAR_SIDES.map((ear) => [ear, value(ear)])) as Record<EarSide, T>;
}

/** Whether a scheme grades the organ. */
export function isGraded(organ: Organ): boolean {
  const { outputs } = ORGANS[organ];
  return outputs.includes('grade');
}

export function isOrgan(value: unknown): value is Organ {
  return typeof value === 'string' && Object.hasOwn(ORGANS, value);
}
