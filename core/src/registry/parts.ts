import { METHODS, type Method } from './methods';

/** What is known of a part of a result that is stored. */
export interface PartEntry {
  label: string;
  /** What it holds, for the reader who chooses; null for a derived image, which the method describes. */
  description: string | null;
  /** Which of the method's images it is; null for what is no derived image. */
  image: 'hydrops' | 'mi2' | null;
  /** Series Number (0020,0011). */
  seriesNumber: number;
  /** Place in a list for people, by importance to the reader. */
  rank: number;
  /** Parts that it refers to: without them it is not stored. */
  needs: readonly string[];
  /** Whether it has a place in space, which needs MRC's Frame of Reference UID. */
  placed: boolean;
  /** Whether Save stores it where nobody has chosen. */
  byDefault: boolean;
}

/**
 * What a result is stored as, in the order of storing: what is referred to comes first, and the numbers, which are
 * small, before the long series: where the connection breaks, the result is there.
 */
export const PARTS = {
  segmentation: {
    label: 'Segmentation',
    description: 'labels, endolymph and all that Restore needs (DICOM SEG)',
    image: null,
    seriesNumber: 9200,
    rank: 1,
    needs: [],
    placed: true,
    byDefault: true,
  },
  report: {
    label: 'Report',
    description: 'numbers, warnings and findings (DICOM SR)',
    image: null,
    seriesNumber: 9300,
    rank: 2,
    needs: ['segmentation'],
    placed: true,
    byDefault: true,
  },
  summary: {
    label: 'Summary image',
    description: 'one picture with table and outlines, for workstations without SEG and SR',
    image: null,
    seriesNumber: 9400,
    rank: 5,
    needs: [],
    placed: false,
    byDefault: false,
  },
  hydrops: {
    label: 'HYDROPS',
    description: null,
    image: 'hydrops',
    seriesNumber: 9101,
    rank: 3,
    needs: [],
    placed: true,
    byDefault: true,
  },
  'hydrops-mi2': {
    label: 'HYDROPS-Mi2',
    description: null,
    image: 'mi2',
    seriesNumber: 9102,
    rank: 4,
    needs: [],
    placed: true,
    byDefault: true,
  },
  'parametric-map': {
    label: 'HYDROPS-Mi2 map',
    description: 'its unrounded values, for quantitative workstations (DICOM Parametric Map)',
    image: null,
    seriesNumber: 9103,
    rank: 6,
    needs: [],
    placed: true,
    byDefault: false,
  },
} as const satisfies Record<string, PartEntry>;

export type ResultPart = keyof typeof PARTS;

/** A derived image: HYDROPS, or HYDROPS weighted by MRC. */
export type DerivedPart = {
  [Part in ResultPart]: (typeof PARTS)[Part]['image'] extends null ? never : Part;
}[ResultPart];

/** In the order of storing. */
export const RESULT_PARTS = Object.keys(PARTS) as readonly ResultPart[];

/** In the order in which people are shown them. */
export const LISTED_PARTS: readonly ResultPart[] = [...RESULT_PARTS].sort(
  (a, b) => PARTS[a].rank - PARTS[b].rank
);

export function isResultPart(value: unknown): value is ResultPart {
  return typeof value === 'string' && Object.hasOwn(PARTS, value);
}

export function isDerivedPart(value: unknown): value is DerivedPart {
  return isResultPart(value) && PARTS[value].image !== null;
}

/** What a part holds under a method: "PPI − PEI, as MR images". */
export function describePart(part: ResultPart, method: Method): string {
  const { description, image }: PartEntry = PARTS[part];
  return description ?? (image ? `${METHODS[method][image]}, as MR images` : '');
}

/** A value for each part. */
export function perPart<T>(value: (part: ResultPart) => T): Record<ResultPart, T> {
  return Object.fromEntries(RESULT_PARTS.map((part) => [part, value(part)])) as Record<
    ResultPart,
    T
  >;
}
