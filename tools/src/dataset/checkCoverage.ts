import {
  EAR_SIDES,
  imageList,
  imagesOf,
  itemAt,
  ORGAN_KEYS,
  ORGANS,
  type Organ,
  type EarSide,
  type Series,
} from '@inner-ear-hydrops/core';
import { runsOf, type AnnotatedExtent } from './annotatedExtent';
import type { Coverage } from './coverage';
import type { DataProblem } from './labelledStudy';
import { LARGEST_ORGAN, LEAST_SECTION } from './organBounds';

/** mm: what is thinner within the slices, and long across them, was drawn on a plane that crosses them. */
const THIN = 1.5;

/** Annotations that cannot be of an organ, or say nothing of any slice. */
export function checkCoverage(name: string, mrc: Series, coverage: Coverage): DataProblem[] {
  return EAR_SIDES.flatMap((ear) =>
    ORGAN_KEYS.flatMap((organ) => {
      const extent = coverage[ear][organ]?.extent;
      if (!extent) return [];
      const fault = faultOf(extent, ear, organ, mrc);
      return fault ? [{ ...fault, where: name }] : [];
    })
  );
}

function faultOf(
  extent: AnnotatedExtent,
  ear: EarSide,
  organ: Organ,
  mrc: Series
): Omit<DataProblem, 'where'> | null {
  const on = `on series "${mrc.header.seriesDescription}"`;
  const what = `The ${ear} ${organ} ${on}`;
  if (extent.volume > LARGEST_ORGAN)
    return {
      code: 'annotation-too-large',
      message: `${what} measures ${extent.volume.toFixed(0)} mm³; no ${organ} is larger than ${LARGEST_ORGAN} mm³.`,
    };
  if (crossesSlices(extent, organ, mrc))
    return {
      code: 'annotation-across-slices',
      message:
        `${what} is less than ${THIN} mm thick within the slices, but extends over ${extent.slices.length} of them: ` +
        'it was drawn on images that cross them, and no slice shows all of it. Draw it on the images of the series.',
    };
  const stray = strayRun(extent);
  if (!stray) return null;
  const images = imagesOf(mrc);
  const { volume, area } = stray;
  return {
    code: 'annotation-too-small',
    message:
      `${what} is ${volume.toFixed(2)} mm³ on ${imageList(stray.slices.map((k) => itemAt(images, k)))}, at most ${area.toFixed(2)} mm² on one of them` +
      `${stray.slices.length < extent.slices.length ? ', apart from the rest' : ''}; no section of a ${organ} is smaller than ${LEAST_SECTION} mm². Erase it, or draw the organ.`,
  };
}

/** Adjacent slices on none of which the label is as large as a section. */
function strayRun({ slices, areas, volume }: AnnotatedExtent) {
  const areaOf = new Map(slices.map((k, n) => [k, itemAt(areas, n)]));
  const total = areas.reduce((sum, area) => sum + area, 0);
  for (const run of runsOf(slices)) {
    const own = run.map((k) => areaOf.get(k) ?? 0);
    const area = Math.max(...own);
    if (area >= LEAST_SECTION) continue;
    const share = own.reduce((sum, value) => sum + value, 0) / total;
    return { slices: run, area, volume: share * volume };
  }
  return null;
}

/** A label that was drawn on a coronal or sagittal reformation shows as a line on each slice. */
function crossesSlices({ spans }: AnnotatedExtent, organ: Organ, { volume }: Series): boolean {
  const [columns, rows, along] = spans.map(({ longest }, axis) => longest * volume.spacing[axis]!);
  return Math.min(columns!, rows!) < THIN && along! >= ORGANS[organ].leastExtent;
}
