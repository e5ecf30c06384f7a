import type { NaturalizedDataset } from 'dcmjs';
import type { Vector3 } from '../../types';
import { EAR_SIDES, METHODS, ROLE_KEYS } from '../../registry';
import { describeSeries } from '../../volume';
import { codeContent, textContent } from './contentItems';
import type { MeasurementReportInput } from './reportInput';
import { CHOICE_CODES, CHOSEN_BY_CODES, REPORT_CODES as R } from './reportCodes';

const NO_SERIES = 'none';
const SERIES_UID = 'Series Instance UID ';
/** LPS. */
const millimetres = (position: Vector3): string => `${position.join(', ')} mm (LPS)`;

/** What the text of a choice's item names as the software's series: null for none; undefined where it names none. */
export function readAutomaticSeries(detail: string): string | null | undefined {
  if (detail === NO_SERIES) return null;
  return detail.startsWith(SERIES_UID) ? detail.slice(SERIES_UID.length) : undefined;
}

/** A position as an item's text states it; null where it states none. */
export function readPosition(detail: string): Vector3 | null {
  const found = /^(\S+), (\S+), (\S+) mm \(LPS\)$/.exec(detail);
  const position = found?.slice(1).map(Number) ?? [];
  return position.length === 3 && position.every(Number.isFinite) ? (position as Vector3) : null;
}

/** Who chose method, roles and ear positions: one coded item each, also for automatic choices, with what was chosen. */
export function choiceItems({
  measurement,
  ...series
}: MeasurementReportInput): NaturalizedDataset[] {
  const { method, roles, ears, automatic } = measurement.choices;
  const item = (
    name: keyof typeof CHOICE_CODES,
    chosenBy: keyof typeof CHOSEN_BY_CODES,
    detail: string | null,
    before?: string
  ): NaturalizedDataset =>
    codeContent('CONTAINS', CHOICE_CODES[name], CHOSEN_BY_CODES[chosenBy], [
      ...(detail === null ? [] : [textContent('HAS PROPERTIES', R.choiceDetail, detail)]),
      ...(before === undefined ? [] : [textContent('HAS PROPERTIES', R.choiceAutomatic, before)]),
    ]);
  return [
    item('method', method, METHODS[measurement.method].label),
    ...ROLE_KEYS.map((role) => {
      const of = series[role];
      const before = automatic?.series[role];
      return item(
        role,
        roles[role],
        of ? describeSeries(of.header) : NO_SERIES,
        before === null ? NO_SERIES : before && `${SERIES_UID}${before}`
      );
    }),
    ...EAR_SIDES.map((ear) => {
      const [position, before] = [measurement.earPositions?.[ear], automatic?.ears[ear]];
      return item(
        ear,
        ears[ear],
        position ? millimetres(position) : null,
        before && millimetres(before)
      );
    }),
  ];
}
