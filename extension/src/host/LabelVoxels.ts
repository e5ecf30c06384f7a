import { SEGMENT_NUMBERS } from '@inner-ear-hydrops/core';
import type { LabelVolume } from '@inner-ear-hydrops/core';
import { cornerstone, type CachedImage } from './cornerstone';
import type { HostSegmentation } from './types';

/** By value: itself where it is a segment of ours, else 0. */
const OURS = Uint8Array.from({ length: 256 }, (_, value) =>
  SEGMENT_NUMBERS.has(value) ? value : 0
);

/**
 * The voxels of a labelmap as the host's cache holds them: written and read image by image, matched by the id of the
 * image that each one lies on.
 */
export class LabelVoxels {
  /** Slice k of MRC by host image id. */
  readonly sliceOfImage: ReadonlyMap<string, number>;

  /** @param imageIds host image id of MRC's slice k */
  constructor(
    private readonly segmentation: () => HostSegmentation | null | undefined,
    imageIds: readonly string[]
  ) {
    this.sliceOfImage = new Map(imageIds.map((imageId, slice) => [imageId, slice]));
  }

  /** Whether these are the images that they lie on. */
  lieOn(imageIds: readonly string[]): boolean {
    return (
      imageIds.length === this.sliceOfImage.size &&
      imageIds.every((imageId) => this.sliceOfImage.has(imageId))
    );
  }

  /** Replaces every voxel. */
  write(labels: LabelVolume): void {
    const perSlice = labels.size[0] * labels.size[1];
    for (const { image, slice } of this.slices()) {
      const part = labels.data.subarray(slice * perSlice, (slice + 1) * perSlice);
      const data = image.voxelManager?.getScalarData() as Uint8Array | undefined;
      if (!data) continue;
      data.set(part);
      image.voxelManager?.setScalarData?.(data);
    }
  }

  /** The labels as they stand; values of no segment of ours (added by a reader) are left out. */
  read(like: LabelVolume): LabelVolume {
    const perSlice = like.size[0] * like.size[1];
    const data = new Uint8Array(like.data.length);
    for (const { image, slice } of this.slices()) {
      const source = image.voxelManager?.getScalarData();
      if (source) data.set(source, slice * perSlice);
    }
    // Millions, after every stroke: an iterator or a set would take ten times as long.
    for (let index = 0; index < data.length; index++) data[index] = OURS[data[index]!]!;
    return { ...like, data };
  }

  /** The host's own arrays, one for each slice k. */
  arrays(): { slice: number; data: Uint8Array }[] {
    return this.slices().flatMap(({ image, slice }) => {
      const data = image.voxelManager?.getScalarData();
      return data instanceof Uint8Array ? [{ slice, data }] : [];
    });
  }

  private slices(): { image: CachedImage; slice: number }[] {
    const derived = this.segmentation()?.representationData?.Labelmap?.imageIds ?? [];
    const { cache } = cornerstone();
    const found = derived.flatMap((imageId) => {
      const image = cache.getImage(imageId);
      const slice = image?.referencedImageId && this.sliceOfImage.get(image.referencedImageId);
      return image && slice !== undefined && slice !== '' ? [{ image, slice }] : [];
    });
    if (found.length !== this.sliceOfImage.size) {
      throw new Error(
        `The viewer holds ${found.length} of ${this.sliceOfImage.size} slices of the segmentation.`
      );
    }
    return found;
  }
}
