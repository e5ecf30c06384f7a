import type { ImageTraits } from '../../types';
import { functionalGroup } from './functionalGroups';
import {
  ifReadable,
  hasPalette,
  numberOrNull,
  numbersOf,
  oneNumberOf,
  stringOf,
  stringsOf,
  type Dataset,
} from './values';

/**
 * What tells a frame (0-based) of a naturalised instance from others at its place: from its functional groups
 * (PS3.3 C.8.13.5), else from the instance. Values that cannot be read are null here; `readSlices` refuses them.
 */
export function imageTraits(dataset: Dataset, frame: number): ImageTraits {
  const group = (macro: string): Dataset =>
    ifReadable(() => functionalGroup(dataset, macro, frame), {});
  const type = group('MRImageFrameTypeSequence');
  const echo = group('MREchoSequence');
  const modifier = group('MRModifierSequence');
  const content = group('FrameContentSequence');
  const frameType = stringsOf(type, 'FrameType');
  const imageType = frameType.length > 0 ? frameType : stringsOf(dataset, 'ImageType');
  return {
    imageType: imageType.map((word) => word.toUpperCase()),
    component:
      stringOf(type, 'ComplexImageComponent') || stringOf(dataset, 'ComplexImageComponent') || null,
    echoTime: numberOrNull(echo, 'EffectiveEchoTime') ?? numberOrNull(dataset, 'EchoTime'),
    // Enhanced MR has Inversion Times (0018,9079), classic MR Inversion Time (0018,0082); 0 means none.
    inversionTime:
      numberOrNull(modifier, 'InversionTimes') || numberOrNull(dataset, 'InversionTime') || null,
    acquisitionNumber:
      numberOrNull(content, 'FrameAcquisitionNumber') ?? numberOrNull(dataset, 'AcquisitionNumber'),
    temporalPosition:
      numberOrNull(content, 'TemporalPositionIndex') ??
      numberOrNull(dataset, 'TemporalPositionIdentifier'),
    colour: (numberOrNull(dataset, 'SamplesPerPixel') ?? 1) > 1 || hasPalette(dataset),
  };
}

/** Attributes of a frame that the checks of a study compare, by the functional group that may hold them. */
const COMPARED = [
  ['MRTimingAndRelatedParametersSequence', 'RepetitionTime'],
  ['MREchoSequence', 'EffectiveEchoTime', 'EchoTime'],
  ['MRModifierSequence', 'InversionTimes', 'InversionTime'],
  ['PixelMeasuresSequence', 'SpacingBetweenSlices'],
] as const;

/**
 * A value that cannot be read must not pass for none.
 * @throws RefusedInputError `value-unreadable`
 */
export function requireReadable(dataset: Dataset, frame: number): void {
  for (const [macro, ...keywords] of COMPARED) {
    const group = functionalGroup(dataset, macro, frame);
    for (const keyword of keywords) {
      // Only Inversion Times (0018,9079) may have several values.
      const read = keyword === 'InversionTimes' ? numbersOf : oneNumberOf;
      read(group, keyword, dataset);
      read(dataset, keyword);
    }
  }
}
