import type { NaturalizedDataset } from 'dcmjs';
import { EAR_SIDES, METHODS, ROLE_KEYS } from '../../registry';
import { describeSeries } from '../../volume';
import { codeContent, textContent } from './contentItems';
import type { MeasurementReportInput } from './reportInput';
import { CHOICE_CODES, CHOSEN_BY_CODES, REPORT_CODES as R } from './reportCodes';

/** Who chose method, roles and ear positions: one coded item each, also for automatic choices, with what was chosen. */
export function choiceItems({
  measurement,
  ...series
}: MeasurementReportInput): NaturalizedDataset[] {
  const { method, roles, ears } = measurement.choices;
  const item = (
    name: keyof typeof CHOICE_CODES,
    chosenBy: keyof typeof CHOSEN_BY_CODES,
    detail: string | null
  ): NaturalizedDataset =>
    codeContent(
      'CONTAINS',
      CHOICE_CODES[name],
      CHOSEN_BY_CODES[chosenBy],
      detail === null ? [] : [textContent('HAS PROPERTIES', R.choiceDetail, detail)]
    );
  return [
    item('method', method, METHODS[measurement.method].label),
    ...ROLE_KEYS.map((role) => {
      const of = series[role];
      return item(role, roles[role], of ? describeSeries(of.header) : 'none');
    }),
    ...EAR_SIDES.map((ear) => item(ear, ears[ear], null)),
  ];
}
