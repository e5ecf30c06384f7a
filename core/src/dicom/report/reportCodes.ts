import type { ChosenBy, EarSide, MaskOrigin, Role } from '../../types';
import { dcm, own, sct, type Code } from '../encode/codes';

/** Concepts of the measurement report (PS3.16 TID 1500, 1410, 1411, 1001, 4019). */
export const REPORT_CODES = {
  report: dcm('126000', 'Imaging Measurement Report'),
  language: dcm('121049', 'Language of Content Item and Descendants'),
  english: { value: 'en', scheme: 'RFC5646', meaning: 'English' },
  procedureReported: dcm('121058', 'Procedure reported'),
  magneticResonance: sct('113091000', 'Magnetic resonance imaging'),
  observerType: dcm('121005', 'Observer Type'),
  person: dcm('121006', 'Person'),
  device: dcm('121007', 'Device'),
  personName: dcm('121008', 'Person Observer Name'),
  deviceUid: dcm('121012', 'Device Observer UID'),
  deviceName: dcm('121013', 'Device Observer Name'),
  deviceManufacturer: dcm('121014', 'Device Observer Manufacturer'),
  deviceModel: dcm('121015', 'Device Observer Model Name'),
  imagingMeasurements: dcm('126010', 'Imaging Measurements'),
  measurementGroup: dcm('125007', 'Measurement Group'),
  trackingIdentifier: dcm('112039', 'Tracking Identifier'),
  trackingUid: dcm('112040', 'Tracking Unique Identifier'),
  finding: dcm('121071', 'Finding'),
  findingSite: sct('363698007', 'Finding Site'),
  laterality: sct('272741003', 'Laterality'),
  measurementMethod: sct('370129005', 'Measurement Method'),
  referencedSegment: dcm('121191', 'Referenced Segment'),
  referencedFrame: dcm('121214', 'Referenced Segmentation Frame'),
  sourceSeries: dcm('121232', 'Source series for segmentation'),
  sourceImage: dcm('121233', 'Source image for segmentation'),
  volume: sct('118565006', 'Volume'),
  area: sct('42798000', 'Area'),
  sumOfVoxels: dcm('126030', 'Sum of segmented voxel volumes'),
  algorithmName: dcm('111001', 'Algorithm Name'),
  algorithmVersion: dcm('111003', 'Algorithm Version'),
  algorithmParameters: dcm('111002', 'Algorithm Parameters'),
  algorithmFamily: dcm('111000', 'Algorithm Family'),
  algorithmManufacturer: dcm('122405', 'Algorithm Manufacturer'),
  qualitative: { value: 'C0034375', scheme: 'UMLS', meaning: 'Qualitative Evaluations' },
  comment: dcm('121106', 'Comment'),
  hydrops: own('HYDROPS', 'Endolymphatic hydrops assessment'),
  endolymphVolume: own('ENDO-VOLUME', 'Volume of endolymphatic space'),
  volumeRatio: own('ENDO-VOL-RATIO', 'Endolymph volume ratio over the stack'),
  /** In earlier reports; the code means a diffusion index. Read, not written. */
  volumeRatioOld: dcm('113288', 'Volume Ratio'),
  endolymphArea: own('ENDO-AREA', 'Area of endolymphatic space'),
  areaRatio: own('ENDO-AREA-RATIO', 'Endolymph area ratio on one slice'),
  countBelowZero: own('BELOW-ZERO', 'Share of ROI voxels below zero'),
  withinNoise: own('WITHIN-NOISE', 'Share of ROI voxels within the noise'),
  intervalLow: own(
    'RATIO-CI95-LOW',
    'Volume ratio, lower end of the 95 % interval (noise, alignment)'
  ),
  intervalHigh: own(
    'RATIO-CI95-HIGH',
    'Volume ratio, upper end of the 95 % interval (noise, alignment)'
  ),
  areaIntervalLow: own(
    'AREA-CI95-LOW',
    'Area ratio, lower end of the 95 % interval (noise, alignment)'
  ),
  areaIntervalHigh: own(
    'AREA-CI95-HIGH',
    'Area ratio, upper end of the 95 % interval (noise, alignment)'
  ),
  mixture: own('MIXTURE', 'Experimental: endolymph fraction by mixture of signals'),
  mixtureUncertainty: own('MIXTURE-SD', 'Experimental: uncertainty of the mixture fraction'),
  suggestedGrade: own('GRADE-SUGGESTED', 'Nakashima grade suggested by software'),
  gradeDoubt: own('GRADE-DOUBT', 'Why the suggested grade is borderline'),
  sliceImage: own('SLICE-IMAGE', 'Image of the representative slice'),
  sliceInstanceNumber: own('SLICE-INSTANCE', 'Instance Number of the representative slice'),
  sliceFrameNumber: own('SLICE-FRAME', 'Frame number of the representative slice'),
  sliceChosenBy: own('SLICE-CHOSEN-BY', 'Representative slice chosen by'),
  sliceAutomatic: own('SLICE-AUTOMATIC', 'Slice that the software would choose'),
  regionOrigin: own('REGION-ORIGIN', 'Origin of the region'),
  automaticVolumeRatio: own('AUTO-VOL-RATIO', 'Volume ratio of the region before it was edited'),
  automaticAreaRatio: own('AUTO-AREA-RATIO', 'Area ratio of the region before it was edited'),
  voided: own('VOIDED', 'What was counted, and why it is not a measurement'),
  notGiven: own('NOT-GIVEN', 'What is not given, and why'),
  notMeasured: own('NOT-MEASURED', 'Why there is no measurement'),
  choiceDetail: own('CHOICE-DETAIL', 'What was chosen'),
  choiceAutomatic: own('CHOICE-AUTO', 'What the software had instead'),
  warning: own('WARNING', 'Warning of the software'),
  readerField: own('READER-FIELD', 'Field filled in by the reader'),
  researchUse: own('RESEARCH-USE', 'Restriction of use'),
} satisfies Record<string, Code>;

const axes = (first: number, name: string, of: readonly string[]): Code[] =>
  of.map((axis, i) => dcm(String(first + i), `${name} ${axis}`));

/** Concepts of the Image Library (PS3.16 TID 1600, 1601, 1602, 1604, 1606). */
export const LIBRARY_CODES = {
  imageLibrary: dcm('111028', 'Image Library'),
  imageLibraryGroup: dcm('126200', 'Image Library Group'),
  /** TID 1601 asks for no name; viewers fail without one. */
  source: sct('260753009', 'Source'),
  modality: dcm('121139', 'Modality'),
  magneticResonance: dcm('MR', 'Magnetic Resonance'),
  role: own('SERIES-ROLE', 'Role of the series in the measurement'),
  seriesDescription: own('SERIES-DESC', 'Series Description'),
  seriesNumber: dcm('113607', 'Series Number'),
  seriesInstanceUid: dcm('112002', 'Series Instance UID'),
  acquisitionDate: dcm('126201', 'Acquisition Date'),
  acquisitionTime: dcm('126202', 'Acquisition Time'),
  frameOfReferenceUid: dcm('112227', 'Frame of Reference UID'),
  rows: dcm('110910', 'Pixel Data Rows'),
  columns: dcm('110911', 'Pixel Data Columns'),
  horizontalSpacing: dcm('111026', 'Horizontal Pixel Spacing'),
  verticalSpacing: dcm('111066', 'Vertical Pixel Spacing'),
  sliceSpacing: dcm('112226', 'Spacing between slices'),
  sliceThickness: dcm('112225', 'Slice Thickness'),
  position: axes(110901, 'Image Position (Patient)', ['X', 'Y', 'Z']),
  orientation: [
    ...axes(110904, 'Image Orientation (Patient) Row', ['X', 'Y', 'Z']),
    ...axes(110907, 'Image Orientation (Patient) Column', ['X', 'Y', 'Z']),
  ],
  acquisitionProtocol: dcm('125203', 'Acquisition Protocol'),
  pulseSequenceName: dcm('128230', 'Pulse Sequence Name'),
} satisfies Record<string, Code | Code[]>;

/** Study-wide choices; the value is one of `CHOSEN_BY_CODES`. */
export const CHOICE_CODES = {
  method: own('CHOICE-METHOD', 'Method chosen by'),
  mrc: own('CHOICE-MRC', 'Series of MRC chosen by'),
  ppi: own('CHOICE-PPI', 'Series of PPI chosen by'),
  pei: own('CHOICE-PEI', 'Series of PEI chosen by'),
  left: own('CHOICE-LEFT-EAR', 'Position of the left ear chosen by'),
  right: own('CHOICE-RIGHT-EAR', 'Position of the right ear chosen by'),
} satisfies Record<'method' | Role | EarSide, Code>;

export const CHOSEN_BY_CODES: Record<ChosenBy, Code> = {
  automatic: own('AUTOMATIC', 'Software, automatically'),
  reader: own('READER', 'Reader'),
};

export const ORIGIN_CODES: Record<MaskOrigin, Code> = {
  automatic: own('AUTOMATIC', 'Software, automatically'),
  edited: own('EDITED', 'Software, edited by the reader'),
  drawn: own('DRAWN', 'Drawn by the reader'),
};

/** Why a value is absent (CID 42). */
export const QUALIFIERS = {
  failed: dcm('114006', 'Measurement failure'),
  notAttempted: dcm('114007', 'Measurement not attempted'),
} satisfies Record<string, Code>;

export const GRADE_CODES = {
  none: own('NAKASHIMA-NONE', 'No endolymphatic hydrops'),
  mild: own('NAKASHIMA-MILD', 'Mild endolymphatic hydrops'),
  significant: own('NAKASHIMA-SIG', 'Significant endolymphatic hydrops'),
} satisfies Record<string, Code>;

const ucum = (value: string, meaning: string): Code => ({ value, scheme: 'UCUM', meaning });
export const UNITS = {
  cubicMillimetres: ucum('mm3', 'cubic millimeter'),
  squareMillimetres: ucum('mm2', 'square millimeter'),
  ratio: ucum('{ratio}', 'ratio'),
  none: ucum('1', 'no units'),
  millimetres: ucum('mm', 'mm'),
  pixels: ucum('{pixels}', 'pixels'),
  minusOneToOne: ucum('{-1:1}', '{-1:1}'),
} satisfies Record<string, Code>;
