import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  measure,
  prepareStudy,
  representativeSlices,
  anatomyFromLabels,
  type Choices,
  type EarFinding,
  type Measurement,
  type Series,
  type Vector3,
  type Volume,
} from '@inner-ear-hydrops/core';
import { encodeResult, restoreResult, storedMethod } from '@inner-ear-hydrops/core/dicom';
import { seriesOf } from '../../core/test/testGrids';
import { labelsOf, simulateEars } from '../support/phantomStudy';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(240_000);

/**
 * An archive removes private elements (PS3.15 E.1: the default of de-identification). What a segmentation says in
 * standard attributes must be enough for the same numbers.
 */
const study = simulateEars(407, { hydrops: { left: 0.3, right: 0.6 }, gadolinium: 0.08 });
const labels = labelsOf(study.truth.anatomy, study.mrc);
const { anatomy } = study.truth;
const made = (volume: Volume, number: number): Series => {
  const series = seriesOf(volume, { seriesInstanceUid: `2.25.70${number}`, seriesNumber: number });
  return {
    ...series,
    header: {
      ...series.header,
      studyInstanceUid: '2.25.7',
      frameOfReferenceUid: '2.25.77',
      attributes: { PatientID: 'PHANTOM', StudyInstanceUID: '2.25.7' },
    },
    sources: Array.from({ length: volume.size[2] }, (_, k) => ({
      sopInstanceUid: `2.25.7${number}0${k + 1}`,
      sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
      instanceNumber: k + 1,
    })),
  };
};
const series = { mrc: made(study.mrc, 4), ppi: made(study.ppi, 5), pei: made(study.pei, 6) };
const ears = (['left', 'right'] as const).map((side): EarFinding => ({
  side,
  center: study.truth.earCenters[side] as Vector3,
  confidence: { cochlea: 0.9123456789, vestibule: side === 'left' ? 0.5 : 0.95 },
  confidenceThresholds: { cochlea: 0.8, vestibule: 0.7 },
}));
const model = { name: 'Test network, of two words', version: '1.2.3', sha256: 'ab'.repeat(32) };
const prepared = prepareStudy(series, { centers: ears.map(({ center }) => center) });
const choices: Choices = {
  method: 'automatic',
  roles: { mrc: 'automatic', ppi: 'reader', pei: 'automatic' },
  ears: { left: 'automatic', right: 'reader' },
  automatic: { series: { ppi: '2.25.7.8' }, ears: { right: [-31.5, 1.25, 1e-7] } },
};
const bySoftware = measure({ prepared, labels, anatomy, ears, automatic: labels, model, choices });
const [, , slices] = study.mrc.size;

/** The reader moved one slice and edited one region. */
const edited = { ...labels, data: labels.data.slice() };
edited.data[labels.data.indexOf(3)] = 0;
const byReader = measure({
  ...{ prepared, anatomy, ears, automatic: labels, model, choices },
  labels: edited,
  representativeSlices: { left: { cochlea: Math.floor(slices / 2) - 1 } },
});

const folder = temporaryFolder();

function stored(
  measurement: Measurement,
  segmentationType: 'binary' | 'labelmap',
  script: string,
  first = 'ds.remove_private_tags()'
): ArrayBuffer {
  const [part] = encodeResult(
    {
      ...{ series, prepared, anatomy, ears, measurement, model, segmentationType },
      labels: measurement === byReader ? edited : labels,
      absent: [],
      backend: 'wasm (2 threads)',
      reader: 'Reader^Test',
      created: new Date('2026-03-04T05:06:07Z'),
    },
    ['segmentation']
  );
  const [from, to] = ['from', 'to'].map((name) => join(folder, `${name}.dcm`));
  writeFileSync(from!, new Uint8Array(part!.objects[0]!.file));
  const { status, output } = runTool(PYTHON, [
    ...['-W', 'ignore', '-c'],
    `import sys, pydicom\nds = pydicom.dcmread(sys.argv[1])\n${first}\n${script}\nds.save_as(sys.argv[2])`,
    ...[from!, to!],
  ]);
  if (status !== 0) throw new Error(output);
  const bytes = readFileSync(to!);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

const codes = ({ warnings }: Measurement): string[] => warnings.map(({ code }) => code);
const areas = ({ ears: measured }: Measurement): unknown =>
  (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).map((organ) => measured[ear]?.[organ]?.area)
  );

describeWithTools('a segmentation without private elements', ['pydicom'], () => {
  test.each([
    ['binary', 'as the software made it', bySoftware],
    ['labelmap', 'with a slice and a region of the reader', byReader],
  ] as const)('(%s) %s restores with the same numbers, slices and authors', (type, _, before) => {
    const file = stored(before, type, '');
    expect(storedMethod(file, series.mrc)).toBe('hydrops-mi2');
    const { measurement, ...restored } = restoreResult(file, series, 'hydrops-mi2');
    expect(measurement.ears).toEqual(before.ears);
    expect(measurement.choices).toEqual(choices);
    expect(measurement.model).toEqual(model);
    expect(restored).toMatchObject({
      backend: 'wasm',
      reader: 'Reader^Test',
      edited: true,
      slices: before === byReader ? { left: { cochlea: Math.floor(slices / 2) - 1 } } : {},
    });
    expect(codes(measurement).sort()).toEqual([...codes(before), 'stored-state-missing'].sort());
    expect(codes(before)).toContain('low-confidence');
    expect(restored.context.ears).toEqual(ears);
  });

  test('without the sentence on slices, the stored canals give the slices of the rules, and a warning', () => {
    const withoutCanals = representativeSlices(anatomyFromLabels(labels), study.mrc);
    // Else the canals would prove nothing.
    expect(withoutCanals).not.toEqual(representativeSlices(anatomy, study.mrc));
    const file = stored(
      bySoftware,
      'binary',
      'for s in ds.SegmentSequence: del s.SegmentDescription'
    );
    const { measurement } = restoreResult(file, series, 'hydrops-mi2');
    expect(areas(measurement)).toEqual(areas(bySoftware));
    expect(codes(measurement).filter((code) => code === 'stored-slice-unknown')).toHaveLength(4);
  });

  test('with other series UIDs than it names, as after de-identification, is not refused', () => {
    const file = stored(
      bySoftware,
      'binary',
      "e = ds.ContributingEquipmentSequence[0]\ne.ContributionDescription = e.ContributionDescription.replace('2.25.70', '2.25.90')"
    );
    const { measurement } = restoreResult(file, series, 'hydrops-mi2');
    expect(measurement.ears).toEqual(bySoftware.ears);
  });

  test('measured on another series of a role is refused', () => {
    const file = stored(bySoftware, 'binary', '');
    const exchanged = { ...series, ppi: series.pei, pei: series.ppi };
    expect(() => restoreResult(file, exchanged, 'hydrops-mi2')).toThrow(
      expect.objectContaining({ code: 'stored-series-differ' })
    );
  });
});

test('an edited region carries what it gave before, and one that was not edited does not', () => {
  const before = bySoftware.ears.right?.cochlea;
  const after = byReader.ears.right?.cochlea;
  expect(after?.mask).toBe('edited');
  expect(after?.automatic).toEqual({
    areaRatio: before?.area?.ratio,
    volumeRatio: before?.volume.ratio,
  });
  expect(byReader.ears.left?.cochlea).not.toHaveProperty('automatic');
});

/** Changes the measurement in the private state, which the software writes no more in this form. */
const stateChanged = (pattern: string, replacement: string): string =>
  [
    'import re',
    'e = ds[0x0077, 0x1001]',
    `changed, count = re.subn(r'${pattern}', '${replacement}', e.value, count=1)`,
    'assert count == 1, "nothing was changed"',
    'e.value = changed',
  ].join('\n');

describeWithTools('a segmentation with a measurement that cannot be read', ['pydicom'], () => {
  const ofReader = { left: { cochlea: Math.floor(slices / 2) - 1 } };

  test.each([
    [
      'a ratio that is none',
      '"volume":\\{"ratio":[0-9.e-]+',
      '"volume":{"ratio":null',
      'volume.ratio',
    ],
    ['a text for an area', '"totalMm2":[0-9.e-]+', '"totalMm2":"much"', 'area.totalMm2'],
    ['no choices', '"choices":', '"chosen":', 'choices'],
  ])(
    '(%s) keeps the slices, choices and authors of the reader, and names the value',
    (_, pattern, replacement, path) => {
      const file = stored(byReader, 'binary', stateChanged(pattern, replacement), '');
      const { measurement, ...restored } = restoreResult(file, series, 'hydrops-mi2');
      expect(measurement.ears).toEqual(byReader.ears);
      expect(measurement.choices).toEqual(choices);
      expect(measurement.ears.left?.cochlea?.area?.chosenBy).toBe('reader');
      expect(measurement.ears.right?.cochlea?.mask).toBe('edited');
      expect(restored).toMatchObject({ edited: true, slices: ofReader, reader: 'Reader^Test' });
      expect(restored.context.ears).toEqual(ears);
      expect(codes(measurement).sort()).toEqual(
        [...codes(byReader), 'stored-measurement-unreadable'].sort()
      );
      const warning = measurement.warnings.find(
        ({ code }) => code === 'stored-measurement-unreadable'
      );
      expect(warning?.message).toContain(path);
    }
  );

  test('of earlier software, with a fraction of null, is restored as it was stored', () => {
    const file = stored(
      byReader,
      'binary',
      stateChanged(
        '"mixture":\\{"fraction":[0-9.e-]+,"uncertainty":[0-9.e-]+\\}',
        '"mixture":{"fraction":null,"uncertainty":null}'
      ),
      ''
    );
    const { measurement, slices: chosen } = restoreResult(file, series, 'hydrops-mi2');
    expect(measurement.ears).toEqual(byReader.ears);
    expect(measurement.choices).toEqual(choices);
    expect(chosen).toEqual(ofReader);
    expect(codes(measurement).sort()).toEqual(codes(byReader).sort());
  });
});

test('a measurement that its own format refuses is not stored', () => {
  const [ear] = [byReader.ears.left];
  const broken: Measurement = {
    ...byReader,
    ears: {
      ...byReader.ears,
      left: ear && {
        ...ear,
        cochlea: ear.cochlea && {
          ...ear.cochlea,
          mixture: { fraction: NaN, uncertainty: NaN },
        },
      },
    },
  };
  const encode = () =>
    encodeResult(
      {
        ...{ series, prepared, anatomy, ears, model, labels: edited },
        ...{ measurement: broken, absent: [], created: new Date('2026-03-04T05:06:07Z') },
      },
      ['segmentation']
    );
  expect(encode).toThrow(expect.objectContaining({ code: 'measurement-invalid' }));
  expect(encode).toThrow(/ears\.left\.cochlea\.mixture\.fraction/);
});
