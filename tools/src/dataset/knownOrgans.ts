import {
  ANATOMY,
  EARS,
  perEar,
  SEGMENTS,
  type EarSide,
  type LabelVolume,
  type Segment,
} from '@inner-ear-hydrops/core';

/**
 * What was annotated in each ear: bit c stands for the structure with code c of `ANATOMY`. The rest is not known to be
 * absent: an unlabelled voxel is background or any structure whose bit is not set. Bit 0 is always set.
 */
export type KnownOrgans = Readonly<Record<EarSide, number>>;

/** Of phantoms, whose every voxel is known: what is not there is known not to be there. */
export const ALL_KNOWN: KnownOrgans = perEar(() => 0b111111);

const BACKGROUND_BIT = 1;

/** What an annotation shows a voxel of. A region that was named and never drawn says nothing. */
export function knownFromLabels({ data }: Pick<LabelVolume, 'data'>): KnownOrgans {
  const shown = new Set(data);
  return perEar((ear) =>
    SEGMENTS.filter((segment) => segment.ear === ear && shown.has(segment.number)).reduce(
      (bits, { organ }) => bits | (1 << ANATOMY[organ]),
      BACKGROUND_BIT
    )
  );
}

export function isKnown(known: KnownOrgans, { ear, organ }: Pick<Segment, 'ear' | 'organ'>) {
  return ((known[ear] >> ANATOMY[organ]) & 1) === 1;
}

/** Whether every organ that is measured was annotated in the ear. */
export function isWholeEar(known: KnownOrgans, ear: EarSide): boolean {
  return SEGMENTS.every((segment) => segment.ear !== ear || isKnown(known, segment));
}

/** An organ of an ear that is neither taught nor judged. */
export interface MissingOrgan extends Pick<Segment, 'ear' | 'organ'> {
  /** Stable, kebab-case. */
  code: 'not-annotated' | 'segment-empty' | 'found-by-program' | 'organ-absent';
  message: string;
}

/** Organs that a phantom does not have: whether a model invents them is judged by the ear. */
export function absentOrgans(anatomy: Uint8Array): MissingOrgan[] {
  const shown = new Set(anatomy);
  return SEGMENTS.filter(
    ({ ear, organ }) => !shown.has(ANATOMY[organ] + EARS[ear].anatomyOffset)
  ).map(({ ear, organ }) => ({
    ...{ ear, organ, code: 'organ-absent' },
    message: 'The phantom has none.',
  }));
}

/** "right cochlea, right vestibule": organs that were not annotated; null where all were. */
export function unknownOrgans(known: KnownOrgans): string | null {
  const unknown = SEGMENTS.filter((segment) => !isKnown(known, segment));
  return unknown.length === 0 ? null : unknown.map(({ label }) => label.toLowerCase()).join(', ');
}
