import type { NaturalizedDataset } from 'dcmjs';
import {
  TEST_CASES,
  TEST_GRID,
  asMultiFrame,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../../test/testSeries';
import { items, text } from '../encode/read';
import { encodeSegmentation } from '../segmentation/encodeSegmentation';
import { encodeMeasurementReport } from './encodeMeasurementReport';

type Item = NaturalizedDataset;
type Series = ReturnType<typeof testSeries>;

const value = (): number => 1;
const mrc = testSeries('MRC', testVolume(value));
const pei = testSeries('PEI', testVolume(value));
// One slice less at the feet, so that its slice k is MRC's k + 1.
const shorter = { ...TEST_GRID, size: [13, 9, 5] as typeof TEST_GRID.size };
const [x, y, z] = TEST_GRID.direction.slice(6, 9).map((n, axis) => {
  return TEST_GRID.origin[axis]! + n * TEST_GRID.spacing[2];
}) as [number, number, number];
const ppi = testSeries('PPI', testVolume(value, { ...shorter, origin: [x, y, z] }));

function report(
  of: { mrc: Series; ppi: Series; pei: Series | null },
  change: (measurement: ReturnType<typeof testMeasurement>) => void = () => undefined
): Item {
  const measurement = testMeasurement(of.mrc);
  change(measurement);
  const common = { created: new Date(0), measurement };
  const segmentation = encodeSegmentation({
    ...{ ...common, mrc: of.mrc, labels: testLabels(), model: measurement.model },
  });
  return encodeMeasurementReport({ ...common, ...of, segmentation }).dataset;
}

const nameOf = (item: Item): string => text(items(item.ConceptNameCodeSequence)[0]?.CodeMeaning);
const children = (item: Item): Item[] => items(item.ContentSequence);
const named = (parent: Item, name: string): Item[] =>
  children(parent).filter((child) => nameOf(child) === name);

/** An item's value as a plain viewer prints it, without what lies below the item. */
function shown(item: Item): string {
  const number = items(item.MeasuredValueSequence)[0];
  if (number) return String(number.NumericValue);
  const code = items(item.ConceptCodeSequence)[0];
  if (code) return text(code.CodeMeaning);
  return text(item.TextValue ?? item.UID ?? item.Date ?? item.Time);
}

const groupsOf = (dataset: Item): Item[] =>
  named(named(dataset, 'Image Library')[0]!, 'Image Library Group');
const entriesOf = (group: Item): string[] =>
  named(group, 'Source').map((entry) =>
    text(items(entry.ReferencedSOPSequence)[0]?.ReferencedSOPInstanceUID)
  );

describe('image library', () => {
  test('describes each series as its images do, and names the images on which the organs lie', () => {
    const dated = { ...mrc.header.attributes, AcquisitionDate: '20260101', SliceThickness: 1.5 };
    const source = { ...mrc, header: { ...mrc.header, attributes: dated, sequenceName: 'tse3d' } };
    const groups = groupsOf(report({ mrc: source, ppi, pei }));
    expect(groups).toHaveLength(3);
    const said = Object.fromEntries(
      children(groups[0]!).map((item) => [nameOf(item), shown(item)])
    );
    expect(said).toMatchObject({
      Modality: 'Magnetic Resonance',
      'Role of the series in the measurement': 'MRC',
      'Series Description': 'MRC',
      'Series Instance UID': '2.25.2001',
      'Acquisition Date': '20260101',
      'Frame of Reference UID': '2.25.3001',
      'Pixel Data Rows': '9',
      'Pixel Data Columns': '13',
      'Horizontal Pixel Spacing': '0.5',
      'Vertical Pixel Spacing': '0.75',
      'Spacing between slices': '1.25',
      'Slice Thickness': '1.5',
      'Pulse Sequence Name': 'tse3d',
    });
    const orientation = children(groups[0]!).filter((item) =>
      nameOf(item).startsWith('Image Orientation (Patient)')
    );
    expect(orientation.map((item) => Number(shown(item)))).toEqual(
      TEST_GRID.direction.slice(0, 6).map((n) => expect.closeTo(n, 9) as number)
    );
    // The organs lie on slices 1 to 4 of MRC.
    expect(entriesOf(groups[0]!)).toEqual([1, 2, 3, 4].map((k) => mrc.sources[k]!.sopInstanceUid));
  });

  test('takes images of PPI and PEI by their place, not by their number in the stack', () => {
    const [, ofPpi, ofPei] = groupsOf(report({ mrc, ppi, pei }));
    expect(entriesOf(ofPpi!)).toEqual([0, 1, 2, 3].map((k) => ppi.sources[k]!.sopInstanceUid));
    expect(entriesOf(ofPei!)).toEqual([1, 2, 3, 4].map((k) => pei.sources[k]!.sopInstanceUid));
    const positions = (group: Item): number[] =>
      children(named(group, 'Source')[0]!).map((item) => Number(shown(item)));
    expect(positions(ofPpi!)).toEqual([x, y, z].map((mm) => expect.closeTo(mm, 9) as number));
    expect(positions(ofPpi!)).toEqual(positions(ofPei!));
  });

  test('names a multi-frame image once, and no series that was not measured', () => {
    const groups = groupsOf(report({ mrc: asMultiFrame(mrc), ppi, pei: null }));
    expect(groups.map(entriesOf)).toEqual([['2.25.77'], expect.anything()]);
    expect(children(named(groups[0]!, 'Source')[0]!)).toEqual([]);
  });
});

describe('what a viewer shows that prints the items of a group and nothing below them', () => {
  const linesOf = (dataset: Item, tracking: string): string[] => {
    const group = named(named(dataset, 'Imaging Measurements')[0]!, 'Measurement Group').find(
      (candidate) => shown(named(candidate, 'Tracking Identifier')[0]!) === tracking
    )!;
    return children(group).map((item) => `${nameOf(item)}: ${shown(item)}`);
  };
  const of = { mrc, ppi, pei };

  test('the side, why a number is absent, why an organ was not measured, and the doubts of a grade', () => {
    const voided = report(of, TEST_CASES['a voided ear']);
    expect(linesOf(voided, 'Left cochlea, volume')).toEqual(
      expect.arrayContaining([
        'Laterality: Left',
        'What is not given, and why: volume ratio: counted 100.0 %, not measurable [perilymph-not-enhanced]',
      ])
    );
    expect(linesOf(voided, 'Left cochlea, area').join()).toContain(
      'area ratio: counted 100.0 %, not measurable [perilymph-not-enhanced]'
    );
    expect(linesOf(voided, 'Right vestibule, volume')).toEqual(
      expect.arrayContaining([
        'Laterality: Right',
        'Why there is no measurement: The region holds no voxel of this organ.',
      ])
    );
    expect(
      linesOf(report(of, TEST_CASES['a borderline grade']), 'Left vestibule, area').join()
    ).toContain('borderline: image 23 reads 62.0 %: significant [neighbouring-slice]');
  });

  test('the algorithm stands once, above all groups', () => {
    const dataset = report(of);
    const [measured] = named(dataset, 'Imaging Measurements');
    expect(named(measured!, 'Algorithm Name').map(shown)).toEqual(['Test network']);
    expect(JSON.stringify(dataset).match(/"Algorithm Name"/g)).toHaveLength(1);
  });

  test('every item has a name, without which OHIF fails to show the report', () => {
    const nameless = (item: Item): number =>
      (nameOf(item) === '' ? 1 : 0) +
      children(item).reduce((sum, child) => sum + nameless(child), 0);
    expect(nameless(report(of))).toBe(0);
  });
});
