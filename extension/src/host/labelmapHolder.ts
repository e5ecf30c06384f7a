import type { LabelVolume } from '@inner-ear-hydrops/core';
import { HydropsLabelmap } from './labelmap';
import type { DisplaySet, HostServices } from './types';

/** The one labelmap of the open MRC series. It outlives results, which write their labels into it. */
export class LabelmapHolder {
  current: HydropsLabelmap | null = null;

  /** @param onChange called after each change of the voxels, the reader's or ours */
  constructor(
    private readonly services: HostServices,
    private readonly onChange: () => void
  ) {}

  /**
   * The labelmap with these labels: the one that is there, or a new one where MRC is another series or the
   * reader has deleted it.
   * @param imageIds host image id of MRC's slice k
   */
  async open(mrc: DisplaySet, imageIds: string[], labels: LabelVolume): Promise<HydropsLabelmap> {
    const { current } = this;
    if (current?.exists() && current.liesOn(imageIds)) {
      current.write(labels);
      return current;
    }
    this.dispose();
    this.current = await HydropsLabelmap.create(
      this.services,
      mrc,
      imageIds,
      labels,
      this.onChange
    );
    return this.current;
  }

  dispose(): void {
    this.current?.dispose();
    this.current = null;
  }
}
