import type { MovedSeries } from '../derived/showDerived';
import type { HostServices } from '../host/types';

type GridServices = Pick<HostServices, 'viewportGridService' | 'displaySetService'>;

/** The series that a viewport shows as it was acquired, although the region was measured on it moved; null elsewhere. */
export function movedSeriesIn(
  { viewportGridService, displaySetService }: GridServices,
  viewportId: string,
  moved: readonly MovedSeries[]
): MovedSeries | null {
  if (moved.length === 0) return null;
  const shown = viewportGridService.getState().viewports.get(viewportId);
  const uid = shown?.displaySetInstanceUIDs?.[0];
  const series = uid ? displaySetService.getDisplaySetByUID(uid)?.SeriesInstanceUID : undefined;
  return moved.find(({ seriesInstanceUid }) => seriesInstanceUid === series) ?? null;
}

/** Why there is no outline. */
export function movedNote({ name, displacement, corrected }: MovedSeries): string {
  return `${name} as acquired lies ${millimetres(displacement)} from MRC: no outline here. See "${corrected}".`;
}

/** Why brush and eraser do nothing. */
export function movedPaintNote({ name, displacement, corrected }: MovedSeries): string {
  return (
    `Brush and eraser cannot draw on ${name} as it was acquired: at the ears it lies ${millimetres(displacement)} from ` +
    `MRC. Draw on "${corrected}" or on MRC.`
  );
}

const millimetres = (length: number): string => `${length.toFixed(1)} mm`;
