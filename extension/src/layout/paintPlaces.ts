import { NOTICE_MS } from '../host/notices';
import { watchPainting } from '../host/painting';
import type { HydropsLabelmap } from '../host/labelmap';
import type { DisplaySet, HostServices, NotificationService, Subscription } from '../host/types';
import { attributeText } from '../host/attributeText';

type Notice = Parameters<NotificationService['show']>[0];

export interface PaintPlacesParts {
  services: Pick<HostServices, 'toolGroupService' | 'viewportGridService' | 'displaySetService'>;
  /** What is measured on; null where no series has that role. */
  mrc(): DisplaySet | null;
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
      const displaySet = uid ? displaySetService.getDisplaySetByUID(uid) : undefined;
      const listed = labelmap()?.isIn(viewportId) ?? false;
      if (listed) labelmap()?.makePaintable(viewportId);
      notify(paintNotice(displaySet, parts.mrc(), listed));
    },
  });
}

/**
 * @param displaySet what the viewport shows
 * @param mrc what is measured on
 * @param listed whether the viewer lists the labels there, so that it is about to be ready
 */
export function paintNotice(
  displaySet: DisplaySet | undefined,
  mrc: DisplaySet | null,
  listed: boolean
): Notice {
  if (listed) {
    return noticeOf('The viewer is not ready to draw on this series yet. Try again in a moment.');
  }
  const isOther = displaySet && mrc && displaySet.StudyInstanceUID !== mrc.StudyInstanceUID;
  // A prior's series has the name of the current series.
  const shown = isOther ? ` of ${dateOf(displaySet) ?? 'another examination'}` : '';
  const own = isOther ? ` of ${dateOf(mrc) ?? 'the examination that is measured'}` : '';
  return noticeOf(
    `Brush and eraser cannot draw on ${displaySet?.SeriesDescription ?? 'this image'}${shown}: its images ` +
      `do not lie on those of MRC${own}, pixel for pixel and in the same order. Draw on MRC${own}.`
  );
}

/** By its date people tell a study from the patient's others; null where it has none. */
function dateOf({ instance, instances }: DisplaySet): string | null {
  const date = attributeText(instance ?? instances?.[0] ?? {}, 'StudyDate');
  const parts = /^(\d{4})(\d{2})(\d{2})/.exec(date);
  return parts && parts.slice(1).join('-');
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
