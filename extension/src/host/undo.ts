import type { StepList } from '../state/History';
import { cornerstone } from './cornerstone';

// Steps that the viewer's own undo and redo know.

/**
 * Takes the last labelmap edit out of the host's undo when nothing of it has remained, so that the reader
 * need not press Undo twice. `undoIf` exists in both hosts; without it the empty step stays.
 */
export function forgetEmptyEdit(segmentationId: string): void {
  cornerstone().utilities.HistoryMemo?.DefaultHistoryMemo?.undoIf(
    (memo) =>
      memo.segmentationId === segmentationId &&
      memo.redoVoxelManager?.getArrayOfModifiedSlices().length === 0 &&
      !memo.priorSteps?.length &&
      !memo.postSteps?.length
  );
}

/**
 * Undoes the last labelmap edit if it began with a move of the segment into another layer, as 3.13.2 does
 * where the brush meets a locked segment; older hosts have no layers.
 * @returns false where the last edit is another one: the stroke goes on.
 */
export function undoMovingEdit(segmentationId: string): boolean {
  const history = cornerstone().utilities.HistoryMemo?.DefaultHistoryMemo;
  return Boolean(
    history?.undoIf(
      (memo) => memo.segmentationId === segmentationId && Boolean(memo.priorSteps?.length)
    )
  );
}

/**
 * The viewer's own list of steps, which its buttons and keys (Ctrl+Z, Ctrl+Y) go through. OHIF puts steps of other kinds
 * than edits there in the same way (both hosts). A viewer without the list undoes none of ours.
 */
export const viewerSteps: StepList = {
  push: (step) => {
    cornerstone().utilities.HistoryMemo?.DefaultHistoryMemo?.push({
      restoreMemo: (isUndo) => (isUndo === false ? step.redo() : step.undo()),
    });
  },
  clear: () => {
    const memo = cornerstone().utilities.HistoryMemo?.DefaultHistoryMemo;
    if (memo) memo.size = Number(memo.size);
  },
};
