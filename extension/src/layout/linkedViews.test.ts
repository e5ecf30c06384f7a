/** @jest-environment jsdom */
import type { Camera } from '../host/types';
import { HANGING_PROTOCOL_ID } from '../id';
import { followed, linkViews, type LinkedViewsServices } from './linkedViews';

type Vector3 = [number, number, number];

const camera = (change: Partial<Camera> = {}): Camera => ({
  focalPoint: [0, 0, 0],
  position: [0, 0, -100],
  viewPlaneNormal: [0, 0, -1],
  parallelScale: 50,
  ...change,
});
const at = (...focalPoint: Vector3) =>
  camera({ focalPoint, position: [focalPoint[0], focalPoint[1], focalPoint[2] - 100] });

it('the same size and the same point, each image on its own plane', () => {
  const after = { ...at(10, 5, 3), parallelScale: 25 };
  expect(followed(at(1, 1, 7), { before: at(0, 0, 3), after }, true)).toEqual({
    focalPoint: [10, 5, 7],
    position: [10, 5, -93],
    parallelScale: 25,
  });
});

it('what is there already is not moved: a camera that changes for rounding would be passed on without end', () => {
  const change = { before: at(0, 0, 0), after: at(10, 5, 3) };
  // Another slice.
  expect(followed(at(10, 5, 40), change, true)).toBeNull();
  expect(followed(at(10, 5.0001, 3), change, true)).toBeNull();
});

it('in another frame of reference, where points mean nothing, it moves as far', () => {
  const change = { before: at(8, 5, 3), after: at(10, 5, 3) };
  expect(followed(at(-30, 1, 7), change, false)?.focalPoint).toEqual([-28, 1, 7]);
});

it('on a plane that crosses only the size is taken over', () => {
  const sagittal = camera({ focalPoint: [3, 3, 3], viewPlaneNormal: [1, 0, 0] });
  const after = { ...at(10, 5, 3), parallelScale: 25 };
  const { focalPoint, parallelScale } =
    followed(sagittal, { before: at(0, 0, 3), after }, true) ?? {};
  expect({ focalPoint, parallelScale }).toEqual({ focalPoint: [3, 3, 3], parallelScale: 25 });
});

/** A stack viewport that says, as the host's does, when its camera has changed. */
class Viewport {
  readonly type = 'stack';
  readonly element = document.createElement('div');
  readonly render = jest.fn();
  constructor(
    readonly id: string,
    private camera: Camera
  ) {
    document.body.append(this.element);
  }
  getCamera = () => this.camera;
  setCamera = (change: Partial<Camera>) => {
    const previousCamera = this.camera;
    this.camera = { ...previousCamera, ...change };
    const detail = { viewportId: this.id, previousCamera, camera: this.camera };
    this.element.dispatchEvent(new CustomEvent('CORNERSTONE_CAMERA_MODIFIED', { detail }));
  };
  getImageData = () => ({});
  getFrameOfReferenceUID = () => '1.2';
  worldToCanvas = () => [0, 0];
  canvasToWorld = () => [0, 0, 0];
}

function linked() {
  // Fitted into panes of different shapes.
  const viewports = [
    new Viewport('mrc', camera({ parallelScale: 37.5 })),
    new Viewport('mi2', camera({ parallelScale: 43.9 })),
    new Viewport('ppi', camera({ parallelScale: 37.5 })),
  ];
  const protocol = { id: HANGING_PROTOCOL_ID };
  const end = linkViews({
    viewportGridService: {
      getState: () => ({ viewports: new Map(viewports.map(({ id }) => [id, { viewportId: id }])) }),
    },
    cornerstoneViewportService: {
      getCornerstoneViewport: (id: string) => viewports.find((viewport) => viewport.id === id),
    },
    hangingProtocolService: { getActiveProtocol: () => ({ protocol }) },
  } as unknown as LinkedViewsServices);
  const sizes = () => viewports.map((viewport) => viewport.getCamera().parallelScale);
  return { viewports, protocol, end, sizes };
}

it('whichever viewport is zoomed, all show its millimetres, however they were fitted', () => {
  const { viewports, sizes, end } = linked();
  for (const [n, size] of [30, 20, 10].entries()) {
    viewports[n]?.setCamera({ parallelScale: size });
    expect(sizes()).toEqual([size, size, size]);
  }
  end();
  viewports[0]?.setCamera({ parallelScale: 40 });
  expect(sizes()).toEqual([40, 10, 10]);
});

it('a viewport that shows it already is not drawn again', () => {
  const { viewports, end } = linked();
  viewports[0]?.setCamera({ parallelScale: 30 });
  viewports.forEach(({ render }) => render.mockClear());
  viewports[1]?.setCamera({ parallelScale: 30 });
  for (const { render } of viewports) expect(render).not.toHaveBeenCalled();
  end();
});

it('reformations and layouts of other protocols keep the viewer’s own links', () => {
  const { viewports, protocol, sizes, end } = linked();
  protocol.id = 'mpr';
  viewports[0]?.setCamera({ parallelScale: 30 });
  expect(sizes()).toEqual([30, 43.9, 37.5]);
  end();
});
