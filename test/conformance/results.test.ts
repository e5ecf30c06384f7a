import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodeMeasurementReport,
  encodeDerivedSeries,
  encodeMeasurementReport,
  encodeMrSeries,
  encodeSegmentation,
  encodeSummaryImage,
  type EncodedObject,
  type SegmentationInput,
} from '@inner-ear-hydrops/core/dicom';
import type { Measurement } from '@inner-ear-hydrops/core';
import {
  TEST_CASES,
  asMultiFrame,
  testAnatomy,
  testEndolymph,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../core/test/testSeries';
import { PYTHON, describeWithTools, runTool } from '../support/tools';

/**
 * Our objects before judges that share no code with the encoder: dicom3tools' validators, dcmtk's
 * readers and pydicom. The study is small, oblique and fictitious.
 */
const created = new Date('2026-03-04T05:06:07Z');
const mrcVolume = testVolume((i, j, k) => 10 * i + 3 * j + k);
const hydrops = testVolume((i, j) => (i - j) * 1e-3);
// Spans seven orders of magnitude, with zeros: small values must keep their sign.
const mi2 = testVolume((i, j, k) => (i === j ? 0 : (i - j) * 10 ** (k - 4)));
const labels = testLabels();

const original = (name: 'MRC' | 'PPI' | 'PEI', number: number): EncodedObject[] => {
  const { header } = testSeries(name, mrcVolume);
  return encodeMrSeries({
    kind: 'original',
    volume: mrcVolume,
    template: header.attributes,
    description: name,
    seriesNumber: number,
    seriesInstanceUid: header.seriesInstanceUid,
    imageType: ['ORIGINAL', 'PRIMARY', 'M'],
    scaling: { kind: 'unsigned-12-bit' },
    acquisition: {
      scanningSequence: ['SE', 'IR'],
      sequenceVariant: ['SK'],
      repetitionTime: 9000,
      echoTime: 540,
      inversionTime: 2250,
      echoTrainLength: 173,
      magneticFieldStrength: 3,
    },
    window: { center: 400, width: 1000 },
    created,
    equipment: { Manufacturer: 'Phantom', ManufacturerModelName: 'Phantom' },
  });
};

/** The series as a reader would assemble it from the stored files. */
function stored(
  name: 'MRC' | 'PPI' | 'PEI',
  files: EncodedObject[]
): ReturnType<typeof testSeries> {
  const series = testSeries(name, mrcVolume);
  return {
    ...series,
    sources: files.map(({ sopInstanceUid, sopClassUid, dataset }) => ({
      sopInstanceUid,
      sopClassUid,
      instanceNumber: Number(dataset.InstanceNumber),
    })),
  };
}

const files = { MRC: original('MRC', 1), PPI: original('PPI', 2), PEI: original('PEI', 3) };
const [mrc, ppi, pei] = (['MRC', 'PPI', 'PEI'] as const).map((name) =>
  stored(name, files[name])
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];
const measurement = testMeasurement(mrc);
const endolymph = testEndolymph();
const segmentationInput = {
  ...{ mrc, labels, endolymph, model: measurement.model, backend: 'wasm (2 threads)' },
  ...{ created, measurement },
};
const automatic = encodeSegmentation(segmentationInput);
const readersMeasurement = changed('a region that was edited and one that was drawn');
const edited = encodeSegmentation({
  ...segmentationInput,
  measurement: readersMeasurement,
  reader: 'Reader^Test',
});
const withStructures = encodeSegmentation({ ...segmentationInput, anatomy: testAnatomy() });
const organsOnly = encodeSegmentation({ ...segmentationInput, endolymph: undefined });
const derived = {
  hydrops: encodeDerivedSeries({
    kind: 'hydrops',
    method: 'hydrops-mi2',
    volume: hydrops,
    mrc,
    ppi,
    pei,
    created,
  }),
  mi2: encodeDerivedSeries({
    kind: 'hydrops-mi2',
    method: 'hydrops-mi2',
    volume: mi2,
    mrc,
    ppi,
    pei,
    created,
  }),
};
const reportInput = {
  ...{ mrc, ppi, pei, measurement: readersMeasurement, segmentation: edited, created },
};
const report = encodeMeasurementReport(reportInput);
const verifiedReport = encodeMeasurementReport({
  ...reportInput,
  reader: 'Reader^Test',
  readerFields: { Impression: 'No impression: a phantom.' },
  readerFindings: [
    { ear: 'left', field: 'suri', value: 'yes' },
    { ear: 'right', field: 'enhancement', value: 'normal' },
  ],
  verified: { name: 'Reader^Test', organization: 'Nowhere', date: created },
});

const summary = encodeSummaryImage({
  ...{ mrc, labels, endolymph, measurement: readersMeasurement, created },
});

function changed(name: keyof typeof TEST_CASES, of = mrc): Measurement {
  const copy = testMeasurement(of);
  TEST_CASES[name](copy);
  return copy;
}

/** Segmentation, report and summary of a result that is not the plain result. */
function resultOf(
  name: string,
  input: Pick<SegmentationInput, 'mrc' | 'labels'> & { measurement: Measurement }
): { segmentation: EncodedObject; report: EncodedObject; objects: [string, EncodedObject][] } {
  const common = { ...input, endolymph, created };
  const segmentation = encodeSegmentation({ ...common, model: measurement.model });
  const document = encodeMeasurementReport({ ...common, ppi, pei, segmentation });
  const objects: [string, EncodedObject][] = [
    [`SEG, ${name}`, segmentation],
    [`SR, ${name}`, document],
    [`summary, ${name}`, encodeSummaryImage(common)],
  ];
  return { segmentation, report: document, objects };
}

const withoutRightEar = { ...labels, data: labels.data.map((label) => (label > 2 ? 0 : label)) };
const multiFrame = asMultiFrame(mrc);
const unnumbered = { ...mrc, header: { ...mrc.header, seriesNumber: null } };
const cases = {
  absent: resultOf('an ear missing', {
    mrc,
    labels: withoutRightEar,
    measurement: changed('an ear that was not found'),
  }),
  voided: resultOf('a voided ear', { mrc, labels, measurement: changed('a voided ear') }),
  borderline: resultOf('borderline', { mrc, labels, measurement: changed('a borderline grade') }),
  moved: resultOf('a moved slice', { mrc, labels, measurement: changed('a moved slice') }),
  multiFrame: resultOf('multi-frame MRC', {
    mrc: multiFrame,
    labels,
    measurement: testMeasurement(multiFrame),
  }),
  unnumbered: resultOf('MRC without Series Number', {
    mrc: unnumbered,
    labels,
    measurement: testMeasurement(unnumbered),
  }),
};

const objects: [string, EncodedObject][] = [
  ['MR original', files.MRC[0]!],
  ['HYDROPS', derived.hydrops[3]!],
  ['HYDROPS-Mi2', derived.mi2[3]!],
  ['SEG automatic', automatic],
  ['SEG edited', edited],
  ['SEG without endolymph', organsOnly],
  ['SEG with structures', withStructures],
  ['SR', report],
  ['SR verified', verifiedReport],
  ['summary image', summary],
  ...Object.values(cases).flatMap(({ objects: ofCase }) => ofCase),
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hydrops-conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, { file }: EncodedObject): string {
  const path = join(folder, `${name.replace(/\W+/g, '-')}.dcm`);
  writeFileSync(path, new Uint8Array(file));
  return path;
}

describeWithTools('dicom3tools', ['dciodvfy', 'dcentvfy'], () => {
  /** Warnings that we know and accept, each with its reason in docs/dicom-conformance.md. */
  const ACCEPTED = [
    /Unrecognized tag - assuming explicit value representation OK/,
    /Unrecognized defined term <99IEH>/,
    // Scanners write M for magnitude in the third value.
    /Unrecognized defined term <M> for value 3 of attribute <Image Type>/,
    /Modality LUT Module \(RescaleSlope and RescaleIntercept\) not expected/,
    /Attribute is not present in standard DICOM IOD - \(0x0028,0x105[234]\)/,
    /Standard Extended SOP Class/,
  ];

  test.each(objects)('dciodvfy finds no error in %s', (name, object) => {
    const { output } = runTool('dciodvfy', [write(name, object)]);
    const lines = output.split('\n').filter((line) => line.trim() !== '');
    expect(lines.filter((line) => /error|abort/i.test(line))).toEqual([]);
    const unknown = lines
      .filter((line) => /warning/i.test(line))
      .filter((line) => !ACCEPTED.some((pattern) => pattern.test(line)));
    expect(unknown).toEqual([]);
  });

  test('dcentvfy finds the study consistent across all objects', () => {
    const paths = [...files.MRC, ...files.PPI, ...files.PEI, ...derived.hydrops, ...derived.mi2]
      .concat([automatic, edited, organsOnly, withStructures, report, verifiedReport, summary])
      .map((object, i) => write(`entity-${i}`, object));
    const { status, output } = runTool('dcentvfy', paths);
    expect(output.split('\n').filter((line) => /error/i.test(line))).toEqual([]);
    expect(status).toBe(0);
  });
});

describeWithTools('dcmtk', ['dcmdump', 'dsrdump'], () => {
  test.each(objects)('dcmdump reads %s without complaint', (name, object) => {
    const { status, output } = runTool('dcmdump', ['-q', write(name, object)]);
    expect(output.split('\n').filter((line) => /^[EWF]:/.test(line))).toEqual([]);
    expect(status).toBe(0);
  });

  test('dsrdump shows each organ with its ratio, and who stands for it', () => {
    const { status, output } = runTool('dsrdump', ['+Pc', '+Pl', write('sr-dump', verifiedReport)]);
    // Its one warning is that it does not check UTF-8.
    expect(output.split('\n').filter((line) => /^[EF]:/.test(line))).toEqual([]);
    expect(status).toBe(0);
    expect(output).toContain('Left cochlea, volume');
    expect(output).toContain('Right cochlea, area');
    expect(output).not.toContain('Right vestibule, area');
    expect(output).toContain('Mild endolymphatic hydrops');
    expect(output).toContain('Perilymph is dark');
    expect(output).toContain('For research use only');
    expect(output).toContain('Share of ROI voxels within the noise');
    expect(output).toContain('Experimental: endolymph fraction by mixture of signals');
    expect(output).toMatch(/Saccule larger than utricle, by the reader[^\n]*Yes/);
    expect(output).toMatch(/VERIFIED/);
  });

  test('dsrdump names slices as archives do, and says what is voided, missing, borderline and chosen', () => {
    const dump = ({ report: document }: { report: EncodedObject }): string => {
      const { status, output } = runTool('dsrdump', ['+Pc', '+Pl', write('sr-case', document)]);
      expect(output.split('\n').filter((line) => /^[EF]:/.test(line))).toEqual([]);
      expect(status).toBe(0);
      return output;
    };
    const voided = dump(cases.voided);
    expect(voided).toContain('counted 100.0 %, not measurable: perilymph-not-enhanced');
    expect(voided).not.toContain('Mild endolymphatic hydrops');
    expect(dump(cases.absent)).toContain('The right ear was not found: it lies outside the stack.');
    expect(dump(cases.borderline)).toContain('borderline: image 23 reads 62.0 %: significant');
    const moved = dump(cases.moved);
    expect(moved).toContain('series 1, image 2');
    expect(moved).toMatch(/Representative slice chosen by[^\n]*Reader/);
    expect(dump(cases.multiFrame)).toContain('series 1, image 1, frame 5');
    expect(dump(cases.unnumbered)).not.toContain('series 1, image');
  });
});

/** Debian's dciodvfy does not know the class: dcmtk reads it, pydicom decodes it. */
const labelmap = encodeSegmentation({ ...segmentationInput, type: 'labelmap' });
const labelmapReport = encodeMeasurementReport({ ...reportInput, segmentation: labelmap });

describeWithTools('a LABELMAP segmentation', ['pydicom', 'dcmdump'], () => {
  test('holds each organ voxel as its Segment Number, on the slice that it names', () => {
    const { status, output } = runTool(PYTHON, [
      '-W',
      'ignore',
      '-c',
      `
import sys, json, numpy, pydicom
ds = pydicom.dcmread(sys.argv[1])
assert ds.SOPClassUID == '1.2.840.10008.5.1.4.1.1.66.7' and ds.SegmentationType == 'LABELMAP'
assert [int(s.SegmentNumber) for s in ds.SegmentSequence] == [1, 2, 3, 4]
frames = numpy.frombuffer(ds.PixelData, numpy.uint8)[:ds.NumberOfFrames * ds.Rows * ds.Columns].reshape(ds.NumberOfFrames, -1)
print(json.dumps([[g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID, [int(v) for v in f]] for f, g in zip(frames, ds.PerFrameFunctionalGroupsSequence)]))`,
      write('seg-labelmap', labelmap),
    ]);
    if (status !== 0) throw new Error(output);
    const found = new Uint8Array(labels.data.length);
    for (const [uid, pixels] of JSON.parse(output) as [string, number[]][])
      found.set(pixels, mrc.sources.findIndex((s) => s.sopInstanceUid === uid) * pixels.length);
    expect(found).toEqual(labels.data);
    expect(runTool('dcmdump', ['-q', write('seg-labelmap', labelmap)]).output).not.toMatch(
      /^[EWF]:/m
    );
  });

  test('serves a report as the BINARY segmentation does', () => {
    // Read by our own decoder only: Debian's dciodvfy and dcmtk do not know the class referred to.
    const { organs, segmentationUid } = decodeMeasurementReport(labelmapReport.file);
    expect(organs).toEqual(decodeMeasurementReport(report.file).organs);
    expect(segmentationUid).toBe(labelmap.sopInstanceUid);
  });
});

describeWithTools('pydicom', ['pydicom'], () => {
  const python = (script: string, ...args: string[]): unknown => {
    const { status, output } = runTool(PYTHON, ['-W', 'ignore', '-c', script, ...args]);
    if (status !== 0) throw new Error(output);
    return JSON.parse(output);
  };

  test('recovers each voxel of the segmentation from positions and segment numbers', () => {
    const decoded = python(
      `
import sys, json, numpy, pydicom
ds = pydicom.dcmread(sys.argv[1])
bits = numpy.unpackbits(numpy.frombuffer(ds.PixelData, numpy.uint8), bitorder='little')
frames = bits[:ds.NumberOfFrames * ds.Rows * ds.Columns].reshape(ds.NumberOfFrames, ds.Rows, ds.Columns)
iop = numpy.array(ds.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient, float)
step = float(ds.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices)
normal = numpy.cross(iop[:3], iop[3:])
out = {}
for frame, group in zip(frames, ds.PerFrameFunctionalGroupsSequence):
    ipp = numpy.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
    k = (ipp - numpy.array(json.loads(sys.argv[2]))) @ normal / step
    assert abs(k - round(k)) < 1e-6, k
    n = int(group.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
    uid = group.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
    out.setdefault(n, []).append([int(round(k)), uid, [int(v) for v in numpy.flatnonzero(frame)]])
print(json.dumps(out))`,
      write('seg-pydicom', automatic),
      JSON.stringify(mrc.volume.origin)
    ) as Record<string, [number, string, number[]][]>;
    const length = labels.size[0] * labels.size[1];
    const organs = new Uint8Array(labels.data.length);
    const endolymph = new Uint8Array(labels.data.length);
    for (const [number, frames] of Object.entries(decoded)) {
      for (const [k, uid, pixels] of frames) {
        expect(uid).toBe(mrc.sources[k]!.sopInstanceUid);
        const target = Number(number) > 4 ? endolymph : organs;
        for (const pixel of pixels) target[k * length + pixel] = Number(number);
      }
    }
    expect(organs).toEqual(labels.data);
    const expected = labels.data.map((label, i) => (label && endolymph[i] ? label + 4 : 0));
    expect(expected.some((value) => value > 0)).toBe(true);
    expect(endolymph).toEqual(expected);
  });

  test('reads back the values of HYDROPS-Mi2 within half a step, and every sign', () => {
    const paths = derived.mi2.map((object, k) => write(`mi2-${k}`, object));
    const slices = python(
      `
import sys, json, pydicom
out = []
for path in sys.argv[1:]:
    ds = pydicom.dcmread(path)
    assert ds.RescaleIntercept == 0
    out.append([float(ds.RescaleSlope), [int(v) for v in ds.pixel_array.ravel()]])
print(json.dumps(out))`,
      ...paths
    ) as [number, number[]][];
    expect(new Set(slices.map(([slope]) => slope)).size).toBe(1);
    const [slope] = slices[0]!;
    slices
      .flatMap(([, values]) => values)
      .forEach((value, voxel) => {
        const expected = mi2.data[voxel]!;
        expect(Math.sign(value)).toBe(Math.sign(expected));
        // A value below half a step becomes ±1 step instead of zero.
        expect(Math.abs(value * slope - expected)).toBeLessThanOrEqual(slope * 1.0001);
      });
  });

  test('each standard code that we write is in its dictionary, with that meaning', () => {
    const paths = objects.map(([name, object]) => write(`codes-${name}`, object));
    const unknown = python(
      `
import sys, json, pydicom
import pydicom.sr._concepts_dict as dictionary
known = {(s, v, m.lower()) for s, names in dictionary.concepts.items() for values in names.values() for v, (m, _) in values.items()}
unknown = set()
def walk(ds):
    for e in ds:
        if e.VR == 'SQ':
            for item in e.value:
                if 'CodeValue' in item:
                    s, v, m = item.CodingSchemeDesignator, item.CodeValue, item.CodeMeaning
                    if s != '99IEH' and (s, v, m.lower()) not in known: unknown.add(s + ' ' + v + ' ' + m)
                walk(item)
for path in sys.argv[1:]: walk(pydicom.dcmread(path))
print(json.dumps(sorted(unknown)))`,
      ...paths
    );
    // In PS3.16 or its sources, but not in pydicom 2.3's excerpt of them.
    expect(unknown).toEqual([
      'RFC5646 en English',
      'SCT 113091000 Magnetic resonance imaging',
      'SCT 260753009 Source',
      'SCT 80169004 Cochlear structure',
      'UCUM {-1:1} {-1:1}',
      'UCUM {pixels} pixels',
      'UMLS C0034375 Qualitative Evaluations',
    ]);
  });

  test('each image, segment and frame that the report names exists, and is listed as evidence', () => {
    const problems = python(
      `
import sys, json, pydicom
sr, seg = pydicom.dcmread(sys.argv[1]), pydicom.dcmread(sys.argv[2])
listed = {i.ReferencedSOPInstanceUID for s in sr.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence for i in s.ReferencedSOPSequence}
problems, seen, segment = [], 0, {}
def walk(item):
    global seen
    for ref in item.get('ReferencedSOPSequence', []):
        seen += 1
        if ref.ReferencedSOPInstanceUID not in listed: problems.append('not evidence ' + ref.ReferencedSOPInstanceUID)
        if ref.ReferencedSOPInstanceUID == seg.SOPInstanceUID and 'ReferencedFrameNumber' in ref:
            group = seg.PerFrameFunctionalGroupsSequence[int(ref.ReferencedFrameNumber) - 1]
            segment['frame'] = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
            segment['image'] = group.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        elif ref.ReferencedSOPInstanceUID == seg.SOPInstanceUID: segment['volume'] = ref.ReferencedSegmentNumber
        # The source image of an area comes last in its group, after the frame that it must fit.
        elif (segment['frame'], segment['image']) != (segment['volume'], ref.ReferencedSOPInstanceUID): problems.append('wrong frame')
    for child in item.get('ContentSequence', []):
        if child.ConceptNameCodeSequence[0].CodeValue != '111028': walk(child)
walk(sr)
print(json.dumps([seen, problems]))`,
      write('sr-references', report),
      write('seg-references', edited)
    );
    // Three organs: a segment, a segmentation frame and a source image each.
    expect(problems).toEqual([9, []]);
  });

  test('a report of multi-frame images names the frame that its segmentation shows', () => {
    const found = python(
      `
import sys, json, pydicom
sr, seg = pydicom.dcmread(sys.argv[1]), pydicom.dcmread(sys.argv[2])
found, last = [], None
def walk(item):
    global last
    for ref in item.get('ReferencedSOPSequence', []):
        if ref.ReferencedSOPInstanceUID == seg.SOPInstanceUID and 'ReferencedFrameNumber' in ref:
            last = seg.PerFrameFunctionalGroupsSequence[int(ref.ReferencedFrameNumber) - 1].DerivationImageSequence[0].SourceImageSequence[0].ReferencedFrameNumber
        elif ref.ReferencedSOPInstanceUID != seg.SOPInstanceUID: found.append([int(last), int(ref.ReferencedFrameNumber)])
    for child in item.get('ContentSequence', []):
        if child.ConceptNameCodeSequence[0].CodeValue != '111028': walk(child)
walk(sr)
print(json.dumps(found))`,
      write('sr-frames', cases.multiFrame.report),
      write('seg-frames', cases.multiFrame.segmentation)
    );
    expect(found).toEqual([
      [5, 5],
      [4, 4],
      [2, 2],
    ]);
  });

  test('of a voided ear and of a missing ear the report holds no ratio, but a coded reason', () => {
    const absentRatios = (object: EncodedObject): unknown =>
      python(
        `
import sys, json, pydicom
found = []
def walk(item, where):
    if 'TextValue' in item and item.ConceptNameCodeSequence[0].CodeValue == '112039': where = [item.TextValue]
    if item.get('ValueType') == 'NUM' and not item.MeasuredValueSequence:
        found.append([where[0], item.ConceptNameCodeSequence[0].CodeValue, item.NumericValueQualifierCodeSequence[0].CodeValue])
    tracking = [c for c in item.get('ContentSequence', []) if c.ConceptNameCodeSequence[0].CodeValue == '112039']
    for child in item.get('ContentSequence', []): walk(child, [tracking[0].TextValue] if tracking else where)
walk(pydicom.dcmread(sys.argv[1]), [''])
print(json.dumps(found))`,
        write('sr-absent', object)
      );
    expect(absentRatios(cases.voided.report)).toEqual([
      ['Left cochlea, volume', 'ENDO-VOLUME', '114006'],
      ['Left cochlea, volume', 'ENDO-VOL-RATIO', '114006'],
      ['Left cochlea, area', 'ENDO-AREA', '114006'],
      ['Left cochlea, area', 'ENDO-AREA-RATIO', '114006'],
      ['Left vestibule, volume', 'ENDO-VOLUME', '114006'],
      ['Left vestibule, volume', 'ENDO-VOL-RATIO', '114006'],
      ['Left vestibule, area', 'ENDO-AREA', '114006'],
      ['Left vestibule, area', 'ENDO-AREA-RATIO', '114006'],
      ['Right vestibule, volume', 'ENDO-VOL-RATIO', '114007'],
    ]);
    expect(absentRatios(cases.absent.report)).toEqual([
      ['Right cochlea, volume', 'ENDO-VOL-RATIO', '114007'],
      ['Right vestibule, volume', 'ENDO-VOL-RATIO', '114007'],
    ]);
  });
});
