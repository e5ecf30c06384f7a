import { MEASUREMENT } from '../../test/testState';
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
import type { OpenResult } from './OpenResult';
import type { OpenResultInput } from './resultParts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Time in which the pause after a stroke is over. */
const settle = () => jest.advanceTimersByTimeAsync(1000);

async function opened(change: Partial<OpenResultInput> = {}) {
  const store = openStudy();
  const images = new FakeImages();
  const onChange = jest.fn();
  const held = new Held();
  const history = new FakeHistory();
  const unsaved = { keepReplaced: async () => undefined, replaced: async () => undefined };
  const parts = { store, images, mrc: () => MRC, history, notify: jest.fn(), onChange, unsaved };
  const holder = new ResultHolder(parts);
  await holder.open(input({ held: held as never, ...change }), { discardUnsaved: false });
  const result = holder.current as OpenResult;
  return { store, images, history, onChange, held, holder, result, labelmap: images.labelmap };
}
const EDITED = { ...MEASUREMENT, choices: { ...MEASUREMENT.choices, region: 'reader' as const } };

it('a result is shown with what it was measured with, and the view goes to its first organ', async () => {
  const { store, images } = await opened();
  expect(store.getState()).toMatchObject({ measurement: MEASUREMENT, edited: false });
  expect(store.getState().measuredWith?.method).toBe('hydrops-mi2');
  expect(store.getState().stack?.images).toHaveLength(48);
  expect(images.showRegion).toHaveBeenCalled();
  expect(images.goTo).toHaveBeenCalled();
});

it('strokes that follow each other are measured once, and what was saved is no longer', async () => {
  const { store, labelmap, held, onChange } = await opened();
  store.apply(() => ({ save: { status: 'saved', message: '' } }));
  labelmap.paint(at(0, 0, 22), 1);
  labelmap.paint(at(0, 2, 22), 1);
  expect(held.asked).toHaveLength(0);
  await settle();
  expect(held.asked).toHaveLength(1);
  expect(held.asked[0]?.labels.data[at(0, 2, 22)]).toBe(1);
  held.asked[0]?.answer(EDITED);
  await settle();
  expect(store.getState()).toMatchObject({ measurement: EDITED, save: { status: 'none' } });
  expect(onChange).toHaveBeenCalledTimes(1);
});

it('of a measurement that a later edit has overtaken nothing is shown', async () => {
  const { store, labelmap, held, result } = await opened();
  labelmap.paint(at(0, 0, 22), 1);
  await settle();
  labelmap.paint(at(0, 2, 22), 1);
  await settle();
  const settled = result.settled();
  held.asked[0]?.answer({ ...MEASUREMENT, warnings: [] });
  await settle();
  expect(store.getState().measurement).toBe(MEASUREMENT);
  held.asked[1]?.answer(EDITED);
  await settled;
  expect(store.getState().measurement).toBe(EDITED);
});

it('an edit that is still being drawn is measured before the result is stored', async () => {
  const { labelmap, held, result } = await opened();
  labelmap.paint(at(0, 0, 22), 1);
  const settled = result.settled();
  expect(held.asked).toHaveLength(1);
  held.asked[0]?.answer(EDITED);
  await settled;
  expect(result.measurement).toBe(EDITED);
});

it('a stroke during that measurement is measured too: labels and numbers that are stored belong together', async () => {
  const { labelmap, held, result } = await opened();
  labelmap.paint(at(0, 0, 22), 1);
  const done = jest.fn();
  const settled = result.settled().then(done);
  labelmap.paint(at(0, 2, 22), 1);
  held.asked[0]?.answer({ ...MEASUREMENT, warnings: [] });
  await jest.advanceTimersByTimeAsync(0);
  expect(done).not.toHaveBeenCalled();
  expect(held.asked[1]?.labels.data[at(0, 2, 22)]).toBe(1);
  held.asked[1]?.answer(EDITED);
  await settled;
  expect(result.measurement).toBe(EDITED);
});

it('the automatic slice is not a choice of the reader’s', async () => {
  const { store, held, result } = await opened();
  result.setRepresentativeSlice('left', 'cochlea', 24);
  result.setRepresentativeSlice('left', 'cochlea', 22);
  expect(held.asked.map(({ slices }) => slices)).toEqual([{ left: { cochlea: 24 } }, { left: {} }]);
  held.asked[1]?.answer(MEASUREMENT);
  await settle();
  expect(store.getState().representativeImages.chosen).toEqual({});
  expect(result.hasChosenSlices()).toBe(false);
});

it('Reset brings labels and slices of the network back, of one organ its labels alone', async () => {
  const { labelmap, held, result } = await opened();
  labelmap.paint(at(0, 0, 22), 1);
  labelmap.paint(at(1, 0, 22), 2);
  result.setRepresentativeSlice('left', 'cochlea', 24);
  result.reset({ ear: 'left', organ: 'cochlea' });
  expect(labelmap.data[at(0, 0, 22)]).toBe(0);
  expect(labelmap.data[at(1, 0, 22)]).toBe(2);
  result.reset();
  expect([...labelmap.data]).toEqual([...labels().data]);
  expect(held.asked.at(-1)?.slices).toEqual({});
});

it('a stroke just made is measured as it was, though the viewer has forgotten the labelmap', async () => {
  const { labelmap, held, holder, result } = await opened();
  expect(result.isSettled()).toBe(true);
  labelmap.paint(at(0, 0, 22), 1);
  expect(result.isSettled()).toBe(false);
  const settled = result.settled();
  holder.leave();
  labelmap.data.fill(0);
  held.asked[0]?.answer(EDITED);
  await settled;
  expect(result.isSettled()).toBe(true);
  expect(result.measurement).toBe(EDITED);
  expect(result.currentLabels().data[at(0, 0, 22)]).toBe(1);
});

it('a result is let go when another result is shown', async () => {
  const { holder, held, labelmap, store } = await opened();
  labelmap.paint(at(0, 0, 22), 1);
  await settle();
  await holder.open(input(), { discardUnsaved: false });
  expect(held.dispose).toHaveBeenCalledTimes(1);
  held.asked[0]?.answer(EDITED);
  await settle();
  expect(store.getState().measurement).toBe(MEASUREMENT);
});

it('Undo brings back the labels and slices that a reset has taken away, and Redo resets again', async () => {
  const { labelmap, held, result, history } = await opened();
  labelmap.paint(at(0, 0, 22), 1);
  result.setRepresentativeSlice('left', 'cochlea', 24);
  const painted = [...labelmap.data];
  result.reset();
  history.undo();
  expect([...labelmap.data]).toEqual(painted);
  expect(held.asked.at(-1)).toMatchObject({
    labels: { data: labelmap.data },
    slices: { left: { cochlea: 24 } },
  });
  history.undo();
  expect(held.asked.at(-1)?.slices).toEqual({});
  history.redo();
  expect(held.asked.at(-1)?.slices).toEqual({ left: { cochlea: 24 } });
  history.redo();
  expect([...labelmap.data]).toEqual([...labels().data]);
});

it('what the undo of a reset brings back is not taken for paint in the wrong ear', async () => {
  // As another reader, or another software, may have stored it: a voxel of the left ear in the right ear.
  const stored = labels();
  stored.data[at(3, 0, 22)] = 1;
  const { labelmap, held, result, history } = await opened({
    labels: stored,
    automatic: labels(),
  });
  result.reset();
  history.undo();
  labelmap.paint(at(0, 0, 22), 1);
  await settle();
  expect(held.asked.at(-1)?.labels.data[at(0, 0, 22)]).toBe(1);
  expect(held.asked.at(-1)?.labels.data[at(3, 0, 22)]).toBe(1);
});

it('Undo goes back to nothing that belongs to the result before', async () => {
  const { holder, labelmap, held, result, history } = await opened();
  labelmap.paint(at(0, 0, 22), 1);
  result.reset();
  await holder.open(input(), { discardUnsaved: false });
  const asked = held.asked.length;
  history.undo();
  expect([...labelmap.data]).toEqual([...labels().data]);
  // The worker has let that study go.
  expect(held.asked).toHaveLength(asked);
});
