import type { NaturalizedDataset } from 'dcmjs';
import { METHODS } from '../../registry/methods';
import { describeSeries } from '../../volume';
import { codeContent, textContent } from './contentItems';
import type { MeasurementReportInput } from './reportInput';
import { CHOICE_CODES, CHOSEN_BY_CODES, REPORT_CODES as R } from './reportCodes';

/** Who chose method, roles and ear positions: one coded item each, automatic ones too, with what was chosen. */
export function choiceItems({
  measurement,
  mrc,
  ppi,
  pei,
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
    item('mrc', roles.mrc, describeSeries(mrc.header)),
    item('ppi', roles.ppi, describeSeries(ppi.header)),
    item('pei', roles.pei, pei ? describeSeries(pei.header) : 'none'),
    item('left', ears.left, null),
    item('right', ears.right, null),
  ];
}
