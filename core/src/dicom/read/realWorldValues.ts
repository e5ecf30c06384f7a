import { RefusedInputError } from '../../types';
import { capital, describeSeries } from '../../volume';
import { functionalGroups } from './functionalGroups';
import {
  imageNameOf,
  itemOf,
  itemsOf,
  oneNumberOf,
  seriesNames,
  stringOf,
  unreadable,
  valuesOf,
  type Dataset,
} from './values';

/** Real world value = stored value × slope + intercept, for the stored values of a range (PS3.3 C.7.6.16.2.11). */
export interface RealWorldMapping {
  slope: number;
  intercept: number;
  /** Stored values that are mapped, ends included; infinite where the item states none. */
  range: { from: number; to: number };
  /** Code value and scheme of the unit, `1 (UCUM)`; empty where none is stated. */
  units: string;
}

const SEQUENCE = 'RealWorldValueMappingSequence';
const NAME = 'Real World Value Mapping Sequence (0040,9096)';

/**
 * The one linear mapping of a frame (0-based), from its functional groups, the shared ones, or the data set; null where
 * there is none. Of several items the one whose range holds every value that Bits Stored allows.
 *
 * @throws RefusedInputError `value-unreadable`; `real-world-values-unsupported` for lookup tables, and for several items
 * of which it cannot be told which one is meant
 */
export function realWorldMapping(dataset: Dataset, frame: number): RealWorldMapping | null {
  const ofFrame = functionalGroups(dataset, SEQUENCE, frame);
  const items = ofFrame.length > 0 ? ofFrame : itemsOf(dataset, SEQUENCE);
  if (items.length === 0) return null;
  const tables = items.filter((item) => valuesOf(item, 'RealWorldValueLUTData').length > 0).length;
  const linear = items.flatMap((item) => linearMapping(item, dataset) ?? []);
  const [only] = linear;
  if (only && items.length === 1) return only;
  const whole = different(linear.filter(({ range }) => holdsAll(range, dataset)));
  const [mapping] = whole;
  if (mapping && whole.length === 1) return mapping;
  const why =
    tables === items.length
      ? `holds ${tables === 1 ? 'a lookup table' : 'lookup tables'}, Real World Value LUT Data (0040,9212)`
      : items.length === 1
        ? 'holds no slope and intercept (0040,9225, 0040,9224)'
        : `holds ${items.length} mappings, and it cannot be told which one is meant`;
  throw unsupported(dataset, why);
}

/** @throws RefusedInputError `real-world-values-unsupported` where stored values lie outside the range */
export function requireMapped(
  stored: ArrayLike<number>,
  { range }: RealWorldMapping,
  isPadding: (value: number) => boolean,
  dataset: Dataset
): void {
  if (range.from === -Infinity && range.to === Infinity) return;
  for (let n = 0; n < stored.length; n++) {
    const value = stored[n]!;
    if ((value >= range.from && value <= range.to) || isPadding(value)) continue;
    throw unsupported(
      dataset,
      `maps stored values from ${range.from} to ${range.to}, but the pixels hold ${value}`
    );
  }
}

function linearMapping(item: Dataset, dataset: Dataset): RealWorldMapping | null {
  const slope = oneNumberOf(item, 'RealWorldValueSlope', dataset);
  const intercept = oneNumberOf(item, 'RealWorldValueIntercept', dataset);
  if (slope === null || intercept === null) return null;
  if (slope === 0) throw unreadable(item, 'RealWorldValueSlope', dataset, 'a slope other than 0');
  const unit = itemOf(item, 'MeasurementUnitsCodeSequence', dataset);
  const [code, scheme] = [stringOf(unit, 'CodeValue'), stringOf(unit, 'CodingSchemeDesignator')];
  return { slope, intercept, range: rangeOf(item, dataset), units: code && `${code} (${scheme})` };
}

function rangeOf(item: Dataset, dataset: Dataset): RealWorldMapping['range'] {
  const end = (kind: 'First' | 'Last'): number | null => {
    const wide = oneNumberOf(item, `DoubleFloatRealWorldValue${kind}ValueMapped`, dataset);
    const value = wide ?? oneNumberOf(item, `RealWorldValue${kind}ValueMapped`, dataset);
    // An item does not repeat Pixel Representation: without a VR its ends are read as unsigned.
    return value !== null && isSigned(dataset) && value > 0x7fff && wide === null
      ? value - 0x10000
      : value;
  };
  const [first, last] = [end('First'), end('Last')];
  return { from: first ?? -Infinity, to: last ?? Infinity };
}

function holdsAll({ from, to }: RealWorldMapping['range'], dataset: Dataset): boolean {
  const bits = oneNumberOf(dataset, 'BitsStored') ?? 16;
  const lowest = isSigned(dataset) ? -(2 ** (bits - 1)) : 0;
  return from <= lowest && to >= lowest + 2 ** bits - 1;
}

function isSigned(dataset: Dataset): boolean {
  return oneNumberOf(dataset, 'PixelRepresentation') === 1;
}

function different(mappings: RealWorldMapping[]): RealWorldMapping[] {
  const known = new Map(
    mappings.map((mapping) => [
      JSON.stringify([mapping.slope, mapping.intercept, mapping.units]),
      mapping,
    ])
  );
  return [...known.values()];
}

function unsupported(dataset: Dataset, why: string): RefusedInputError {
  return new RefusedInputError(
    'real-world-values-unsupported',
    `${capital(describeSeries(seriesNames(dataset)))}: ${imageNameOf(dataset)} has no Rescale Slope (0028,1053), and its ${NAME} ${why}.`,
    'Export the series with Rescale Slope and Intercept (0028,1053 and 0028,1052).',
    {
      series: stringOf(dataset, 'SeriesInstanceUID'),
      sopInstanceUid: stringOf(dataset, 'SOPInstanceUID'),
    }
  );
}
