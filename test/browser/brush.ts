import { viewerPath } from '../../tools/src/serve';
import { goWithin } from './hostSnapshot';
import type { Locator } from 'playwright-core';
import { WORK_LIST_SCREEN, type ViewerPage } from './viewerPage';

// The host's brush and eraser on the MRC viewport, as a reader uses them.

const MRC = 'hydrops-mrc';

/** A place on the slice that MRC shows. */
export interface Place {
  /** CSS pixels on the page. */
  x: number;
  y: number;
  /** LPS mm. */
  world: number[];
  slice: Slice;
}

/** The grid of one MRC image: voxel n lies in column n % columns of row ⌊n / columns⌋. */
export interface Slice {
  sop: string;
  columns: number;
  rows: number;
  /** LPS mm of voxel 0. */
  origin: number[];
  /** mm from one column, one row to the next. */
  columnStep: number[];
  rowStep: number[];
}

/** Opens the host's segmentation tab and takes a tool in hand. */
export async function takeTool({ page }: ViewerPage, tool: 'Brush' | 'Eraser'): Promise<void> {
  const button = page.locator(`[data-cy="${tool}"], [data-cy="${tool}-btn"]`).first();
  if (!(await button.isVisible())) {
    await page.locator('[data-cy^="panelSegmentation"][data-cy$="-btn"]').first().click();
  }
  await button.click();
}

/** Back to our own tab. */
export async function openHydropsTab({ page }: ViewerPage): Promise<void> {
  await page.locator('[data-cy="hydrops-btn"]').click();
}

/** The number in the toolbox's field for the radius, mm. */
export function radiusField({ page }: ViewerPage, tool: 'Brush' | 'Eraser'): Locator {
  return page.locator(`[data-cy="${tool.toLowerCase()}-radius"] input`).last();
}

/** Until the field for the radius says so. */
export async function waitForRadius(
  viewer: ViewerPage,
  tool: 'Brush' | 'Eraser',
  millimetres: number
): Promise<void> {
  await viewer.page.waitForFunction(
    ({ cy, wanted }) => {
      const inputs = document.querySelectorAll<HTMLInputElement>(`[data-cy="${cy}"] input`);
      return Number([...inputs].at(-1)?.value) === wanted;
    },
    { cy: `${tool.toLowerCase()}-radius`, wanted: millimetres },
    { timeout: 10_000 }
  );
}

/** The radius that each brush and eraser of each tool group has, mm. */
export function radii({ page }: ViewerPage): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const { services } = globalThis as unknown as HostWindow;
    const found: Record<string, number> = {};
    for (const id of services.toolGroupService.getToolGroupIds()) {
      const group = services.toolGroupService.getToolGroup(id);
      for (const tool of ['CircularBrush', 'SphereBrush', 'CircularEraser', 'SphereEraser']) {
        const size = group?.getToolInstance(tool)?.configuration.brushSize;
        if (size !== undefined) found[`${id} ${tool}`] = size;
      }
    }
    return found;
  });
}

export async function goToOrgan(
  { page }: ViewerPage,
  ear: 'left' | 'right',
  organ: 'cochlea' | 'vestibule'
): Promise<void> {
  await page.evaluate(
    (options) => {
      const { commandsManager } = globalThis as unknown as HostWindow;
      return commandsManager.runCommand('goToOrgan', options, 'INNER_EAR_HYDROPS');
    },
    { ear, organ }
  );
}

/** Makes a segment of ours the one that the brush paints: 1 to 4 as in `SEGMENTS`. */
export async function chooseSegment({ page }: ViewerPage, segment: number): Promise<void> {
  await page.evaluate((number) => {
    const { services, cornerstoneTools } = globalThis as unknown as HostWindow;
    const ours = cornerstoneTools.segmentation.state
      .getSegmentations()
      .find(({ segmentationId }) => segmentationId.startsWith('inner-ear-hydrops'));
    if (!ours) throw new Error('no segmentation of ours');
    services.segmentationService.setActiveSegment(ours.segmentationId, number);
  }, segment);
}

/** As the lock beside a segment in the host's list does. */
export async function lockSegment(
  { page }: ViewerPage,
  segment: number,
  locked: boolean
): Promise<void> {
  await page.evaluate(
    ({ segment, locked }) => {
      const { segmentation } = (globalThis as unknown as HostWindow).cornerstoneTools;
      const ours = segmentation.state
        .getSegmentations()
        .find(({ segmentationId }) => segmentationId.startsWith('inner-ear-hydrops'));
      if (!ours) throw new Error('no segmentation of ours');
      segmentation.segmentLocking.setSegmentIndexLocked(ours.segmentationId, segment, locked);
    },
    { segment, locked }
  );
}

/**
 * The pixel of the page that is next to the middle of the MRC viewport, moved by so many mm to the
 * right and downwards on the screen.
 */
export async function placeOnMrc(viewer: ViewerPage, right = 0, down = 0): Promise<Place> {
  const place = await placeOn(viewer, MRC, right, down);
  const sop = await viewer.page.evaluate((id) => {
    const { services } = globalThis as unknown as HostWindow;
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
    return /instances\/([\d.]+)/.exec(viewport.getCurrentImageId())?.[1];
  }, MRC);
  const slice = (await slicesOfMrc(viewer)).find((one) => one.sop === sop);
  if (!slice) throw new Error('the MRC viewport shows no image of its own');
  return { ...place, slice };
}

/** As `placeOnMrc`, of any viewport, a stack or a reformation. */
export function placeOn(
  { page }: ViewerPage,
  viewportId: string,
  right = 0,
  down = 0
): Promise<Omit<Place, 'slice'>> {
  return page.evaluate(
    ({ id, right, down }) => {
      const { services } = globalThis as unknown as HostWindow;
      const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
      const box = viewport.element.getBoundingClientRect();
      const perMm = box.height / (2 * viewport.getCamera().parallelScale);
      const x = Math.round(box.left + box.width / 2 + right * perMm);
      const y = Math.round(box.top + box.height / 2 + down * perMm);
      return { x, y, world: [...viewport.canvasToWorld([x - box.left, y - box.top])] };
    },
    { id: viewportId, right, down }
  );
}

/** The grid of each image that the MRC viewport can show. */
export function slicesOfMrc({ page }: ViewerPage): Promise<Slice[]> {
  return page.evaluate((id) => {
    const { services, cornerstone } = globalThis as unknown as HostWindow;
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
    return viewport.getImageIds().map((imageId) => {
      const plane = cornerstone.metaData.get('imagePlaneModule', imageId);
      const step = (cosines: ArrayLike<number>, spacing: number) =>
        [0, 1, 2].map((axis) => cosines[axis]! * spacing);
      return {
        sop: /instances\/([\d.]+)/.exec(imageId)?.[1] ?? '',
        columns: plane.columns,
        rows: plane.rows,
        origin: [...plane.imagePositionPatient],
        columnStep: step(plane.rowCosines, plane.columnPixelSpacing),
        rowStep: step(plane.columnCosines, plane.rowPixelSpacing),
      };
    });
  }, MRC);
}

/** Voxels of the slice whose centres lie within the radius of a place (which may be on another slice), ascending. */
export function disc({ world, slice }: Pick<Place, 'world' | 'slice'>, radius: number): number[] {
  const { columns, rows, origin, columnStep, rowStep } = slice;
  const inside: number[] = [];
  for (let n = 0; n < columns * rows; n++) {
    const column = n % columns;
    const row = Math.floor(n / columns);
    const away = [0, 1, 2].map(
      (axis) => origin[axis]! + column * columnStep[axis]! + row * rowStep[axis]! - world[axis]!
    );
    if (Math.hypot(...away) <= radius) inside.push(n);
  }
  return inside;
}

/** One click, without waiting for what it does: the host holds it back to see whether a second one follows. */
export async function clickOn(
  { page }: ViewerPage,
  { x, y }: Pick<Place, 'x' | 'y'>
): Promise<void> {
  await page.mouse.move(x - 5, y - 5);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.up();
}

/** One click, until the labels have changed. */
export async function paintAt(viewer: ViewerPage, place: Pick<Place, 'x' | 'y'>): Promise<void> {
  const before = await viewer.labels();
  await clickOn(viewer, place);
  await waitForOtherLabels(viewer, before);
}

/** Until our labelmap holds something else. */
export async function waitForOtherLabels(
  viewer: ViewerPage,
  before: Awaited<ReturnType<ViewerPage['labels']>>
): Promise<void> {
  const known = JSON.stringify(before);
  const end = Date.now() + 10_000;
  while (JSON.stringify(await viewer.labels()) === known) {
    if (Date.now() > end) throw new Error('the labels have not changed within 10 s');
  }
}

/** One of the host's own commands. */
export async function runCommand(
  { page }: ViewerPage,
  name: string,
  options: object
): Promise<void> {
  await page.evaluate(
    ({ name, options }) => {
      const { commandsManager } = globalThis as unknown as HostWindow;
      return commandsManager.runCommand(name, options);
    },
    { name, options }
  );
}

/** To the list of studies and back in the same page: nothing is loaded anew. */
export async function leaveAndEnterMode(viewer: ViewerPage, studyUid: string): Promise<void> {
  const { page } = viewer;
  const screen = page.viewportSize();
  await page.setViewportSize(WORK_LIST_SCREEN);
  await goWithin(page, '/');
  await page.locator('inner-ear-hydrops-panel').waitFor({ state: 'detached', timeout: 20_000 });
  await page.getByText('BROWSER-').first().waitFor();
  if (screen) await page.setViewportSize(screen);
  await goWithin(page, viewerPath(studyUid));
  await viewer.button('Compute EH').waitFor({ timeout: 60_000 });
}

/** A short stroke in the left cochlea, so that the result is an edited one; then back to our tab. */
export async function paintOver(viewer: ViewerPage): Promise<void> {
  await goToOrgan(viewer, 'left', 'cochlea');
  await takeTool(viewer, 'Brush');
  await chooseSegment(viewer, 1);
  const { x, y } = await placeOnMrc(viewer);
  const { page } = viewer;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y, { steps: 8 });
  await page.mouse.up();
  await openHydropsTab(viewer);
}

/** What is used here of the host's globals. */
interface HostWindow {
  commandsManager: { runCommand(name: string, options: unknown, context?: string): unknown };
  cornerstone: {
    metaData: {
      get(
        type: string,
        imageId: string
      ): {
        columns: number;
        rows: number;
        imagePositionPatient: ArrayLike<number> & Iterable<number>;
        rowCosines: ArrayLike<number>;
        columnCosines: ArrayLike<number>;
        rowPixelSpacing: number;
        columnPixelSpacing: number;
      };
    };
  };
  cornerstoneTools: {
    segmentation: {
      state: { getSegmentations(): { segmentationId: string }[] };
      segmentLocking: {
        setSegmentIndexLocked(segmentationId: string, segment: number, locked: boolean): void;
      };
    };
  };
  services: {
    toolGroupService: {
      getToolGroupIds(): string[];
      getToolGroup(
        id: string
      ):
        | { getToolInstance(tool: string): { configuration: { brushSize?: number } } | undefined }
        | undefined;
    };
    segmentationService: { setActiveSegment(segmentationId: string, segment: number): void };
    cornerstoneViewportService: {
      getCornerstoneViewport(id: string): {
        element: HTMLElement;
        getCamera(): { parallelScale: number };
        getCurrentImageId(): string;
        getImageIds(): string[];
        canvasToWorld(position: [number, number]): Iterable<number>;
      };
    };
  };
}
