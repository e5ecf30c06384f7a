import type { HangingProtocol, HangingProtocolService } from './types';

/** Rows and columns that the reader has chosen in the viewer's layout menu. */
export interface GridChoice {
  numRows: number;
  numCols: number;
}

/**
 * Lets us carry out the reader's choice of rows and columns where another protocol than ours hangs, such as the viewer's
 * reformations: by the protocol's own callback `onLayoutChange`, which keeps the viewer from doing it when it returns
 * false (both hosts). A protocol that has such a callback already keeps it.
 * @param takeOver whether we carry it out
 * @returns the function that leaves the protocols as they were
 */
export function takeGridChoices(
  service: HangingProtocolService,
  ownProtocolId: string,
  takeOver: (choice: GridChoice) => boolean
): () => void {
  let release = (): void => undefined;
  const take = () => {
    release();
    const { protocol } = service.getActiveProtocol();
    release =
      protocol && protocol.id !== ownProtocolId ? lend(protocol, takeOver) : () => undefined;
  };
  take();
  const { unsubscribe } = service.subscribe(service.EVENTS['PROTOCOL_CHANGED'] as string, take);
  return () => {
    unsubscribe();
    release();
  };
}

/** The protocols are the viewer's own objects, the same in all its modes. */
function lend(protocol: HangingProtocol, takeOver: (choice: GridChoice) => boolean): () => void {
  const before = protocol.callbacks;
  if (before?.onLayoutChange) return () => undefined;
  const onLayoutChange = (choice: GridChoice) => !takeOver(choice);
  protocol.callbacks = { ...before, onLayoutChange };
  return () => {
    if (protocol.callbacks?.onLayoutChange !== onLayoutChange) return;
    if (before) protocol.callbacks = before;
    else delete protocol.callbacks;
  };
}
