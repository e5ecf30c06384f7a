import { firstItems } from '@inner-ear-hydrops/core';
import { takeGridChoices, type GridChoice } from './layoutChoice';
import type { HangingProtocol } from './types';

/** A viewer in which one protocol hangs after the other. */
function viewer(first: HangingProtocol) {
  let protocol = first;
  const listeners = new Set<(event: Record<string, unknown>) => void>();
  return {
    EVENTS: { PROTOCOL_CHANGED: 'changed' },
    subscribe(_event: string, listener: (event: Record<string, unknown>) => void) {
      listeners.add(listener);
      return { unsubscribe: () => void listeners.delete(listener) };
    },
    addCustomAttribute: () => undefined,
    getActiveProtocol: () => ({ protocol }),
    hang(next: HangingProtocol) {
      protocol = next;
      for (const listener of listeners) listener({});
    },
    /** As the viewer's command does; true where it changes the layout itself. */
    choose: (choice: GridChoice) => protocol.callbacks?.onLayoutChange?.(choice) !== false,
  };
}

const TWO_BY_TWO = { numRows: 2, numCols: 2 };

describe('takeGridChoices', () => {
  it('carries out every choice, in our protocol and in others', () => {
    const service = viewer({ id: 'ours' });
    const carryOut = jest.fn();
    takeGridChoices(service, carryOut);
    expect(service.choose(TWO_BY_TWO)).toBe(false);
    service.hang({ id: 'mpr', callbacks: {} });
    expect(service.choose({ numRows: 1, numCols: 2 })).toBe(false);
    expect(carryOut.mock.calls).toEqual([[TWO_BY_TWO], [{ numRows: 1, numCols: 2 }]]);
  });

  it('leaves each protocol as it was, when the next one hangs and in the end', () => {
    const callbacks = {};
    const [mpr, other] = firstItems(
      [{ id: 'mpr', callbacks }, { id: 'other' }] as HangingProtocol[],
      2
    );
    const service = viewer(mpr);
    const end = takeGridChoices(service, jest.fn());
    expect(mpr.callbacks?.onLayoutChange).toBeDefined();
    service.hang(other);
    expect(mpr.callbacks).toBe(callbacks);
    expect(mpr).toEqual({ id: 'mpr', callbacks: {} });
    expect(service.choose(TWO_BY_TWO)).toBe(false);
    end();
    expect(other).toEqual({ id: 'other' });
    service.hang(mpr);
    expect(mpr).toEqual({ id: 'mpr', callbacks: {} });
  });

  it('does not take the place of a callback that a protocol has', () => {
    const own = jest.fn(() => true);
    const service = viewer({ id: 'site', callbacks: { onLayoutChange: own } });
    const end = takeGridChoices(service, jest.fn());
    expect(service.choose(TWO_BY_TWO)).toBe(true);
    expect(own).toHaveBeenCalledTimes(1);
    end();
    expect(service.getActiveProtocol().protocol.callbacks?.onLayoutChange).toBe(own);
  });
});
