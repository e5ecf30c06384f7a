import { HANGING_PROTOCOL_ID, VIEWPORT_IDS } from '../id';
import type {
  DisplaySet,
  GridViewport,
  HangingProtocol,
  PubSub,
  ViewportGridService,
} from '../host/types';
import { FourImages } from './FourImages';

const displaySet = (uid: string): DisplaySet => ({
  displaySetInstanceUID: uid,
  StudyInstanceUID: '1',
  SeriesInstanceUID: uid,
});

const TWO_BY_TWO = { numRows: 2, numCols: 2 };

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
  layout = { numRows: 0, numCols: 0 };
  readonly setLayout = jest.fn<unknown, Parameters<ViewportGridService['setLayout']>>();
  getState() {
    return { viewports: this.viewports, activeViewportId: null, layout: this.layout };
  }
  /** The host tells that rows and columns have changed. */
  arrange(numRows: number, numCols: number): void {
    this.layout = { numRows, numCols };
    this.tell('layout', this.layout);
  }
}

class Cornerstone extends Events {
  getCornerstoneViewport() {
    return null;
  }
}

/** The reformations hang at first. */
class Protocols extends Events {
  readonly mpr: HangingProtocol = { id: 'mpr', callbacks: {} };
  protocol = this.mpr;
  getActiveProtocol() {
    return { protocol: this.protocol };
  }
  addCustomAttribute() {}
}

describe('the layout of the four images', () => {
  const grid = new Grid();
  const protocols = new Protocols();
  const runCommand = jest.fn();
  const choose = jest.fn();
  const mi2 = displaySet('mi2');
  const layout = new FourImages({
    services: {
      viewportGridService: grid,
      cornerstoneViewportService: new Cornerstone(),
      hangingProtocolService: protocols,
    },
    commandsManager: { runCommand },
    contents: () => ({ mrc: displaySet('mrc'), hydropsMi2: mi2 }),
    others: () => [displaySet('hydrops')],
    successor: (uid) => (uid === 'placeholder' ? mi2 : null),
    choose,
  });
  let end: () => void;
  beforeEach(() => {
    runCommand.mockClear();
    choose.mockClear();
    grid.setLayout.mockClear();
    protocols.protocol = protocols.mpr;
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
    grid.arrange(3, 1);
    expect(updates()).toHaveLength(2);
  });

  it('comes back where another layout has become two by two, not when it is there', () => {
    grid.show(['mpr-axial', 'mrc'], ['x', 'localizer']);
    grid.arrange(2, 2);
    expect(choose.mock.calls).toEqual([[TWO_BY_TWO]]);
    grid.show(...Object.values(VIEWPORT_IDS).map((id): [string, string] => [id, 'chosen']));
    grid.arrange(2, 2);
    grid.arrange(1, 2);
    expect(choose).toHaveBeenCalledTimes(1);
  });

  it('a layout that is told of late, when the next one is there, is none', () => {
    grid.show([VIEWPORT_IDS.mrc, 'mrc'], [VIEWPORT_IDS.ppi, 'ppi']);
    grid.arrange(2, 1);
    grid.tell('layout', TWO_BY_TWO);
    expect(choose).not.toHaveBeenCalled();
  });

  it('carries out every choice of rows and columns itself, in a reformation, too', () => {
    const callbacks = () => protocols.mpr.callbacks;
    for (const [numRows, numCols] of [
      [1, 2],
      [2, 2],
    ] as const) {
      expect(callbacks()?.onLayoutChange?.({ numRows, numCols })).toBe(false);
      expect(choose).toHaveBeenLastCalledWith({ numRows, numCols });
    }
    end();
    expect(callbacks()).toEqual({});
  });

  it('our protocol keeps hanging in every grid, and hangs again first where another one does', () => {
    const hung = () => runCommand.mock.calls.filter(([name]) => name === 'setHangingProtocol');
    const chosen = { numRows: 2, numCols: 3 };
    grid.show([VIEWPORT_IDS.mrc, 'mrc']);
    for (const [protocol, times] of [
      [{ id: HANGING_PROTOCOL_ID }, 0],
      [protocols.mpr, 1],
    ] as const) {
      protocols.protocol = protocol;
      void layout.restore(chosen);
      expect(hung()).toHaveLength(times);
      const laid = grid.setLayout.mock.lastCall?.[0];
      expect(laid).toMatchObject({ ...chosen, isHangingProtocolLayout: true });
      const uids = [0, 1, 2].map((n) => laid?.findOrCreateViewport(n)?.displaySetInstanceUIDs);
      expect(uids).toEqual([['mrc'], ['mi2'], ['hydrops']]);
    }
    void layout.restore();
    expect(hung()).toHaveLength(2);
    expect(grid.setLayout).toHaveBeenCalledTimes(2);
    // Ends the waiting.
    grid.show(...Object.values(VIEWPORT_IDS).map((id): [string] => [id]));
    grid.tell('grid');
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
