import type { Volume } from '@inner-ear-hydrops/core';
import { cornerstone, type CachedImage } from '../host/cornerstone';
import type { HostInstance } from '../host/types';
import type { DerivedKind } from '../host/displaySets';
import type { DisplayWindow } from './window';

/** One slice of a derived image, as loader and metadata provider need it. */
export interface DerivedImage {
  kind: DerivedKind;
  seriesInstanceUid: string;
  volume: Volume;
  slice: number;
  instance: HostInstance;
  /** The MRC slice that gives patient, study and plane. */
  sourceImageId: string;
  window: DisplayWindow;
}

/** `Enums.ImageQualityStatus.FULL_RESOLUTION` of Cornerstone, which is not there when this module loads. */
const FULL_RESOLUTION = 8;

/** The image as Cornerstone caches it; its pixels are a copy of the slice. */
export function cornerstoneImage(imageId: string, image: DerivedImage): Partial<CachedImage> {
  const { volume, slice } = image;
  const [columns, rows] = volume.size;
  const pixels = volume.data.slice(slice * columns * rows, (slice + 1) * columns * rows);
  const fields = {
    imageId,
    ...extremes(pixels),
    slope: 1,
    intercept: 0,
    ...image.window,
    voiLUTFunction: 'LINEAR',
    getPixelData: () => pixels,
    rows,
    columns,
    height: rows,
    width: columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    photometricInterpretation: 'MONOCHROME2',
    columnPixelSpacing: volume.spacing[0],
    rowPixelSpacing: volume.spacing[1],
    sliceThickness: volume.spacing[2],
    invert: false,
    sizeInBytes: pixels.byteLength,
    dataType: 'Float32Array',
    // Full resolution: without it Cornerstone reports that the image could not be decoded.
    imageQualityStatus: FULL_RESOLUTION,
    preScale: {
      enabled: true,
      scaled: true,
      scalingParameters: { rescaleSlope: 1, rescaleIntercept: 0 },
    },
    voxelManager: cornerstone().utilities.VoxelManager.createImageVoxelManager({
      width: columns,
      height: rows,
      scalarData: pixels,
      numberOfComponents: 1,
      id: imageId,
    }),
  };
  return fields as unknown as Partial<CachedImage>;
}

/** Puts the slice's present values into an image that Cornerstone has cached already. */
export function rewriteCached(cached: CachedImage, image: DerivedImage): void {
  const { volume, slice } = image;
  const perSlice = volume.size[0] * volume.size[1];
  const values = volume.data.subarray(slice * perSlice, (slice + 1) * perSlice);
  const pixels = cached.voxelManager?.getScalarData() as Float32Array | undefined;
  pixels?.set(values);
  Object.assign(cached, { ...extremes(values), ...image.window });
}

function extremes(values: Volume['data']): { minPixelValue: number; maxPixelValue: number } {
  let minPixelValue = Infinity;
  let maxPixelValue = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value < minPixelValue) minPixelValue = value;
    if (value > maxPixelValue) maxPixelValue = value;
  }
  return { minPixelValue, maxPixelValue };
}
