import { VIEWPORT_IDS } from '../id';
import type { DisplaySet, GridViewport, HangingProtocol, PubSub } from '../host/types';
import { FourImages } from './FourImages';

const displaySet = (uid: string): DisplaySet => ({
  displaySetInstanceUID: uid,
  StudyInstanceUID: '1',
  SeriesInstanceUID: uid,
});

/** A service's events, told by hand. */
class Events implements PubSub {
  readonly EVENTS = {
    LAYOUT_CHANGED: 'layout',
    GRID_STATE_CHANGED: 'grid',
    VIEWPORT_DATA_CHANGED: 'data',
  };
  private readonly listeners = new Map<string, Set<(event: Record<string, unknown>) => void>>();

  subscribe(event: string, listener: (event: Record<string, unknown>) => void) {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners.add(listener));
    return { unsubscribe: () => void listeners.delete(listener) };
  }

  tell(event: string, data: Record<string, unknown> = {}): void {
    for (const listener of this.listeners.get(event) ?? []) listener(data);
  }
}

class Grid extends Events {
  viewports = new Map<string, GridViewport>();
  show(...shown: [viewportId: string, ...uids: string[]][]): void {
    this.viewports = new Map(
      shown.map(([viewportId, ...displaySetInstanceUIDs]) => [
        viewportId,
        { viewportId, displaySetInstanceUIDs },
      ])
    );
  }
  getState() {
    return { viewports: this.viewports, activeViewportId: null };
  }
}

class Cornerstone extends Events {
  getCornerstoneViewport() {
    return null;
  }
}

/** The reformations hang. */
class Protocols extends Events {
  readonly mpr: HangingProtocol = { id: 'mpr', callbacks: {} };
  getActiveProtocol() {
    return { protocol: this.mpr };
  }
  addCustomAttribute() {}
}

describe('the layout of the four images', () => {
  const grid = new Grid();
  const protocols = new Protocols();
  const runCommand = jest.fn();
  const restore = jest.fn();
  const mi2 = displaySet('mi2');
  const layout = new FourImages({
    services: {
      viewportGridService: grid,
      cornerstoneViewportService: new Cornerstone(),
      hangingProtocolService: protocols,
    },
    commandsManager: { runCommand },
    contents: () => ({ mrc: displaySet('mrc'), hydropsMi2: mi2 }),
    successor: (uid) => (uid === 'placeholder' ? mi2 : null),
    restore,
  });
  let end: () => void;
  beforeEach(() => {
    runCommand.mockClear();
    restore.mockClear();
    end = layout.watch();
  });
  afterEach(() => end());
  const updates = () =>
    runCommand.mock.calls.map(([, options]: [string, { viewportsToUpdate: unknown[] }]) =>
      options.viewportsToUpdate.flat()
    );

  it('replaces the empty place wherever a layout brings it, once for each time', () => {
    grid.show(['any', 'localizer'], ['other', 'placeholder']);
    grid.tell('grid');
    // The grid's state follows late: it is asked again before it has changed.
    grid.tell('grid');
    expect(updates()).toEqual([[{ viewportId: 'other', displaySetInstanceUIDs: ['mi2'] }]]);
    grid.show(['any', 'localizer'], ['other', 'mi2']);
    grid.tell('grid');
    grid.show(['any', 'localizer'], ['other', 'placeholder']);
    grid.tell('layout', { numRows: 3, numCols: 1 });
    expect(updates()).toHaveLength(2);
  });

  it('comes back when the reader chooses two by two in another layout, not when it is there', () => {
    grid.show(['mpr-axial', 'mrc'], ['x', 'localizer']);
    grid.tell('layout', { numRows: 2, numCols: 2 });
    expect(restore).toHaveBeenCalledTimes(1);
    grid.show(...Object.values(VIEWPORT_IDS).map((id): [string, string] => [id, 'chosen']));
    grid.tell('layout', { numRows: 2, numCols: 2 });
    grid.tell('layout', { numRows: 1, numCols: 2 });
    expect(restore).toHaveBeenCalledTimes(1);
  });

  it('carries out the choice of two by two in a reformation itself, and no other', () => {
    const choose = (numRows: number, numCols: number) =>
      protocols.mpr.callbacks?.onLayoutChange?.({ numRows, numCols });
    expect(choose(1, 2)).toBe(true);
    expect(restore).not.toHaveBeenCalled();
    expect(choose(2, 2)).toBe(false);
    expect(restore).toHaveBeenCalledTimes(1);
    end();
    expect(protocols.mpr.callbacks).toEqual({});
  });

  it('fills only places that are on screen and show something else', () => {
    grid.show([VIEWPORT_IDS.mrc, 'mrc'], [VIEWPORT_IDS.hydropsMi2, 'placeholder']);
    layout.fill();
    expect(updates()).toEqual([
      [
        {
          viewportId: VIEWPORT_IDS.hydropsMi2,
          displaySetInstanceUIDs: ['mi2'],
          displaySetOptions: [{ id: 'hydropsMi2', options: {} }],
        },
      ],
    ]);
  });
});
