import type { PreparedStudy } from '../study';
import type { AutomaticRatios, EarSide, LabelVolume, Measurement, Organ } from '../types';
import { SEGMENTS } from '../types';
import { countEndolymph } from './countEndolymph';
import { organsOf, type MaskOrigins } from './maskOrigin';
import { measureSlices } from './slices';

/** By ear and organ; of organs whose region was edited before. */
export type RatiosOfOrgans = Partial<Record<EarSide, Partial<Record<Organ, AutomaticRatios>>>>;

export interface RegionsBefore {
  /** The labels before any edit: the network's own, or those of a stored result. */
  automatic?: LabelVolume;
  /** Origin of `automatic`, where it is a stored result that had been edited. */
  origins?: MaskOrigins;
  /** What the network's regions gave, where `automatic` does not hold them any more. */
  automaticRatios?: RatiosOfOrgans;
}

/**
 * What the region of an organ gave as the network made it, on the slice of the rules and over the stack; null where
 * that is not known: of a stored result that was edited, only what was stored with it.
 *
 * @param slice k that the rules choose for the organ
 */
export function automaticRatiosOf(
  prepared: PreparedStudy,
  { automatic, origins, automaticRatios }: RegionsBefore,
  { ear, organ }: { ear: EarSide; organ: Organ },
  slice: number | null
): AutomaticRatios | null {
  if ((origins?.[ear]?.[organ] ?? 'automatic') !== 'automatic') {
    return automaticRatios?.[ear]?.[organ] ?? null;
  }
  const before =
    automatic && organsOf(automatic).find((region) => region.ear === ear && region.organ === organ);
  if (!before) return null;
  const onSlice = measureSlices(prepared, before, null, null).find(({ k }) => k === slice);
  return {
    areaRatio: onSlice?.measured.ratio ?? null,
    volumeRatio: countEndolymph(prepared, before.indices, null).ratio,
  };
}

/** Those that a stored measurement holds. */
export function storedRatios(measurement: Measurement | null): RatiosOfOrgans {
  const ratios: RatiosOfOrgans = {};
  for (const { ear, organ } of SEGMENTS) {
    const stored = measurement?.ears[ear]?.[organ]?.automatic;
    if (stored) ratios[ear] = { ...ratios[ear], [organ]: stored };
  }
  return ratios;
}
