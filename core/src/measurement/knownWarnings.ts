import type { EarSide, Organ, Warning } from '../types';
import { isOfSource, ORGAN_KEYS } from '../registry';

/**
 * The warnings of a measurement with those that were known before and that it does not find by itself. One that is
 * found again stands once, as it reads now. One that says how the region was obtained always holds; another of an ear or
 * organ as long as its region is what it was.
 */
export function withKnownWarnings(
  found: readonly Warning[],
  known: readonly Warning[],
  isUnchanged: (ear: EarSide, organ: Organ) => boolean
): Warning[] {
  const keys = new Set(found.map(keyOf));
  const kept = known.filter(
    (warning) =>
      !keys.has(keyOf(warning)) &&
      (isOfSource(warning.code) ||
        partsOf(warning).every(({ ear, organ }) => isUnchanged(ear, organ)))
  );
  return [...kept, ...found];
}

/** JSON has no infinity and no NaN: the former is written as a word, the latter is no value. */
export function withFiniteValues(warning: Warning): Warning {
  const values = Object.entries(warning.values ?? {});
  if (values.every(([, value]) => typeof value === 'string' || Number.isFinite(value)))
    return warning;
  const kept = values.flatMap(([name, value]): [string, number | string][] => {
    if (Number.isNaN(value)) return [];
    return [[name, value === Infinity ? 'infinite' : value === -Infinity ? '-infinite' : value]];
  });
  return { ...warning, values: Object.fromEntries(kept) };
}

/** The regions that a warning speaks of. */
function partsOf({ ear, organ }: Warning): { ear: EarSide; organ: Organ }[] {
  if (!ear) return [];
  return (organ ? [organ] : ORGAN_KEYS).map((key) => ({ ear, organ: key }));
}

const keyOf = ({ code, ear, organ }: Warning): string => `${code} ${ear} ${organ ?? null}`;
