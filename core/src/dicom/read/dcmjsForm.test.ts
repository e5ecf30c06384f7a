import dcmjs from 'dcmjs';
import { decodeSegmentation } from '../segmentation/decodeSegmentation';
import { encodeMeasurementReport } from '../report/encodeMeasurementReport';
import { encodeSegmentation } from '../segmentation/encodeSegmentation';
import { testLabels, testMeasurement, testSeries, testVolume } from '../../../test/testSeries';
import { dcmjsForm } from './dcmjsForm';

const mrc = testSeries(
  'MRC',
  testVolume((i, j, k) => i + j + k)
);
const created = new Date('2026-03-04T05:06:07Z');
const segmentation = encodeSegmentation({
  mrc,
  labels: testLabels(),
  model: { name: 'Test network', version: '1', sha256: 'ab'.repeat(32) },
  created,
});
const report = encodeMeasurementReport({
  mrc,
  ppi: testSeries('PPI', mrc.volume),
  pei: testSeries('PEI', mrc.volume),
  measurement: testMeasurement(mrc),
  segmentation,
  created,
});

/** Group lengths, and what dcmjs writes for its own use, aside. */
function comparable(value: unknown, textOf = (text: string) => text): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, entry: unknown) => {
      if (key === '_vrMap' || key === '__hasData' || key === '_rawValue') return undefined;
      if (Object.prototype.toString.call(entry) === '[object ArrayBuffer]')
        return Array.from(new Uint8Array(entry as ArrayBuffer));
      // It splits long text at its backslashes.
      if (key === 'TextValue' && Array.isArray(entry)) return textOf(entry.join('\\'));
      // dcmjs leaves the padding of some.
      return typeof entry === 'string' ? textOf(entry.trimEnd()) : entry;
    })
  );
}

/** dcmjs reads the UTF-8 of sequence items as Latin 1, which we do not. */
function fromLatin1(text: string): string {
  return /[\u0080-\u00ff]/.test(text) && !/[\u0100-\uffff]/.test(text)
    ? Buffer.from(text, 'latin1').toString('utf8')
    : text;
}

test.each([
  ['segmentation', segmentation.file],
  ['report', report.file],
])('a %s is as dcmjs reads it', (_, file) => {
  const form = dcmjsForm(file);
  const part10 = dcmjs.data.DicomMessage.readFile(file);
  const expected = dcmjs.data.DicomMetaDictionary.naturalizeDataset(part10.dict);
  for (const keyword of Object.keys(expected)) {
    const textOf = keyword.endsWith('Sequence') ? fromLatin1 : undefined;
    expect([keyword, comparable(form.dataset[keyword])]).toEqual([
      keyword,
      comparable(expected[keyword], textOf),
    ]);
  }
  expect(form.meta['00020010']?.Value).toEqual(part10.meta['00020010']?.Value);
});

test('a segmentation that dcmjs reads and ours have the same labels', () => {
  expect(decodeSegmentation(segmentation.file, mrc).labels.data).toEqual(testLabels().data);
  expect(dcmjsForm(segmentation.file).dict['7FE00010']?.Value).toHaveLength(1);
});
