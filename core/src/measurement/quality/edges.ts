import type { PreparedStudy } from '../../study';
import { AXES } from '../../axes';
import { itemAt } from '../../items';
import type { Vector3, Warning } from '../../types';
import { imageName } from '../../volume';
import type { OrganVoxels } from '../organVoxels';

/** Voxels of an organ on an outermost slice, row or column of MRC: as few may lie there by chance. */
const MAX_VOXELS = 2;
/** By axis of the grid: its first and its last layer. */
const BORDERS = [
  ['first column', 'last column'],
  ['first row', 'last row'],
] as const;

/** Organs whose region reaches an end of MRC: what lies beyond it was not segmented, and is missing from every number. */
export function edgeWarnings(
  { mrc, images }: Pick<PreparedStudy, 'mrc' | 'images'>,
  organs: readonly OrganVoxels[]
): Warning[] {
  return organs.flatMap(({ ear, organ, indices }): Warning[] => {
    const cut = cutLayers(mrc.size, indices);
    if (cut.length === 0) return [];
    const where = cut.map(({ axis, last }) =>
      axis === 2
        ? `the ${last ? 'last' : 'first'} image of MRC (${imageName(itemAt(images, last ? -1 : 0))})`
        : `the ${BORDERS[axis][last ? 1 : 0]} of the MRC images`
    );
    return [
      {
        code: 'roi-cut-off',
        message:
          `The region of the ${ear} ${organ} reaches ${where.join(' and ')}: MRC ends within the organ, and what lies ` +
          'beyond is not counted. Send all images of MRC, or repeat it with a stack that holds both ears.',
        ear,
        organ,
        values: { voxels: cut.reduce((sum, { voxels }) => sum + voxels, 0) },
      },
    ];
  });
}

function cutLayers(
  size: Vector3,
  indices: Int32Array
): { axis: 0 | 1 | 2; last: boolean; voxels: number }[] {
  const layers = AXES.flatMap((axis) => [false, true].map((last) => ({ axis, last, voxels: 0 })));
  const [columns, rows] = size;
  for (const n of indices) {
    const at = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))];
    for (const layer of layers)
      if (at[layer.axis] === (layer.last ? size[layer.axis] - 1 : 0)) layer.voxels++;
  }
  return layers.filter(({ voxels }) => voxels > MAX_VOXELS);
}
