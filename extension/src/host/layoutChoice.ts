import type { HangingProtocol, HangingProtocolService } from './types';

/** Rows and columns that the reader has chosen in the viewer's layout menu. */
export interface GridChoice {
  numRows: number;
  numCols: number;
}

/**
 * Has us carry out the reader's choice of rows and columns, whatever protocol hangs, by the protocol's own callback
 * `onLayoutChange`, which keeps the viewer from doing it when it returns false (both hosts). The viewer would put its
 * own protocol in the place of the one that hangs, without a word, as soon as the grid has a new place. A protocol that
 * has such a callback already keeps it.
 * @returns the function that leaves the protocols as they were
 */
export function takeGridChoices(
  service: HangingProtocolService,
  carryOut: (choice: GridChoice) => void
): () => void {
  let release = (): void => undefined;
  const take = () => {
    release();
    const { protocol } = service.getActiveProtocol();
    release = protocol ? lend(protocol, carryOut) : () => undefined;
  };
  take();
  const { unsubscribe } = service.subscribe(service.EVENTS['PROTOCOL_CHANGED'] as string, take);
  return () => {
    unsubscribe();
    release();
  };
}

/** The protocols are the viewer's own objects, the same in all its modes. */
function lend(protocol: HangingProtocol, carryOut: (choice: GridChoice) => void): () => void {
  const before = protocol.callbacks;
  if (before?.onLayoutChange) return () => undefined;
  const onLayoutChange = (choice: GridChoice) => {
    carryOut(choice);
    return false;
  };
  protocol.callbacks = { ...before, onLayoutChange };
  return () => {
    if (protocol.callbacks?.onLayoutChange !== onLayoutChange) return;
    if (before) protocol.callbacks = before;
    else delete protocol.callbacks;
  };
}
