import type { NaturalizedDataset } from 'dcmjs';
import { METHODS } from '../../registry/methods';
import type { MaskOrigin } from '../../types';
import { CODES } from '../encode/codes';
import { SOFTWARE_NAME, SOFTWARE_VERSION, modelText } from '../encode/modules';
import { codeContent, textContent } from './contentItems';
import type { MeasurementReportInput } from './reportInput';
import { REPORT_CODES as R } from './reportCodes';

const REGION: Record<MaskOrigin, string> = {
  automatic: 'region automatic',
  edited: 'region edited by the reader',
  drawn: 'region drawn by the reader',
};

/** TID 4019: software and model, the threshold, and the series that the numbers come from. */
export function algorithm(input: MeasurementReportInput, mask: MaskOrigin): NaturalizedDataset[] {
  const { measurement, backend, mrc, ppi, pei } = input;
  const { model, method } = measurement;
  const parameters = [
    modelText(model),
    `endolymph: ${METHODS[method].formula}`,
    `MRC ${mrc.header.seriesInstanceUid}`,
    `PPI ${ppi.header.seriesInstanceUid}`,
    ...(pei ? [`PEI ${pei.header.seriesInstanceUid}`] : []),
    ...(backend ? [`backend ${backend}`] : []),
    REGION[mask],
  ];
  return [
    textContent('HAS CONCEPT MOD', R.algorithmName, model?.name ?? SOFTWARE_NAME),
    textContent('HAS CONCEPT MOD', R.algorithmVersion, model?.version ?? SOFTWARE_VERSION),
    ...parameters.map((text) => textContent('HAS CONCEPT MOD', R.algorithmParameters, text)),
    codeContent('HAS CONCEPT MOD', R.algorithmFamily, CODES.artificialIntelligence),
    textContent('HAS CONCEPT MOD', R.algorithmManufacturer, SOFTWARE_NAME),
  ];
}
