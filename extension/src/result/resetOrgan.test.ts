import { SEGMENTS, type LabelVolume } from '@inner-ear-hydrops/core';
import { withAutomaticOrgan } from './resetOrgan';

const labels = (values: number[]): LabelVolume => ({
  size: [values.length, 1, 1],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  data: Uint8Array.from(values),
  segments: [...SEGMENTS],
});

it('gives one organ back as it was and leaves the edits of the others', () => {
  // Erased, painted over, added on background, added on the vestibule; then edits of the vestibule alone.
  const automatic = labels([1, 1, 0, 2, 2, 0]);
  const edited = labels([0, 2, 1, 1, 0, 2]);
  const { data } = withAutomaticOrgan(edited, automatic, { ear: 'left', organ: 'cochlea' });
  expect([...data]).toEqual([1, 1, 0, 2, 0, 2]);
  expect([...edited.data]).toEqual([0, 2, 1, 1, 0, 2]);
});
