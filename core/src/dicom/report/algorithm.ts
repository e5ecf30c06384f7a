import type { NaturalizedDataset } from 'dcmjs';
import { METHODS } from '../../registry/methods';
import { CODES } from '../encode/codes';
import { SOFTWARE_NAME, SOFTWARE_VERSION, modelText } from '../encode/modules';
import { codeContent, textContent } from './contentItems';
import type { MeasurementReportInput } from './reportInput';
import { REPORT_CODES as R } from './reportCodes';

/** TID 4019, once for all groups: software and model, the threshold, and the series that the numbers come from. */
export function algorithm(input: MeasurementReportInput): NaturalizedDataset[] {
  const { measurement, backend, mrc, ppi, pei } = input;
  const { model, method } = measurement;
  const parameters = [
    modelText(model),
    `endolymph: ${METHODS[method].formula}`,
    `MRC ${mrc.header.seriesInstanceUid}`,
    `PPI ${ppi.header.seriesInstanceUid}`,
    ...(pei ? [`PEI ${pei.header.seriesInstanceUid}`] : []),
    ...(backend ? [`backend ${backend}`] : []),
  ];
  return [
    textContent('HAS CONCEPT MOD', R.algorithmName, model?.name ?? SOFTWARE_NAME),
    textContent('HAS CONCEPT MOD', R.algorithmVersion, model?.version ?? SOFTWARE_VERSION),
    ...parameters.map((text) => textContent('HAS CONCEPT MOD', R.algorithmParameters, text)),
    codeContent('HAS CONCEPT MOD', R.algorithmFamily, CODES.artificialIntelligence),
    textContent('HAS CONCEPT MOD', R.algorithmManufacturer, SOFTWARE_NAME),
  ];
}
