import type { Vector3 } from '@inner-ear-hydrops/core';
import { HydropsService } from '../state/HydropsService';
import { Choosing } from './Choosing';

function choosing(middle: Vector3 | null) {
  const store = new HydropsService({ runCommand: () => undefined });
  const list = { setRole: jest.fn(), resetRole: jest.fn() };
  return { store, choosing: new Choosing({ store, list, middleOfMrc: () => middle }) };
}

it('an ear is placed where the reader says, in the middle of the view, or left to the network', () => {
  const { choosing: reader, store } = choosing([1, 2, 3]);
  reader.setEarCenter('left');
  reader.setEarCenter('right', [4, 5, 6]);
  expect(store.getState().earCenters).toEqual({ left: [1, 2, 3], right: [4, 5, 6] });
  reader.setEarCenter('left', null);
  expect(store.getState().earCenters).toEqual({ right: [4, 5, 6] });
});

it('without a view of MRC there is no place to take, and the ear stays where it was', () => {
  const { choosing: reader, store } = choosing(null);
  reader.setEarCenter('left', [1, 2, 3]);
  reader.setEarCenter('left');
  expect(store.getState()).toMatchObject({
    earCenters: { left: [1, 2, 3] },
    problem: {
      message: 'MRC is not on the screen.',
      remedy: 'Show the MRC series, then set the ear.',
    },
  });
});
