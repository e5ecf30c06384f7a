import type { SeriesHeader } from '../../types';
import { refuseSeries } from '../../volume';
import { numberOrNull, stringOf } from './values';

/** Parts of a multi-frame object that is stored in several instances (PS3.3 C.7.6.16.2.2.4). */
interface Parts {
  /** In-concatenation Number (0020,9162). */
  numbers: ReadonlySet<number>;
  /** In-concatenation Total Number (0020,9163), where one states it. */
  total: number | null;
}

/** By Concatenation UID (0020,9161). */
export type ConcatenationTally = ReadonlyMap<string, Parts>;

/** The tally with one more instance of the series. */
export function withPart(
  tally: ConcatenationTally,
  { attributes }: SeriesHeader
): ConcatenationTally {
  const uid = stringOf(attributes, 'ConcatenationUID');
  const number = numberOrNull(attributes, 'InConcatenationNumber');
  if (uid === '' || number === null) return tally;
  const known = tally.get(uid);
  const stated = numberOrNull(attributes, 'InConcatenationTotalNumber');
  const parts = {
    numbers: new Set([...(known?.numbers ?? []), number]),
    total: Math.max(known?.total ?? 0, stated ?? 0) || null,
  };
  return new Map([...tally, [uid, parts]]);
}

/** @throws RefusedInputError `concatenation-incomplete` */
export function requireAllParts(header: SeriesHeader, tally: ConcatenationTally): void {
  for (const { numbers, total } of tally.values()) {
    const last = total ?? Math.max(...numbers);
    const missing = Array.from({ length: last }, (_, n) => n + 1).filter((n) => !numbers.has(n));
    if (missing.length === 0) continue;
    const names = new Intl.ListFormat('en').format(missing.map(String));
    throw refuseSeries(
      'concatenation-incomplete',
      header,
      `it is stored in ${total ?? `at least ${last}`} parts (In-concatenation Total Number (0020,9163)), and ` +
        `${missing.length === 1 ? 'part' : 'parts'} ${names} (In-concatenation Number (0020,9162)) ` +
        `${missing.length === 1 ? 'is' : 'are'} missing.`,
      'Send the missing parts too.',
      { parts: last, missing: missing.join(',') }
    );
  }
}
