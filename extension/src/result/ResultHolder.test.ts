import { RefusedInputError } from '@inner-ear-hydrops/core';
import { ResultHolder } from './ResultHolder';
import {
  at,
  FakeHistory,
  FakeImages,
  Held,
  input,
  labels,
  MRC,
  openStudy,
} from '../../test/testStudy';

/** A holder with a result on the screen that the reader has painted. */
async function painted() {
  const images = new FakeImages();
  const kept: { labels: number[]; findingsStay: boolean }[] = [];
  const replaced = jest.fn();
  const holder = new ResultHolder({
    store: openStudy(),
    images,
    mrc: () => MRC,
    history: new FakeHistory(),
    notify: jest.fn(),
    onChange: jest.fn(),
    unsaved: {
      keepReplaced: async (findingsStay) => {
        const { current } = holder;
        if (current) kept.push({ labels: [...current.currentLabels().data], findingsStay });
      },
      replaced: async () => void replaced(holder.current),
    },
  });
  await holder.open(input(), { discardUnsaved: false });
  replaced.mockClear();
  images.labelmap.paint(at(0, 0, 22), 1);
  const stroke = [...images.labelmap.data];
  return { holder, images, kept, replaced, stroke };
}

it('what is unsaved is kept before the new labels are written over it, and offered with the new result', async () => {
  const { holder, kept, replaced, stroke } = await painted();
  const before = holder.current;
  await holder.open(input(), { discardUnsaved: false });
  expect(kept).toEqual([{ labels: stroke, findingsStay: true }]);
  expect(holder.current).not.toBe(before);
  expect(replaced).toHaveBeenCalledWith(holder.current);
  await holder.open(input(), { before: () => ({}), discardUnsaved: false });
  expect(kept[1]?.findingsStay).toBe(false);
});

it('a result that was replaced keeps its own labels, and reads none of the next', async () => {
  const { holder, images, stroke } = await painted();
  const before = holder.current!;
  before.currentLabels();
  await holder.open(input(), { discardUnsaved: true });
  images.labelmap.paint(at(0, 0, 23), 1);
  expect([...before.currentLabels().data]).toEqual(stroke);
});

it('what cannot be kept stays on the screen, and the new result is let go', async () => {
  const { holder, images, replaced, stroke } = await painted();
  const before = holder.current;
  const held = new Held();
  const other = input({ held: held as never });
  const refusal = new RefusedInputError('unsaved-not-kept', 'Not kept.', 'Save.');
  jest.spyOn(holder['parts'].unsaved, 'keepReplaced').mockRejectedValue(refusal);
  await expect(holder.open(other, { discardUnsaved: false })).rejects.toBe(refusal);
  expect(holder.current).toBe(before);
  expect([...images.labelmap.data]).toEqual(stroke);
  expect(held.dispose).toHaveBeenCalledTimes(1);
  expect(replaced).not.toHaveBeenCalled();
  // Once the reader has agreed to lose it.
  await holder.open(input(), { discardUnsaved: true });
  expect([...images.labelmap.data]).toEqual([...labels().data]);
});
