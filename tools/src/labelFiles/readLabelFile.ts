import path from 'node:path';
import { contentOf } from '../files/inputFiles';
import { countLabels, type LabelImage, type StoredLabel } from './labelImage';
import { notLabels } from './labelFileError';
import { namesBeside, type LabelNames } from './labelNames';
import { readNiftiLabels } from './readNifti';
import { readNrrdLabels } from './readNrrd';

export interface LabelFile {
  image: LabelImage;
  /** Every label that has a voxel or a name. */
  labels: StoredLabel[];
}

/**
 * A NIfTI or NRRD file of labels, and what names them: the file itself (3D Slicer), else what is given, else what lies beside it.
 * @param given names for all files; null: those beside the file
 * @throws RefusedInputError `label-file-unreadable`, `label-orientation-unknown`, `labels-expected`
 */
export async function readLabelFile(file: string, given: LabelNames | null): Promise<LabelFile> {
  const image = await readLabelImage(file);
  const counted = countLabels(image);
  if (!counted) throw notLabels(file, 'it has hundreds of different values, as an image has');
  const beside = image.named.length > 0 ? null : (given ?? (await namesBeside(file)));
  if (beside) refuseIgnored(file, beside, counted);
  const named =
    beside === null
      ? image.named
      : [...beside.names].map(([value, name]) => ({ layer: 0, value, name }));
  const labels = counted.map((label) => {
    const own = named.find(({ layer, value }) => layer === label.layer && value === label.value);
    return { ...label, name: own?.name ?? null };
  });
  const isCounted = (layer: number, value: number) =>
    counted.some((label) => label.layer === layer && label.value === value);
  const empty = named
    .filter(({ layer, value }) => !isCounted(layer, value))
    .map((label) => ({ ...label, voxels: 0 }));
  return { image, labels: [...labels, ...empty] };
}

/** The voxels and what the file itself says of them. */
export async function readLabelImage(file: string): Promise<LabelImage> {
  const content = await contentOf(file);
  if (/\.nii(\.gz)?$/i.test(file)) return readNiftiLabels(file, content);
  return readNrrdLabels(file, content, (name) => contentOf(path.join(path.dirname(file), name)));
}

/** Voxels that were not annotated are no background, and which organs they may be is not said. */
function refuseIgnored(file: string, { ignored, file: by }: LabelNames, labels: StoredLabel[]) {
  const found = labels.find(({ value }) => value === ignored);
  if (!found) return;
  throw notLabels(
    file,
    `${found.voxels} voxels have the value ${found.value}, which ${by} calls "ignore": nobody annotated them`
  );
}
