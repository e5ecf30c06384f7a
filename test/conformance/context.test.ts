import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeDerivedSeries,
  encodeMeasurementReport,
  encodeMrSeries,
  encodeSegmentation,
  encodeSummaryImage,
  readDicomFile,
} from '@inner-ear-hydrops/core/dicom';
import {
  testEndolymph,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../core/test/testSeries';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

/**
 * Every object belongs to the patient, study, trial and request of the images: what an archive or a trial's office
 * files it under is copied whole. Written by pydicom, in Korean, with sequences; read back by pydicom and dicom3tools.
 */
const volume = testVolume((i, j, k) => 10 * i + 3 * j + k);
const plain = testSeries('MRC', volume);
const originals = encodeMrSeries({
  kind: 'original',
  volume,
  template: plain.header.attributes,
  description: 'MRC',
  seriesNumber: 1,
  seriesInstanceUid: plain.header.seriesInstanceUid,
  imageType: ['ORIGINAL', 'PRIMARY', 'M'],
  scaling: { kind: 'unsigned-12-bit' },
  acquisition: {
    scanningSequence: ['SE'],
    sequenceVariant: ['SK'],
    repetitionTime: 9000,
    echoTime: 540,
  },
  window: { center: 400, width: 1000 },
  created: new Date('2026-03-04T05:06:07Z'),
  equipment: { Manufacturer: 'Phantom', ManufacturerModelName: 'Phantom' },
});

const WHOLE = `
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
def item(**values):
    ds = Dataset()
    for k, v in values.items(): setattr(ds, k, v)
    return ds
def code(v, s, m): return item(CodeValue=v, CodingSchemeDesignator=s, CodeMeaning=m)
def whole(ds, sets):
    ds.SpecificCharacterSet = sets
    ds.PatientName = 'Hong^Gildong=洪^吉洞=홍^길동'
    ds.IssuerOfPatientID = '서울병원'
    ds.OtherPatientIDsSequence = Sequence([item(PatientID='OTHER-1', IssuerOfPatientID='병원', TypeOfPatientID='TEXT')])
    ds.PatientIdentityRemoved = 'YES'
    ds.DeidentificationMethod = ['step one', 'step two']
    ds.DeidentificationMethodCodeSequence = Sequence([code('113100', 'DCM', 'Basic Application Confidentiality Profile')])
    ds.PatientComments = '의견'
    ds.ProcedureCodeSequence = Sequence([code('P-1', '99LOCAL', '내이 MRI')])
    ds.IssuerOfAccessionNumberSequence = Sequence([item(LocalNamespaceEntityID='RIS')])
    ds.AccessionNumber = 'A-1'
    ds.PhysiciansOfRecord = ['One^Dr', 'Two^Dr']
    ds.PatientWeight = '60.50'
    ds.TimezoneOffsetFromUTC = '+0900'
    ds.ClinicalTrialSponsorName = 'Sponsor'
    ds.ClinicalTrialProtocolID = 'TRIAL-7'
    ds.ClinicalTrialProtocolName = 'Trial'
    ds.ClinicalTrialSiteID = 'S1'
    ds.ClinicalTrialSiteName = 'Site'
    ds.ClinicalTrialSubjectID = 'SUBJECT-3'
    ds.ClinicalTrialTimePointID = 'TP1'
    ds.RequestAttributesSequence = Sequence([item(RequestedProcedureID='RP-1', RequestedProcedureDescription='요청', ScheduledProcedureStepID='SPS-1', ScheduledProcedureStepDescription='step')])
`;

const folder = temporaryFolder();

const python = (script: string, ...args: string[]): string => {
  const { status, output } = runTool(PYTHON, ['-W', 'ignore', '-c', script, ...args]);
  if (status !== 0) throw new Error(output);
  return output;
};

describeWithTools('objects of a study with everything', ['pydicom', 'dcentvfy', 'dciodvfy'], () => {
  describe.each([
    ['Korean with code extensions', ['', 'ISO 2022 IR 149']],
    ['UTF-8', 'ISO_IR 192'],
  ])('in %s', (_, sets) => checkStudy(sets));
});

/** What dcentvfy may say: 60.50 kg became 60.5, and it counts the number of an order as the study's and the series'. */
const ACCEPTED = [
  /equal value but different encoding/,
  /Different information entities for attribute/,
];

function checkStudy(sets: string | string[]): void {
  const sources = originals.map((_, k) => join(folder, `source-${k}.dcm`));
  const ours: Record<string, string> = {};

  beforeAll(() => {
    originals.forEach(({ file }, k) => writeFileSync(sources[k]!, new Uint8Array(file)));
    python(
      `${WHOLE}
import sys, json, pydicom
for path in sys.argv[2:]:
    ds = pydicom.dcmread(path)
    whole(ds, json.loads(sys.argv[1]))
    ds.save_as(path)`,
      JSON.stringify(sets),
      ...sources
    );
    const bytes = readFileSync(sources[0]!);
    const { header } = readDicomFile(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
      'source'
    );
    const of = (name: 'MRC' | 'PPI' | 'PEI') => {
      const series = testSeries(name, volume);
      return { ...series, header: { ...series.header, attributes: header.attributes } };
    };
    const [mrc, ppi, pei] = [of('MRC'), of('PPI'), of('PEI')];
    const measurement = testMeasurement(mrc);
    const common = { mrc, labels: testLabels(), endolymph: testEndolymph(), measurement };
    const segmentation = encodeSegmentation({ ...common, model: measurement.model, created: null });
    const objects = {
      segmentation,
      report: encodeMeasurementReport({ ...common, ppi, pei, segmentation, created: null }),
      summary: encodeSummaryImage({ ...common, created: new Date('2026-03-04T20:06:07Z') }),
      hydrops: encodeDerivedSeries({
        ...{ kind: 'hydrops', method: 'hydrops-mi2', volume, mrc, ppi, pei, created: null },
      })[0]!,
    };
    for (const [name, { file }] of Object.entries(objects)) {
      ours[name] = join(folder, `${name}.dcm`);
      writeFileSync(ours[name], new Uint8Array(file));
    }
  });

  test('pydicom reads every attribute in each of them as in the source', () => {
    const differing = python(
      `
import sys, json, pydicom
KEYWORDS = '''PatientName IssuerOfPatientID OtherPatientIDsSequence PatientIdentityRemoved DeidentificationMethod
DeidentificationMethodCodeSequence PatientComments ProcedureCodeSequence
IssuerOfAccessionNumberSequence AccessionNumber PhysiciansOfRecord PatientWeight TimezoneOffsetFromUTC
ClinicalTrialSponsorName ClinicalTrialProtocolID ClinicalTrialProtocolName ClinicalTrialSiteID ClinicalTrialSiteName
ClinicalTrialSubjectID ClinicalTrialTimePointID RequestAttributesSequence'''.split()
def plain(v):
    if isinstance(v, pydicom.sequence.Sequence): return [{e.keyword: plain(e.value) for e in i} for i in v]
    if isinstance(v, pydicom.multival.MultiValue): return [str(x) for x in v]
    if isinstance(v, pydicom.valuerep.DSfloat): return float(v)
    return str(v)
source = pydicom.dcmread(sys.argv[1])
out = []
for path in sys.argv[2:]:
    ds = pydicom.dcmread(path)
    for k in KEYWORDS:
        if k == 'RequestAttributesSequence' and ds.Modality == 'SR':
            r = ds.ReferencedRequestSequence[0]
            if (r.RequestedProcedureID, r.RequestedProcedureDescription, r.AccessionNumber) != ('RP-1', '요청', 'A-1'): out.append('SR request')
            continue
        if k not in ds or plain(ds[k].value) != plain(source[k].value): out.append(ds.Modality + ' ' + k + ' ' + str(ds.get(k)))
    if ds.Modality == 'OT' and (ds.ContentDate, ds.ContentTime) != ('20260305', '050607'): out.append('not in the time zone of the study')
print(json.dumps(out, ensure_ascii=False))`,
      sources[0]!,
      ...Object.values(ours)
    );
    expect(JSON.parse(differing)).toEqual([]);
  });

  test('dcentvfy has nothing to say of them beside their sources, dciodvfy no error', () => {
    const { status, output } = runTool('dcentvfy', [...sources, ...Object.values(ours)]);
    const said = output
      .split('\n')
      .filter((line) => /error|warning/i.test(line))
      .filter((line) => !ACCEPTED.some((pattern) => pattern.test(line)));
    // It compares bytes: the same characters in another set are not the same to it.
    if (sets === 'ISO_IR 192') {
      expect(said).toEqual([]);
      expect(status).toBe(0);
    }
    for (const path of Object.values(ours)) {
      const found = runTool('dciodvfy', [path]).output.split('\n');
      expect(found.filter((line) => /error|abort/i.test(line))).toEqual([]);
    }
  });
}
