import type { Volume } from '@inner-ear-hydrops/core';
import { cornerstone, tellDisplaySetsChanged, type CachedImage } from './host';
import { DERIVED_FLAG } from './roles';
import type { DisplaySet, DisplaySetService, HostInstance } from './hostTypes';

/** Image ids of the derived series are `hydrops:<series>/<slice k>`. */
const SCHEME = 'hydrops';
/** Above the host's own providers, which know nothing of these images. */
const PROVIDER_PRIORITY = 20_000;

export interface DerivedSeriesInput {
  kind: 'hydrops' | 'hydrops-mi2';
  /** On MRC's grid. */
  volume: Volume;
  /** Instance and image id of MRC's slice k, which give patient, study and plane. */
  instances: HostInstance[];
  imageIds: string[];
  seriesInstanceUid: string;
  seriesNumber: number;
  /** On the same grid: where it is not zero, the window is to show the values well. */
  region?: Uint8Array;
  /** SOP Instance UID of derived slice k. */
  sopInstanceUid: (slice: number) => string;
}

/** A derived series as the viewer holds it. */
export interface ShownSeries {
  kind: DerivedSeriesInput['kind'];
  seriesInstanceUid: string;
  displaySetInstanceUID: string;
}

interface DerivedImage {
  kind: DerivedSeriesInput['kind'];
  seriesInstanceUid: string;
  volume: Volume;
  slice: number;
  instance: HostInstance;
  sourceImageId: string;
  window: number;
}

const TITLES = { hydrops: 'HYDROPS', 'hydrops-mi2': 'HYDROPS-Mi2' } as const;

/** Name of the field of a display set that says which derived image it shows. */
export const DERIVED_KIND = 'hydropsKind';
/** Name of the field of a display set that another one has replaced. */
export const RETIRED_FLAG = 'hydropsReplaced';

/**
 * HYDROPS and HYDROPS-Mi2 as ordinary series of the viewer: an image loader and a metadata provider
 * of our own, on which the host builds display set, thumbnail, stack and volume viewports. Their
 * voxels are the 32-bit values of the measurement itself, not rounded ones.
 */
export class DerivedImages {
  private readonly images = new Map<string, DerivedImage>();
  private readonly current = new Map<DerivedSeriesInput['kind'], ShownSeries>();
  private registered = false;

  constructor(private readonly displaySetService: DisplaySetService) {}

  /**
   * Makes the display set of one derived image. The one before it (`previous`) stays, since the host's
   * viewports break when a display set that they show is taken away: `retire` it once none does.
   */
  show(input: DerivedSeriesInput): { displaySet: DisplaySet; previous: ShownSeries | null } {
    this.register();
    const window = symmetricWindow(input.volume, input.region);
    const instances = input.instances.map((source, slice) => {
      const imageId = `${SCHEME}:${input.seriesInstanceUid}/${slice}`;
      const instance = derivedInstance(source, input, slice, window, imageId);
      this.images.set(imageId, {
        kind: input.kind,
        seriesInstanceUid: input.seriesInstanceUid,
        volume: input.volume,
        slice,
        instance,
        sourceImageId: input.imageIds[slice] as string,
        window,
      });
      return instance;
    });
    // The stack handler lists what it can sort; flags are set before anyone is told by matching on instances.
    const [displaySet] =
      this.displaySetService.makeDisplaySets(instances, { madeInClient: true }) ?? [];
    if (!displaySet) throw new Error(`The viewer made no display set of ${TITLES[input.kind]}.`);
    markDerived(displaySet, input.kind);
    const previous = this.current.get(input.kind) ?? null;
    const series: ShownSeries = {
      kind: input.kind,
      seriesInstanceUid: input.seriesInstanceUid,
      displaySetInstanceUID: displaySet.displaySetInstanceUID,
    };
    this.current.set(input.kind, series);
    return { displaySet, previous };
  }

  displaySetUid(kind: DerivedSeriesInput['kind']): string | null {
    return this.current.get(kind)?.displaySetInstanceUID ?? null;
  }

  /**
   * Hides a series that another one has replaced. Its display set stays until the mode is left: the
   * host keeps layouts that name it and breaks when one comes back without it. Its images show the
   * values of the series that replaced it, so that the old values are freed and shown nowhere.
   */
  retire(series: ShownSeries): void {
    const displaySet = this.displaySetService.getDisplaySetByUID(series.displaySetInstanceUID);
    if (displaySet) {
      displaySet[RETIRED_FLAG] = true;
      displaySet.excludeFromThumbnailBrowser = true;
      tellDisplaySetsChanged(this.displaySetService);
    }
    const current = this.current.get(series.kind);
    const volume = [...this.images.values()].find(
      ({ seriesInstanceUid }) => seriesInstanceUid === current?.seriesInstanceUid
    )?.volume;
    const { cache } = cornerstone();
    for (const [imageId, image] of this.images) {
      if (image.seriesInstanceUid !== series.seriesInstanceUid) continue;
      const fits =
        volume !== undefined && volume.size.every((n, axis) => n === image.volume.size[axis]);
      if (fits) image.volume = volume;
      else this.images.delete(imageId);
      if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
    }
  }

  /**
   * Frees the images, for the end of the stay. The display sets are left to the host, which forgets all
   * of them when it has left the mode: until then a viewport may name one, and breaks without it.
   */
  dispose(): void {
    this.current.clear();
    if (!this.registered) return;
    const { cache, metaData } = cornerstone();
    for (const imageId of this.images.keys()) {
      if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
    }
    this.images.clear();
    metaData.removeProvider(this.provideMetadata);
    this.registered = false;
  }

  private register(): void {
    if (this.registered) return;
    const { imageLoader, metaData } = cornerstone();
    imageLoader.registerImageLoader(SCHEME, (imageId) => ({ promise: this.load(imageId) }));
    metaData.addProvider(this.provideMetadata, PROVIDER_PRIORITY);
    this.registered = true;
  }

  private async load(imageId: string): Promise<unknown> {
    const image = this.images.get(imageId);
    if (!image) throw new Error(`${imageId} belongs to a result that was replaced.`);
    return cornerstoneImage(imageId, image);
  }

  private readonly provideMetadata = (type: string, imageId: string): unknown => {
    if (typeof imageId !== 'string' || !imageId.startsWith(`${SCHEME}:`)) return undefined;
    const image = this.images.get(imageId);
    if (!image) return undefined;
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
        return { windowCenter: [0], windowWidth: [image.window], voiLUTFunction: 'LINEAR' };
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
  };
}

/** Tells the role rules and the hanging protocol what a display set of ours is. */
function markDerived(displaySet: DisplaySet, kind: DerivedSeriesInput['kind']): void {
  displaySet[DERIVED_FLAG] = true;
  displaySet[DERIVED_KIND] = kind;
}

/** Which derived image a display set shows, also before `show` has returned. */
export function derivedKind(displaySet: DisplaySet): DerivedSeriesInput['kind'] | null {
  const kind = displaySet[DERIVED_KIND] ?? displaySet.instances?.[0]?.[DERIVED_KIND];
  return kind === 'hydrops' || kind === 'hydrops-mi2' ? kind : null;
}

function derivedInstance(
  source: HostInstance,
  input: DerivedSeriesInput,
  slice: number,
  window: number,
  imageId: string
): HostInstance {
  const copy: Record<string, unknown> = {};
  // The host's instances may inherit fields, which a spread would lose.
  for (const name in source) copy[name] = source[name];
  for (const name of LEFT_OUT) delete copy[name];
  const { volume } = input;
  const position = volume.origin.map(
    (value, axis) => value + slice * volume.spacing[2] * (volume.direction[6 + axis] as number)
  );
  Object.assign(copy, {
    SOPInstanceUID: input.sopInstanceUid(slice),
    SeriesInstanceUID: input.seriesInstanceUid,
    SeriesNumber: input.seriesNumber,
    SeriesDescription: TITLES[input.kind],
    // As MRC's, so that the viewer sorts and numbers both alike.
    InstanceNumber: source['InstanceNumber'] ?? slice + 1,
    ImageType: ['DERIVED', 'SECONDARY'],
    // An Enhanced multi-frame source becomes one image a slice.
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    ImagePositionPatient: position,
    ImageOrientationPatient: volume.direction.slice(0, 6),
    PixelSpacing: [volume.spacing[1], volume.spacing[0]],
    Rows: volume.size[1],
    Columns: volume.size[0],
    WindowCenter: 0,
    WindowWidth: window,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    BitsAllocated: 32,
    BitsStored: 32,
    HighBit: 31,
    PixelRepresentation: 1,
    [DERIVED_KIND]: input.kind,
  });
  // Enumerable, it would be taken for a DICOM attribute when the host copies the instance.
  Object.defineProperty(copy, 'imageId', { value: imageId, enumerable: false, writable: true });
  return copy as HostInstance;
}

const LEFT_OUT = [
  'imageId',
  'NumberOfFrames',
  'SharedFunctionalGroupsSequence',
  'PerFrameFunctionalGroupsSequence',
  'SmallestImagePixelValue',
  'LargestImagePixelValue',
  'PixelData',
  'WindowCenterWidthExplanation',
];

/** `Enums.ImageQualityStatus.FULL_RESOLUTION` of Cornerstone, which is not there when this module loads. */
const FULL_RESOLUTION = 8;

function cornerstoneImage(imageId: string, image: DerivedImage): Partial<CachedImage> {
  const { volume, slice } = image;
  const [columns, rows] = volume.size;
  const pixels = volume.data.slice(slice * columns * rows, (slice + 1) * columns * rows);
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const value of pixels) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const fields = {
    imageId,
    minPixelValue: minimum,
    maxPixelValue: maximum,
    slope: 1,
    intercept: 0,
    windowCenter: 0,
    windowWidth: image.window,
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
    // Full resolution: without it Cornerstone reports the image as one that could not be decoded.
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

/** Share of the absolute values that a window is to hold, in a region and in a whole volume. */
const SHOWN = { region: 0.95, volume: 0.995 };

/**
 * Width of a window centred on zero: twice the 95th percentile of the absolute values in the region
 * (the ears, beside which all other fluid is too bright to judge them by), or without one twice the 99.5th
 * percentile of those that are not background.
 */
export function symmetricWindow(volume: Volume, region?: Uint8Array): number {
  const within: number[] = [];
  region?.forEach((label, index) => {
    if (label !== 0) within.push(Math.abs(volume.data[index] as number));
  });
  if (within.length > 0) return widthFor(within, SHOWN.region);
  const stride = Math.max(1, Math.floor(volume.data.length / 200_000));
  const magnitudes: number[] = [];
  for (let index = 0; index < volume.data.length; index += stride) {
    const magnitude = Math.abs(volume.data[index] as number);
    if (magnitude > 0) magnitudes.push(magnitude);
  }
  return widthFor(magnitudes, SHOWN.volume);
}

function widthFor(magnitudes: number[], share: number): number {
  if (magnitudes.length === 0) return 2;
  magnitudes.sort((a, b) => a - b);
  return Math.max(1e-3, 2 * (magnitudes[Math.floor((magnitudes.length - 1) * share)] as number));
}
