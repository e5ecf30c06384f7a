import { firstItems, summaryCsv } from '@inner-ear-hydrops/core';
import { MEASUREMENT } from '../../test/testState';
import { INITIAL_STATE } from '../state/HydropsState';
import { downloadZip } from './download';
import { downloadResult } from './downloadResult';
import type { OpenResult } from './OpenResult';
import { ResultEncoder } from './ResultEncoder';

// Instead of the browser's download, which jsdom does not have.
jest.mock('./download', () => ({ downloadZip: jest.fn() }));

it('a study without a frame of reference, of which no DICOM object can be made, still gives its measurement', async () => {
  const header = { frameOfReferenceUid: null, seriesDescription: 'MRC' };
  const result = {
    measurement: MEASUREMENT,
    created: new Date(2026, 0, 15),
    settled: () => Promise.resolve(),
    currentLabels: () => null,
    input: { read: { mrc: { series: { header } } } },
  } as unknown as OpenResult;
  const encoder = new ResultEncoder({
    findings: () => INITIAL_STATE.findings,
    segmentationType: 'binary',
  });
  await downloadResult(encoder, result, INITIAL_STATE.saveParts);
  const [[, files]] = firstItems(jest.mocked(downloadZip).mock.calls, 1);
  expect(Object.keys(files)).toEqual(['measurement.json', 'summary.csv']);
  const json = new TextDecoder().decode(files['measurement.json']);
  expect(JSON.parse(json)).toEqual(MEASUREMENT);
  // The same table as the command line writes.
  expect(new TextDecoder().decode(files['summary.csv'])).toBe(summaryCsv(MEASUREMENT));
});
