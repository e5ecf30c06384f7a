import { watchPainting } from '../host/painting';
import type { HydropsLabelmap } from '../host/labelmap';
import type { HostServices, NotificationService, Subscription } from '../host/types';

/** Long enough to read two sentences. */
const NOTICE_MS = 8000;

type Notice = Parameters<NotificationService['show']>[0];

export interface PaintPlacesParts {
  services: Pick<HostServices, 'toolGroupService' | 'viewportGridService' | 'displaySetService'>;
  /** The labels that are edited; null where there are none. */
  labelmap(): Pick<HydropsLabelmap, 'canPaintOn' | 'isChosenIn' | 'isIn' | 'makePaintable'> | null;
  /** Why the labels do not lie on what a viewport shows; null where they do. */
  misplacedOn(viewportId: string): string | null;
  /** What is said where the labels may not be changed at all now; null where they may. */
  heldNotice(): Notice | null;
  notify(notice: Notice): void;
}

/** Tells the reader where brush and eraser cannot paint, and keeps them from there. */
export function watchPaintPlaces(parts: PaintPlacesParts): Subscription {
  const { services, labelmap, notify } = parts;
  const misplaced = (viewportId: string): Notice | null => {
    const words = parts.misplacedOn(viewportId);
    return words === null ? null : noticeOf(words);
  };
  /** Another segmentation that the reader has chosen there is none of ours. */
  const refusal = (viewportId: string): Notice | null =>
    labelmap()?.isChosenIn(viewportId) ? (parts.heldNotice() ?? misplaced(viewportId)) : null;
  return watchPainting(services, {
    canPaint: (viewportId, shape) =>
      refusal(viewportId) === null && (labelmap()?.canPaintOn(viewportId, shape) ?? true),
    onRefused: (viewportId) => {
      const refused = refusal(viewportId) ?? misplaced(viewportId);
      if (refused) return notify(refused);
      const { viewportGridService, displaySetService } = services;
      const shown = viewportGridService.getState().viewports.get(viewportId);
      const uid = shown?.displaySetInstanceUIDs?.[0];
      const series = uid ? displaySetService.getDisplaySetByUID(uid)?.SeriesDescription : undefined;
      const listed = labelmap()?.isIn(viewportId) ?? false;
      if (listed) labelmap()?.makePaintable(viewportId);
      notify(paintNotice(series, listed));
    },
  });
}

/**
 * @param series description of what the viewport shows
 * @param listed whether the viewer lists the labels there, so that it is about to be ready
 */
export function paintNotice(series: string | undefined, listed: boolean): Notice {
  const message = listed
    ? 'The viewer is not ready to draw on this series yet. Try again in a moment.'
    : `Brush and eraser cannot draw on ${series ?? 'this image'}: its images do not lie on those of MRC, ` +
      'pixel on pixel and in the same order. Draw on MRC.';
  return noticeOf(message);
}

function noticeOf(message: string): Notice {
  return {
    id: 'nothing-painted',
    title: 'Nothing was drawn',
    message,
    type: 'warning',
    duration: NOTICE_MS,
    // The host keeps back a notice that it has shown in the last half minute.
    allowDuplicates: true,
  };
}
