/** @jest-environment jsdom */
import type { Camera, DisplaySet, GridViewport } from '../host/types';
import { HANGING_PROTOCOL_ID } from '../id';
import { PlaceKeeper, type PlaceKeeperParts } from './PlaceKeeper';

const MRC = {
  displaySetInstanceUID: 'mrc',
  FrameOfReferenceUID: '1.2',
  instances: [{}],
} as unknown as DisplaySet;

/** A stack viewport of one image, as large as its pane. */
class Viewport {
  readonly type = 'stack';
  readonly element = document.createElement('div');
  viewportStatus = 'rendered';
  camera: Camera = {
    focalPoint: [0, 0, 0],
    position: [0, 0, -100],
    viewPlaneNormal: [0, 0, -1],
    parallelScale: 40,
  };
  constructor(
    readonly id: string,
    width: number,
    height: number
  ) {
    this.resize(width, height);
    document.body.append(this.element);
  }
  resize(width: number, height: number) {
    Object.defineProperties(this.element, {
      clientWidth: { value: width, configurable: true },
      clientHeight: { value: height, configurable: true },
    });
  }
  /** The reader, or the host, moves it; the picture follows. */
  show(x: number, y: number, parallelScale: number) {
    this.setCamera({ focalPoint: [x, y, 0], position: [x, y, -100], parallelScale });
    this.draw();
  }
  draw() {
    const detail = { viewportId: this.id };
    this.element.dispatchEvent(new CustomEvent('CORNERSTONE_IMAGE_RENDERED', { detail }));
  }
  getCamera = () => this.camera;
  setCamera = (change: Partial<Camera>) => {
    this.camera = { ...this.camera, ...change };
  };
  render = jest.fn();
  getImageData = () => ({});
  getImageIds = () => [];
  getFrameOfReferenceUID = () => '1.2';
  worldToCanvas = () => [0, 0];
  canvasToWorld = () => [0, 0, 0];
  place = () => [...this.camera.focalPoint.slice(0, 2), this.camera.parallelScale];
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the place that the reader looks at', () => {
  let viewports: Viewport[];
  const protocol = { id: HANGING_PROTOCOL_ID };
  const parts = {
    services: {
      viewportGridService: {
        getState: () => ({
          viewports: new Map<string, GridViewport>(
            viewports.map(({ id }) => [id, { viewportId: id, displaySetInstanceUIDs: ['mrc'] }])
          ),
          activeViewportId: viewports[0]?.id,
        }),
      },
      cornerstoneViewportService: {
        EVENTS: {},
        getCornerstoneViewport: (id: string) => viewports.find((viewport) => viewport.id === id),
      },
      displaySetService: { getDisplaySetByUID: () => MRC },
      hangingProtocolService: { getActiveProtocol: () => ({ protocol }) },
    },
    mrc: () => MRC,
  } as unknown as PlaceKeeperParts;
  let keeper: PlaceKeeper;
  let end: () => void;
  beforeEach(() => {
    protocol.id = HANGING_PROTOCOL_ID;
    viewports = [new Viewport('a', 400, 300), new Viewport('b', 400, 300)];
    Object.assign(globalThis, { cornerstone: { metaData: { get: () => undefined } } });
    keeper = new PlaceKeeper(parts);
    end = keeper.watch();
    viewports[0]?.draw();
    viewports.forEach((viewport) => viewport.show(30, 5, 20));
  });
  afterEach(() => {
    end();
    document.body.replaceChildren();
  });

  it('is shown by the viewports of the next layout, wherever the host begins them', async () => {
    const [a] = viewports as [Viewport, Viewport];
    const c = new Viewport('c', 400, 150);
    a.resize(400, 150);
    viewports = [a, c];
    c.viewportStatus = 'loading';
    // The host moves them while it fills them.
    a.show(1, 1, 60);
    await settled();
    expect(a.place()).toEqual([1, 1, 60]);
    c.viewportStatus = 'rendered';
    c.show(0, 0, 80);
    await settled();
    expect([a.place(), c.place()]).toEqual([
      [30, 5, 20],
      [30, 5, 20],
    ]);
  });

  it('in other panes the shorter side of what is shown stays, and back again', async () => {
    const [a, b] = viewports as [Viewport, Viewport];
    for (const [width, height, halfHeight] of [
      [200, 400, 40],
      [800, 400, 20],
      [100, 400, 80],
      [400, 300, 20],
    ] as const) {
      for (const viewport of viewports) viewport.resize(width, height);
      // As the host does: relative to the size in which it was fitted.
      a.show(40, 7, 27);
      b.draw();
      await settled();
      for (const { place } of viewports) expect(place()).toEqual([30, 5, halfHeight]);
    }
  });

  it('is the reader’s own as soon as the reader acts', async () => {
    const [a, b] = viewports as [Viewport, Viewport];
    await keeper.goTo({ point: [10, 0, 0], middle: [10, 0, 0], halfHeight: 25 });
    document.dispatchEvent(new Event('pointerdown'));
    a.show(-5, -6, 12);
    viewports = [a];
    a.resize(800, 600);
    a.show(0, 0, 50);
    await settled();
    expect(a.place()).toEqual([-5, -6, 12]);
    expect(b.place()).toEqual([10, 0, 25]);
  });

  it('a reformation begins where the host begins it', async () => {
    protocol.id = 'mpr';
    const plane = new Viewport('mpr-axial', 300, 600);
    viewports = [plane];
    plane.show(0, 0, 90);
    await settled();
    expect(plane.place()).toEqual([0, 0, 90]);
  });

  it('is where it was when the images come back from a reformation that was scrolled', async () => {
    const [a] = viewports as [Viewport, Viewport];
    const images = viewports;
    protocol.id = 'mpr';
    const plane = new Viewport('mpr-axial', 300, 600);
    viewports = [plane];
    plane.show(0, 0, 90);
    plane.show(4, 0, 90);
    await settled();
    protocol.id = HANGING_PROTOCOL_ID;
    // The host has chosen our layout, and the reformation is still on the screen.
    plane.show(5, 0, 90);
    viewports = images;
    a.show(1, 1, 60);
    await settled();
    expect(a.place()).toEqual([30, 5, 20]);
  });

  it('is where the reformation was brought by a link of the table', async () => {
    const [a] = viewports as [Viewport, Viewport];
    const images = viewports;
    protocol.id = 'mpr';
    viewports = [new Viewport('mpr-axial', 300, 600)];
    viewports[0]?.show(0, 0, 90);
    await settled();
    await keeper.goTo({ point: [10, 0, 0], middle: [10, 0, 0] });
    protocol.id = HANGING_PROTOCOL_ID;
    viewports = images;
    a.show(1, 1, 60);
    await settled();
    expect(a.place()).toEqual([10, 0, 20]);
  });
});
