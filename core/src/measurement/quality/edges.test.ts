import { images, labelsOn, prepared, SLICES } from '../../../test/testEars';
import type { LabelVolume, Measurement, Vector3 } from '../../types';
import { measure } from '../measure';

const [columns, rows, slices] = images.mrc.size;
const measured = (labels: LabelVolume): Measurement =>
  measure({
    prepared: prepared(images),
    labels,
    automatic: labels,
    representativeSlices: SLICES,
    model: null,
  });
const cutOff = ({ warnings }: Measurement) => warnings.filter(({ code }) => code === 'roi-cut-off');

/** Voxels of the left vestibule (2) painted at some places. */
function withVestibuleAt(...places: Vector3[]): LabelVolume {
  const labels = labelsOn(images.mrc);
  for (const [i, j, k] of places) labels.data[i + columns * (j + rows * k)] = 2;
  return labels;
}

test('organs that lie inside the stack are whole', () => {
  expect(cutOff(measured(labelsOn(images.mrc)))).toEqual([]);
});

test.each<[string, Vector3, Vector3, RegExp]>([
  ['first image', [16, 10, 0], [1, 0, 0], /reaches the first image of MRC \(series 4, image 1\):/],
  [
    'last image',
    [16, 10, slices - 1],
    [1, 0, 0],
    /reaches the last image of MRC \(series 4, image 8\):/,
  ],
  ['last column', [columns - 1, 9, 3], [0, 1, 0], /reaches the last column of the MRC images:/],
  ['last row', [15, rows - 1, 3], [1, 0, 0], /reaches the last row of the MRC images:/],
])(
  'an organ at the %s has no ratio, area or grade; up to two voxels there are none',
  (_, at, step, name) => {
    const place = (n: number): Vector3 => [
      at[0] + n * step[0],
      at[1] + n * step[1],
      at[2] + n * step[2],
    ];
    expect(cutOff(measured(withVestibuleAt(place(0), place(1))))).toEqual([]);
    const result = measured(withVestibuleAt(place(0), place(1), place(2)));
    expect(cutOff(result)).toMatchObject([
      { ear: 'left', organ: 'vestibule', values: { voxels: 3 } },
    ]);
    expect(cutOff(result)[0]?.message).toMatch(name);
    const { left, right } = result.ears;
    expect(left?.vestibule).toMatchObject({ measurable: false, grade: null, mixture: null });
    expect(left?.vestibule?.voided.ratio).toContain('roi-cut-off');
    expect(left?.cochlea?.measurable).toBe(true);
    expect(right?.vestibule?.measurable).toBe(true);
  }
);
