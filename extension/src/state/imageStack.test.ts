import { automaticImages, imageFurther, risesTowards, sliceOf } from './imageStack';
import { DONE, imageAt, MEASUREMENT, MOVED } from '../../test/testState';
import type { ImageStack } from './HydropsState';

const stack = DONE.stack as ImageStack;
const frames: ImageStack = {
  direction: [0, 0, -1],
  images: [1, 2, 3].map((frameNumber) => ({
    seriesNumber: 5,
    instanceNumber: 1,
    frameNumber,
    sopInstanceUid: '1.2.5.1',
  })),
};

describe('an image that is named', () => {
  it('is found by SOP Instance UID, Instance Number and frame', () => {
    expect(sliceOf(stack, { sopInstanceUid: '1.2.2.7' })).toBe(7);
    expect(sliceOf(stack, { instanceNumber: 38 })).toBe(22);
    expect(sliceOf(frames, { instanceNumber: 1, frameNumber: 3 })).toBe(2);
  });

  it('is refused by what it was named where MRC has none such', () => {
    expect(() => sliceOf(stack, { instanceNumber: 99 })).toThrow(
      'MRC (series 2) has no image with Instance Number (0020,0013) 99.'
    );
    expect(() => sliceOf(frames, { sopInstanceUid: '1.2.5.1', frameNumber: 4 })).toThrow(
      'MRC (series 5) has no image with SOP Instance UID 1.2.5.1, frame 4.'
    );
  });

  it('is refused where several are meant', () => {
    expect(() => sliceOf(frames, { instanceNumber: 1 })).toThrow('3 images or frames');
  });
});

describe('the next image', () => {
  it('is the one of the next higher number, whichever way the stack runs', () => {
    expect(imageFurther(stack, imageAt(22), 1)?.instanceNumber).toBe(39);
    expect(imageFurther(stack, imageAt(22), -1)?.instanceNumber).toBe(37);
    expect(imageFurther(frames, frames.images[0]!, 1)?.frameNumber).toBe(2);
    expect(imageFurther(frames, frames.images[0]!, -1)).toBeNull();
  });

  it('lies in a direction of the patient', () => {
    // Slices run to the head, numbers against them.
    expect(risesTowards(stack)).toEqual({ to: 'the feet', from: 'the head' });
    expect(risesTowards({ ...frames, direction: [0, 0.9, 0.1] })?.to).toBe('the back');
    expect(risesTowards({ ...frames, direction: [0.6, 0.5, 0.62] })).toBeNull();
  });
});

it('the automatic images are known when the reader moves a slice, and when such a result is opened', () => {
  const before = automaticImages(MEASUREMENT, {});
  expect(before.left?.cochlea?.instanceNumber).toBe(38);
  expect(automaticImages(MOVED.measurement!, before)).toEqual(before);
  expect(automaticImages(MOVED.measurement!, {})).toEqual(before);
});
