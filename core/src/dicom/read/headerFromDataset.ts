import type { SeriesHeader } from '../../types';
import { functionalGroup, isMultiFrame, listedFrames } from './functionalGroups';
import { modalityLut } from './modalityLut';
import { bitsOf, paddingRange } from './paddingRange';
import { plainAttributes } from './plainAttributes';
import { ifReadable, numberOrNull, stringOf, stringsOf, type Dataset } from './values';

/**
 * Series facts from one naturalised instance (dcmjs keywords), classic or Enhanced multi-frame.
 *
 * `hasNegativeValues` is a guess before the pixels are read: true when the rescale intercept or the
 * smallest stored value reach below zero; assembling the series replaces it by the fact.
 *
 * Numbers that cannot be read are null here, so that a faulty series does not keep a study from being
 * listed; `sliceGeometries` and `readSlices` refuse them where they are needed.
 *
 * @param imageCount images (frames) of the series; by default the frames of this instance
 */
export function headerFromDataset(dataset: Dataset, imageCount?: number): SeriesHeader {
  const timing = group(dataset, 'MRTimingAndRelatedParametersSequence');
  const echo = group(dataset, 'MREchoSequence');
  const modifier = group(dataset, 'MRModifierSequence');
  const frameType = group(dataset, 'MRImageFrameTypeSequence');
  const voi = group(dataset, 'FrameVOILUTSequence');
  const imageType = stringsOf(frameType, 'FrameType');
  const attributes = plainAttributes(dataset);
  const component =
    stringOf(frameType, 'ComplexImageComponent') || stringOf(dataset, 'ComplexImageComponent');
  if (component) attributes.ComplexImageComponent = component;
  return {
    studyInstanceUid: stringOf(dataset, 'StudyInstanceUID'),
    seriesInstanceUid: stringOf(dataset, 'SeriesInstanceUID'),
    seriesNumber: numberOrNull(dataset, 'SeriesNumber'),
    seriesDescription: stringOf(dataset, 'SeriesDescription'),
    protocolName: stringOf(dataset, 'ProtocolName'),
    sequenceName: stringOf(dataset, 'SequenceName') || stringOf(dataset, 'PulseSequenceName'),
    modality: stringOf(dataset, 'Modality'),
    frameOfReferenceUid: stringOf(dataset, 'FrameOfReferenceUID') || null,
    imageType: imageType.length > 0 ? imageType : stringsOf(dataset, 'ImageType'),
    inversionTime: inversionTime(dataset, modifier),
    echoTime: numberOrNull(echo, 'EffectiveEchoTime') ?? numberOrNull(dataset, 'EchoTime'),
    repetitionTime:
      numberOrNull(timing, 'RepetitionTime') ?? numberOrNull(dataset, 'RepetitionTime'),
    scanningSequence: scanningSequence(dataset, modifier),
    manufacturer: stringOf(dataset, 'Manufacturer'),
    modelName: stringOf(dataset, 'ManufacturerModelName'),
    windowCenter: numberOrNull(voi, 'WindowCenter') ?? numberOrNull(dataset, 'WindowCenter'),
    windowWidth: numberOrNull(voi, 'WindowWidth') ?? numberOrNull(dataset, 'WindowWidth'),
    hasNegativeValues: mayBeNegative(dataset),
    imageCount: imageCount ?? listedFrames(dataset),
    attributes,
  };
}

/** A functional group of the first frame; empty where there is none or it is damaged. */
function group(dataset: Dataset, macro: string): Dataset {
  return ifReadable(() => functionalGroup(dataset, macro, 0), {});
}

function inversionTime(dataset: Dataset, modifier: Dataset): number | null {
  // Enhanced MR has Inversion Times (0018,9079), classic MR Inversion Time (0018,0082); 0 means none.
  return numberOrNull(modifier, 'InversionTimes') || numberOrNull(dataset, 'InversionTime') || null;
}

function scanningSequence(dataset: Dataset, modifier: Dataset): string[] {
  if (!ifReadable(() => isMultiFrame(dataset), true)) return stringsOf(dataset, 'ScanningSequence');
  const names: string[] = [];
  const pulse = stringOf(dataset, 'EchoPulseSequence');
  if (pulse === 'SPIN' || pulse === 'BOTH') names.push('SE');
  if (pulse === 'GRADIENT' || pulse === 'BOTH') names.push('GR');
  if (stringOf(modifier, 'InversionRecovery') === 'YES') names.push('IR');
  return names.length > 0 ? names : stringsOf(dataset, 'ScanningSequence');
}

function mayBeNegative(dataset: Dataset): boolean {
  const identity = { slope: 1, intercept: 0 };
  const { slope, intercept } = ifReadable(() => modalityLut(dataset, 0), identity);
  const stated = numberOrNull(dataset, 'SmallestImagePixelValue') ?? 0;
  // Padding is no value of the image.
  const padding = ifReadable(() => paddingRange(dataset, bitsOf(dataset)), null);
  const smallest = padding && stated >= padding.from && stated <= padding.to ? 0 : stated;
  return Math.min(0, smallest) * slope + intercept < 0;
}
