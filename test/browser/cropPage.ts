import { settles } from './becomes';
import type { ViewerPage } from './viewerPage';

type Vector3 = [number, number, number];
export type Ear = 'left' | 'right';

/** What a viewport shows, by the headers of its image and the zoom; nothing of our own code. */
export interface Shown {
  /** Screen pixels of the viewport. */
  box: { x: number; y: number; width: number; height: number };
  /** Patient millimetres of one screen pixel. */
  mmPerPixel: number;
  /** LPS unit vectors of the image to the right and downward. */
  row: Vector3;
  column: Vector3;
  /** LPS mm of the upper left voxel. */
  position: Vector3;
  slice: number;
  window: { lower: number; upper: number };
}

/** A square on the screen. */
export interface Square {
  left: number;
  right: number;
  top: number;
  bottom: number;
  label: string;
  dashed: boolean;
}

/** The ears' crops as a reader meets them. */
export class CropPage {
  constructor(readonly viewer: ViewerPage) {}

  async open(): Promise<void> {
    await this.viewer.page.getByText(/^Ear positions/).click();
    await this.layers().first().waitFor({ state: 'attached' });
  }

  layers() {
    return this.viewer.page.locator('.inner-ear-hydrops-crops');
  }

  label(viewportId: string, ear: Ear) {
    return this.viewer.page.locator(
      `[data-viewport-uid="${viewportId}"] .inner-ear-hydrops-crops button.${ear}`
    );
  }

  async square(viewportId: string, ear: Ear): Promise<Square> {
    const layer = this.viewer.page.locator(
      `[data-viewport-uid="${viewportId}"] .inner-ear-hydrops-crops`
    );
    return layer.evaluate((host, side) => {
      const root = host.shadowRoot as ShadowRoot;
      const shape = root.querySelector(`g.${side}`) as SVGGElement;
      const { left, top } = host.getBoundingClientRect();
      const points = (shape.querySelector('.outline')?.getAttribute('points') ?? '')
        .split(' ')
        .map((pair) => pair.split(',').map(Number));
      const xs = points.map(([x]) => left + (x as number));
      const ys = points.map(([, y]) => top + (y as number));
      return {
        left: Math.min(...xs),
        right: Math.max(...xs),
        top: Math.min(...ys),
        bottom: Math.max(...ys),
        label: root.querySelector(`button.${side}`)?.textContent ?? '',
        dashed: shape.classList.contains('off'),
      };
    }, ear);
  }

  shown(viewportId: string): Promise<Shown> {
    return this.viewer.page.evaluate((id) => {
      const { services, cornerstone } = globalThis as unknown as HostWindow;
      const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
      const plane = cornerstone.metaData.get('imagePlaneModule', viewport.getCurrentImageId());
      const box = viewport.element.getBoundingClientRect();
      return {
        box: { x: box.x, y: box.y, width: box.width, height: box.height },
        mmPerPixel: (2 * viewport.getCamera().parallelScale) / box.height,
        row: [...plane.rowCosines],
        column: [...plane.columnCosines],
        position: [...plane.imagePositionPatient],
        slice: viewport.getCurrentImageIdIndex(),
        window: viewport.getProperties().voiRange,
      } as Shown;
    }, viewportId);
  }

  /** Slice and camera of every viewport: linked ones follow a moment later. */
  everySlice(): Promise<unknown> {
    return this.viewer.page.evaluate(() => {
      const { services } = globalThis as unknown as HostWindow;
      return [...services.viewportGridService.getState().viewports.keys()].map((id) => {
        const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
        // HYDROPS-Mi2's has none before there is one.
        return [id, viewport?.getCurrentImageIdIndex(), viewport?.getCamera().parallelScale];
      });
    });
  }

  activeViewport(): Promise<string> {
    return this.viewer.page.evaluate(() => {
      const { services } = globalThis as unknown as HostWindow;
      return services.viewportGridService.getState().activeViewportId;
    });
  }

  /** LPS mm that the session holds for the next computation. */
  center(ear: Ear): Promise<Vector3 | undefined> {
    return this.viewer.page.evaluate((side) => {
      const { services } = globalThis as unknown as HostWindow;
      return services.hydropsService.getState().earCenters[side];
    }, ear);
  }

  /** Drags the square by its left edge, or by its label. */
  async drag(
    viewportId: string,
    ear: Ear,
    by: [number, number],
    options: { grip?: 'edge' | 'label'; letGo?: boolean } = {}
  ): Promise<void> {
    const { mouse } = this.viewer.page;
    const from = await this.grip(viewportId, ear, options.grip ?? 'edge');
    await mouse.move(...from);
    await mouse.down();
    await mouse.move(from[0] + by[0] / 2, from[1] + by[1] / 2, { steps: 3 });
    await mouse.move(from[0] + by[0], from[1] + by[1], { steps: 3 });
    if (options.letGo !== false) await mouse.up();
  }

  async grip(viewportId: string, ear: Ear, grip: 'edge' | 'label'): Promise<[number, number]> {
    if (grip === 'edge') {
      const { left, top, bottom } = await this.square(viewportId, ear);
      return [left, top + (bottom - top) * 0.75];
    }
    const box = await this.label(viewportId, ear).boundingBox();
    if (!box) throw new Error(`no label of the ${ear} ear`);
    return [box.x + box.width / 2, box.y + box.height / 2];
  }

  async scroll(viewportId: string, steps: number): Promise<void> {
    const { box, slice } = await this.shown(viewportId);
    const { page } = this.viewer;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let step = 0; step < Math.abs(steps); step++) {
      await page.mouse.wheel(0, steps > 0 ? 100 : -100);
    }
    await page.waitForFunction(
      ([id, before]) => {
        const { services } = globalThis as unknown as HostWindow;
        const viewport = services.cornerstoneViewportService.getCornerstoneViewport(String(id));
        return viewport.getCurrentImageIdIndex() !== before;
      },
      [viewportId, slice] as const,
      { timeout: 10_000 }
    );
    await settles(() => this.everySlice());
  }
}

/** Patient millimetres from `from` to `to`, to the right and downward on the screen and into it. */
export function movement(from: Vector3, to: Vector3, shown: Shown): Vector3 {
  const { row, column } = shown;
  const along = (axis: Vector3) =>
    axis.reduce((sum, part, n) => sum + part * ((to[n] as number) - (from[n] as number)), 0);
  return [along(row), along(column), along(normalOf(shown))];
}

export function normalOf({ row: [a, b, c], column: [d, e, f] }: Shown): Vector3 {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

/** Millimetres of a point above the slice that is shown. */
export function offSlice(point: Vector3, shown: Shown): number {
  return movement(shown.position, point, shown)[2];
}

interface HostWindow {
  cornerstone: {
    metaData: {
      get(
        type: string,
        imageId: string
      ): {
        rowCosines: Iterable<number>;
        columnCosines: Iterable<number>;
        imagePositionPatient: Iterable<number>;
      };
    };
  };
  services: {
    hydropsService: { getState(): { earCenters: Partial<Record<Ear, Vector3>> } };
    viewportGridService: {
      getState(): { activeViewportId: string; viewports: Map<string, unknown> };
    };
    cornerstoneViewportService: {
      getCornerstoneViewport(id: string): {
        element: HTMLElement;
        getCamera(): { parallelScale: number };
        getCurrentImageId(): string;
        getCurrentImageIdIndex(): number;
        getProperties(): { voiRange: { lower: number; upper: number } };
      };
    };
  };
}
