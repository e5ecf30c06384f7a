import { cornerstone } from '../host/cornerstone';
import type { DerivedImage } from './derivedImage';

/** What the host asks about a derived image: its own where it differs, MRC's for the rest. */
export function derivedMetadata(type: string, image: DerivedImage): unknown {
  const source = () => cornerstone().metaData.get(type, image.sourceImageId);
  const over = (fields: Record<string, unknown>) => ({
    ...(source() as object | undefined),
    ...fields,
  });
  const { instance } = image;
  switch (type) {
    case 'instance':
      return instance;
    case 'voiLutModule':
      return {
        windowCenter: [image.window.windowCenter],
        windowWidth: [image.window.windowWidth],
        voiLUTFunction: 'LINEAR',
      };
    case 'modalityLutModule':
      return { rescaleIntercept: 0, rescaleSlope: 1, rescaleType: 'US' };
    case 'scalingModule':
      return undefined;
    case 'imagePixelModule':
      return over({
        bitsAllocated: 32,
        bitsStored: 32,
        highBit: 31,
        pixelRepresentation: 1,
        photometricInterpretation: 'MONOCHROME2',
        samplesPerPixel: 1,
        smallestPixelValue: undefined,
        largestPixelValue: undefined,
      });
    case 'sopCommonModule':
      return over({ sopClassUID: instance.SOPClassUID, sopInstanceUID: instance.SOPInstanceUID });
    case 'generalImageModule':
      return over({
        sopInstanceUID: instance.SOPInstanceUID,
        instanceNumber: instance['InstanceNumber'],
      });
    case 'generalSeriesModule':
      return over({
        seriesInstanceUID: instance.SeriesInstanceUID,
        seriesNumber: instance['SeriesNumber'],
        seriesDescription: instance['SeriesDescription'],
      });
    case 'transferSyntax':
      return { transferSyntaxUID: '1.2.840.10008.1.2.1' };
    default:
      return source();
  }
}
