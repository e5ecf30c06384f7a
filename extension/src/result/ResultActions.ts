import type { EarSide, Organ } from '@inner-ear-hydrops/core';
import { sliceOf, type WantedImage } from '../state/imageStack';
import type { OpenResult, OrganName } from './OpenResult';
import type { ImageStack } from '../state/HydropsState';

interface Parts {
  result(): Pick<OpenResult, 'setRepresentativeSlice' | 'reset' | 'goTo'> | null;
  /** MRC of the open result. */
  stack(): ImageStack | null;
  /** Tells the reader that there is no result yet. */
  refuse(message: string): void;
  /** Tells the reader what went wrong. */
  fail(error: unknown): void;
}

/** The commands that change the open result or move in it. Slices k stay inside: images are named. */
export class ResultActions {
  constructor(private readonly parts: Parts) {}

  /** @param target the organ whose segmentation is reset; absent: all of them, and the slices. */
  resetSegmentation(target?: OrganName): void {
    const result = this.parts.result();
    if (!result) return this.parts.refuse('There is no segmentation to reset yet.');
    result.reset(target);
  }

  /** @param wanted an image of MRC; null: the automatic image. */
  setRepresentativeSlice(ear: EarSide, organ: Organ, wanted: WantedImage | null): void {
    const result = this.parts.result();
    if (!result) return this.parts.refuse('There is no result yet.');
    const slice = wanted && this.sliceOf(wanted);
    if (slice === undefined) return;
    result.setRepresentativeSlice(ear, organ, slice);
    void result.goTo(ear, organ);
  }

  /** @param wanted an image of MRC; absent: the representative image. */
  async goToOrgan(ear: EarSide, organ: Organ, wanted?: WantedImage): Promise<void> {
    const slice = wanted && this.sliceOf(wanted);
    if (wanted && slice === undefined) return;
    await this.parts.result()?.goTo(ear, organ, slice);
  }

  /** Undefined, with a word to the reader, where MRC has no such image. */
  private sliceOf(wanted: WantedImage): number | undefined {
    const stack = this.parts.stack();
    if (!stack) return undefined;
    try {
      return sliceOf(stack, wanted);
    } catch (error) {
      this.parts.fail(error);
      return undefined;
    }
  }
}
