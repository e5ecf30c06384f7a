import {
  ANATOMY,
  EAR_SIDES,
  EARS,
  measure,
  ORGAN_KEYS,
  SEGMENTS,
  sliceOfImage,
  type EarSide,
  type LabelVolume,
  type Organ,
  type PreparedStudy,
} from '@inner-ear-hydrops/core';

/** EH ratios of an organ in one region, 0–1. */
export interface OrganRatios {
  /** Of the whole region. */
  volume: number;
  /** On the slice that the rules choose for this region; null without one. */
  area: number | null;
  /** On each slice k that shows the organ. */
  slices: ReadonlyMap<number, number>;
}

/** By ear and organ, see `ratioKey`. */
export type Ratios = ReadonlyMap<string, OrganRatios>;

export const ratioKey = (ear: EarSide, organ: Organ): string => `${ear} ${organ}`;

/**
 * As the viewer and `hydrops compute` measure, by the same code.
 * @param anatomy on MRC's grid
 */
export function ratiosOf(prepared: PreparedStudy, anatomy: Uint8Array): Ratios {
  const { size, spacing, origin, direction } = prepared.mrc;
  const labels: LabelVolume = {
    size,
    spacing,
    origin,
    direction,
    data: segmentNumbers(anatomy),
    segments: [...SEGMENTS],
  };
  const { ears } = measure({ prepared, labels, anatomy, model: null });
  const ratios = new Map<string, OrganRatios>();
  for (const ear of EAR_SIDES) {
    for (const organ of ORGAN_KEYS) {
      const values = ears[ear]?.[organ];
      if (!values) continue;
      ratios.set(ratioKey(ear, organ), {
        volume: values.volume.ratio,
        area: values.area?.ratio ?? null,
        slices: new Map(
          values.slices.map(({ image, ratio }) => [sliceOfImage(prepared.images, image), ratio])
        ),
      });
    }
  }
  return ratios;
}

function segmentNumbers(anatomy: Uint8Array): Uint8Array {
  const table = new Uint8Array(256);
  SEGMENTS.forEach(({ ear, organ, number }) => {
    const code = ANATOMY[organ];
    table[code + EARS[ear].anatomyOffset] = number;
  });
  return anatomy.map((code) => table[code]!);
}
