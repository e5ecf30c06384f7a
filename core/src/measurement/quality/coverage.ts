import { itemAt } from '../../items';
import type { PreparedStudy } from '../../study';
import type { ImageReference, Warning } from '../../types';
import { imageName } from '../../volume';
import type { OrganVoxels } from '../organVoxels';

/** Organs that reach where PPI or PEI has no image: what lies there is neither endolymph nor perilymph. */
export function coverageWarnings(prepared: PreparedStudy, organs: OrganVoxels[]): Warning[] {
  const { uncovered } = prepared;
  if (!uncovered) return [];
  return organs.flatMap(({ ear, organ, indices }) => {
    const lost = indices.filter((n) => uncovered[n] === 1);
    if (lost.length === 0) return [];
    const images = imagesHolding(prepared, lost);
    const first = images[0];
    const names =
      first && imageName(first) + (images.length > 1 ? ` and ${images.length - 1} more` : '');
    return [
      {
        code: 'roi-not-covered' as const,
        message:
          `PPI or PEI has no image for ${lost.length} of the ${indices.length} voxels of the ${ear} ${organ} ` +
          `(MRC ${names}), so it is not measured. Send or acquire series that cover both ears as MRC does.`,
        ear,
        organ,
        values: {
          voxels: lost.length,
          total: indices.length,
        },
      },
    ];
  });
}

function imagesHolding({ mrc, images }: PreparedStudy, voxels: Int32Array): ImageReference[] {
  const plane = mrc.size[0] * mrc.size[1];
  return [...new Set(Array.from(voxels, (n) => Math.floor(n / plane)))].map((k) => itemAt(images, k));
}
