import { images, labelsOn, prepared, SLICES } from '../../test/testEars';
import type { LabelVolume, Measurement } from '../types';
import { measure, type MeasureInput } from './measure';
import { storedRatios } from './automaticRatios';

const study = prepared(images);
const automatic = labelsOn(images.mrc);
/** The reader took away some of the left cochlea. */
const edited: LabelVolume = {
  ...automatic,
  data: automatic.data.map((label, n) => (label === 1 && n % 3 === 0 ? 0 : label)),
};
const measured = (labels: LabelVolume, more: Partial<MeasureInput> = {}): Measurement =>
  measure({ prepared: study, labels, automatic, automaticSlices: SLICES, model: null, ...more });
const cochlea = ({ ears }: Measurement) => {
  const found = ears.left?.cochlea;
  if (!found) throw new Error('There is no left cochlea.');
  return found;
};

const before = cochlea(measured(automatic));
const ratios = { areaRatio: before.area?.ratio, volumeRatio: before.volume.ratio };

test('an edited region says what it gave before; the others do not', () => {
  const result = measured(edited);
  expect(cochlea(result).automatic).toEqual(ratios);
  // Else it would prove nothing.
  expect(cochlea(result).volume.ratio).not.toBe(before.volume.ratio);
  expect(before).not.toHaveProperty('automatic');
  expect(result.ears.right?.cochlea).not.toHaveProperty('automatic');
});

test('it is that of the slice of the rules, wherever the reader moved the slice', () => {
  const moved = measured(edited, { representativeSlices: { left: { cochlea: 2 } } });
  expect(cochlea(moved).automatic).toEqual(ratios);
});

test('a region that had been edited when it was stored keeps it, and does not take its stored form for the network’s', () => {
  const origins = { left: { cochlea: 'edited' as const } };
  const stored = { automatic: edited, origins };
  const known = { ...stored, automaticRatios: storedRatios(measured(edited)) };
  expect(cochlea(measured(edited, known)).automatic).toEqual(ratios);
  // Edited once more, and where nobody stored it.
  const more = { ...edited, data: edited.data.map((label, n) => (n % 7 === 0 ? 0 : label)) };
  expect(cochlea(measured(more, known)).automatic).toEqual(ratios);
  expect(cochlea(measured(edited, stored)).automatic).toBeNull();
});
