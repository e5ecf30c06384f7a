import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeMeasurementReport,
  encodeMeasurementReport,
  encodeSegmentation,
  type EncodedObject,
} from '@inner-ear-hydrops/core/dicom';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import {
  automatic,
  cases,
  derived,
  edited,
  labels,
  mi2,
  mrc,
  objects,
  report,
  reportInput,
  segmentationInput,
} from './storedCases';
import { temporaryFolder } from '../support/temporaryFolder';

// Our objects as pydicom and dcmtk read them, value by value; they share no code with the encoder.

const folder = temporaryFolder();

function write(name: string, { file }: EncodedObject): string {
  const path = join(folder, `${name.replace(/\W+/g, '-')}.dcm`);
  writeFileSync(path, new Uint8Array(file));
  return path;
}

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
