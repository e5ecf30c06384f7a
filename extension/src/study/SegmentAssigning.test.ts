/** @jest-environment jsdom */
import { INITIAL_STATE, type HydropsState } from '../state/HydropsState';
import { organsOf } from '../state/foreignSegments';
import type { Store } from '../state/transitions';
import { SegmentAssigning } from './SegmentAssigning';

/** A stay in the mode: the state begins empty, the browser's storage does not. */
function stay(isKept = true) {
  let state: HydropsState = INITIAL_STATE;
  const store: Store = {
    getState: () => state,
    apply: (transition) => void (state = { ...state, ...transition(state) }),
  };
  const assigning = new SegmentAssigning({ store, isKept });
  return { assigning, assignments: () => state.segmentAssignments };
}

beforeEach(() => localStorage.clear());

it('an assignment survives a reload', () => {
  const { assigning, assignments } = stay();
  assigning.assign('1.2.3', 5, 2);
  assigning.assign('1.2.3', 6, 0);
  expect(assignments()).toEqual({ '1.2.3': { 5: 2, 6: 0 } });
  expect(stay().assigning.remembered()).toEqual({ '1.2.3': { 5: 2, 6: 0 } });
});

it('taken back, nothing of it stays', () => {
  const { assigning, assignments } = stay();
  assigning.assign('1.2.3', 5, 2);
  assigning.assign('1.2.3', 5, null);
  expect(assignments()).toEqual({});
  expect(stay().assigning.remembered()).toEqual({});
});

it('where the site keeps nothing in browsers, it lasts as long as the page', () => {
  const { assigning, assignments } = stay(false);
  assigning.assign('1.2.3', 5, 2);
  expect(assignments()).toEqual({ '1.2.3': { 5: 2 } });
  expect(localStorage).toHaveLength(0);
  localStorage.setItem('inner-ear-hydrops.segment-organs', '{"1.2.3":{"5":2}}');
  expect(stay(false).assigning.remembered()).toEqual({});
});

it('what no organ is called, and what another program left behind, counts for nothing', () => {
  const { assigning, assignments } = stay();
  assigning.assign('1.2.3', 5, 77);
  expect(assignments()).toEqual({});
  for (const left of ['no json', '[1]', '{"a":{"x":1,"2":9,"3":4},"b":null}']) {
    localStorage.setItem('inner-ear-hydrops.segment-organs', left);
    const found = stay().assigning.remembered();
    expect(found).toEqual(left.startsWith('{') ? { a: { 3: 4 } } : {});
  }
});

it('only the latest segmentations are remembered', () => {
  const { assigning } = stay();
  for (let n = 0; n < 60; n++) assigning.assign(`1.2.${n}`, 1, 1);
  const found = Object.keys(stay().assigning.remembered());
  expect(found).toHaveLength(50);
  expect(found.at(-1)).toBe('1.2.59');
});

it('an assignment comes before a name', () => {
  const segments = [
    { number: 1, label: 'Left cochlea', organ: 1 },
    { number: 2, label: 'B', organ: null },
  ];
  expect(organsOf(segments)).toEqual(['Left cochlea']);
  expect(organsOf(segments, { 1: 0, 2: 4 })).toEqual(['Right vestibule']);
});
