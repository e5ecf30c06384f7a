import dcmjs, { type DicomDataset } from 'dcmjs';

export const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';

/**
 * A small Part 10 file for tests: a 4 × 5 MR image of study 1.2.3, series 1.2.3.4, with attributes
 * by name over the defaults and elements by tag over those.
 */
export function instanceFile(
  attributes: Record<string, unknown> = {},
  elements: DicomDataset = {}
): Uint8Array {
  const { DicomDict, DicomMetaDictionary } = dcmjs.data;
  const pixels = Uint16Array.from({ length: 20 }, (_, i) => i * 7);
  const dataset = DicomMetaDictionary.denaturalizeDataset({
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: MR_IMAGE,
    SOPInstanceUID: '1.2.3.4.1',
    StudyInstanceUID: '1.2.3',
    SeriesInstanceUID: '1.2.3.4',
    SeriesNumber: 1,
    Modality: 'MR',
    Rows: 4,
    Columns: 5,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelSpacing: [0.5, 0.5],
    PixelData: [pixels.buffer],
    _vrMap: { PixelData: 'OW' },
    ...attributes,
  });
  const meta: DicomDataset = {
    '00020001': { vr: 'OB', Value: [Uint8Array.of(0, 1).buffer] },
    '00020002': { vr: 'UI', Value: [MR_IMAGE] },
    '00020003': { vr: 'UI', Value: [String(attributes.SOPInstanceUID ?? '1.2.3.4.1')] },
    '00020010': { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] },
    '00020012': { vr: 'UI', Value: ['2.25.1'] },
  };
  const dict = new DicomDict(meta);
  dict.dict = { ...dataset, ...elements };
  return new Uint8Array(dict.write());
}

/** A DICOMDIR that refers to these files of its folder. */
export function mediumOf(...fileIds: string[]): Uint8Array {
  const uid = '1.2.840.10008.1.3.10';
  const meta: DicomDataset = {
    '00020002': { vr: 'UI', Value: [uid] },
    '00020003': { vr: 'UI', Value: ['1.2.9'] },
    '00020010': { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] },
  };
  const dict = new dcmjs.data.DicomDict(meta);
  const records = fileIds.map((id, n) => ({
    '00041430': { vr: 'CS', Value: ['IMAGE'] },
    '00041500': { vr: 'CS', Value: [id] },
    '00041511': { vr: 'UI', Value: [`1.2.9.${n}`] },
  }));
  dict.dict = { '00041220': { vr: 'SQ', Value: records } };
  return new Uint8Array(dict.write());
}
