import { earCentersOf } from '@inner-ear-hydrops/core';
import { NOTICE_MS } from '../host/notices';
import { forgetEmptyEdit } from '../host/undo';
import { isHeld } from '../state/held';
import { EditGuard, refusalNotice } from './editGuard';
import { heldNotice } from './Hold';
import type { OpenResultInput, OpenResultParts, ResultLabelmap } from './resultParts';

/** An ear's middle is that of its automatic labels; where it has none, of the crop that was segmented. */
export function guardLabels(
  { store, notify }: Pick<OpenResultParts, 'store' | 'notify'>,
  labelmap: ResultLabelmap,
  { labels, automatic, ears }: OpenResultInput
): EditGuard {
  const crops = Object.fromEntries(ears.map(({ side, center }) => [side, center]));
  const centers = { ...crops, ...earCentersOf(automatic ?? labels) };
  const hold = {
    isOn: () => isHeld(store.getState()),
    onPutBack: () => notify(heldNotice('The segmentation was not changed')),
  };
  return new EditGuard(labelmap, labels, centers, hold, (refusals) => {
    forgetEmptyEdit(labelmap.segmentationId);
    const { code, title, message } = refusalNotice(refusals);
    notify({
      id: code,
      title,
      message,
      type: 'warning',
      duration: NOTICE_MS,
      // The host keeps back a notice that it has shown in the last half minute.
      allowDuplicates: true,
    });
  });
}
