import type { SeriesHeader } from '../../types';
import { frameCount, functionalGroup, isMultiFrame } from './functionalGroups';
import { modalityLut } from './modalityLut';
import { plainAttributes } from './plainAttributes';
import { numberOf, stringOf, stringsOf, type Dataset } from './values';

/**
 * Series facts from one naturalised instance (dcmjs keywords), classic or Enhanced multi-frame.
 *
 * `hasNegativeValues` is a guess before the pixels are read: true when the rescale intercept or the
 * smallest stored value reach below zero; assembling the series replaces it by the fact.
 *
 * @param imageCount images (frames) of the series; by default the frames of this instance
 */
export function headerFromDataset(dataset: Dataset, imageCount?: number): SeriesHeader {
  const timing = functionalGroup(dataset, 'MRTimingAndRelatedParametersSequence', 0);
  const echo = functionalGroup(dataset, 'MREchoSequence', 0);
  const modifier = functionalGroup(dataset, 'MRModifierSequence', 0);
  const frameType = functionalGroup(dataset, 'MRImageFrameTypeSequence', 0);
  const voi = functionalGroup(dataset, 'FrameVOILUTSequence', 0);
  const imageType = stringsOf(frameType, 'FrameType');
  const attributes = plainAttributes(dataset);
  const component =
    stringOf(frameType, 'ComplexImageComponent') || stringOf(dataset, 'ComplexImageComponent');
  if (component) attributes.ComplexImageComponent = component;
  return {
    studyInstanceUid: stringOf(dataset, 'StudyInstanceUID'),
    seriesInstanceUid: stringOf(dataset, 'SeriesInstanceUID'),
    seriesNumber: numberOf(dataset, 'SeriesNumber'),
    seriesDescription: stringOf(dataset, 'SeriesDescription'),
    protocolName: stringOf(dataset, 'ProtocolName'),
    sequenceName: stringOf(dataset, 'SequenceName') || stringOf(dataset, 'PulseSequenceName'),
    modality: stringOf(dataset, 'Modality'),
    frameOfReferenceUid: stringOf(dataset, 'FrameOfReferenceUID') || null,
    imageType: imageType.length > 0 ? imageType : stringsOf(dataset, 'ImageType'),
    inversionTime: inversionTime(dataset, modifier),
    echoTime: numberOf(echo, 'EffectiveEchoTime') ?? numberOf(dataset, 'EchoTime'),
    repetitionTime: numberOf(timing, 'RepetitionTime') ?? numberOf(dataset, 'RepetitionTime'),
    scanningSequence: scanningSequence(dataset, modifier),
    manufacturer: stringOf(dataset, 'Manufacturer'),
    modelName: stringOf(dataset, 'ManufacturerModelName'),
    windowCenter: numberOf(voi, 'WindowCenter') ?? numberOf(dataset, 'WindowCenter'),
    windowWidth: numberOf(voi, 'WindowWidth') ?? numberOf(dataset, 'WindowWidth'),
    hasNegativeValues: mayBeNegative(dataset),
    imageCount: imageCount ?? frameCount(dataset),
    attributes,
  };
}

function inversionTime(dataset: Dataset, modifier: Dataset): number | null {
  // Enhanced MR has Inversion Times (0018,9079), classic MR Inversion Time (0018,0082); 0 means none.
  return numberOf(modifier, 'InversionTimes') || numberOf(dataset, 'InversionTime') || null;
}

function scanningSequence(dataset: Dataset, modifier: Dataset): string[] {
  if (!isMultiFrame(dataset)) return stringsOf(dataset, 'ScanningSequence');
  const names: string[] = [];
  const pulse = stringOf(dataset, 'EchoPulseSequence');
  if (pulse === 'SPIN' || pulse === 'BOTH') names.push('SE');
  if (pulse === 'GRADIENT' || pulse === 'BOTH') names.push('GR');
  if (stringOf(modifier, 'InversionRecovery') === 'YES') names.push('IR');
  return names.length > 0 ? names : stringsOf(dataset, 'ScanningSequence');
}

function mayBeNegative(dataset: Dataset): boolean {
  const { slope, intercept } = modalityLut(dataset, 0);
  const smallest = numberOf(dataset, 'SmallestImagePixelValue') ?? 0;
  return Math.min(0, smallest) * slope + intercept < 0;
}
