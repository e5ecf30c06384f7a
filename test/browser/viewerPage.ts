import { firstItems } from '@inner-ear-hydrops/core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

const FIRST_IMAGE_MS = 60_000;
const COMPUTE_MS = 180_000;

/** CSS pixels of a usual small screen. Software draws every pixel of a larger one, too. */
export const SCREEN = { width: 1366, height: 768 };

/** Wide enough for every column of the work list of 3.13.2. */
export const WORK_LIST_SCREEN = { width: 1600, height: 900 };

/** A browser of its own, as a reader starts it. */
export function newContext(browser: Browser, screen = SCREEN): Promise<BrowserContext> {
  return browser.newContext({ viewport: screen });
}

/** Non-zero voxels of one slice: index in the slice and value, in turn. */
export type SliceLabels = number[];
/** By SOP Instance UID of the MRC image. */
export type Labels = Record<string, SliceLabels>;

/** One browser of its own (cookies, storage and caches new) with the mode open on a study. */
export class ViewerPage {
  /** What the page reported as uncaught errors. */
  readonly crashes: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.crashes.push(error.stack ?? String(error)));
  }

  static async open(browser: Browser, url: string): Promise<ViewerPage> {
    return ViewerPage.openIn(await newContext(browser), url);
  }

  /** A further tab of a browser, with what earlier tabs have stored in it. */
  static async openIn(context: BrowserContext, url: string): Promise<ViewerPage> {
    const viewer = new ViewerPage(await context.newPage());
    await viewer.page.goto(url);
    await viewer.button('Compute EH').waitFor({ timeout: FIRST_IMAGE_MS });
    return viewer;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  button(name: string | RegExp): Locator {
    return this.page
      .locator('inner-ear-hydrops-panel')
      .getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Until a viewport has drawn an image of a series with this description. */
  async waitForImage(description: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const { services } = globalThis as unknown as HostWindow;
        const grid = services.viewportGridService.getState().viewports;
        return [...grid.values()].some(({ viewportId, displaySetInstanceUIDs }) => {
          const displaySet = services.displaySetService.getDisplaySetByUID(
            displaySetInstanceUIDs?.[0] ?? ''
          );
          const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
          return (
            displaySet?.SeriesDescription?.includes(wanted) && Boolean(viewport?.getImageData?.())
          );
        });
      },
      description,
      { timeout: FIRST_IMAGE_MS }
    );
  }

  /** Computes and waits for the table; fails at once with the panel's words when there is a problem. */
  async compute(): Promise<void> {
    await this.button('Compute EH').click();
    await this.outcome();
  }

  /** Waits for a result, or throws with what the panel's alert says. */
  async outcome(): Promise<void> {
    const running = this.page.getByRole('progressbar');
    await running.waitFor({ state: 'visible', timeout: 5000 }).catch(() => undefined);
    await running.waitFor({ state: 'detached', timeout: COMPUTE_MS });
    if (await this.alert().isVisible()) throw new Error(await this.alert().innerText());
    await this.table().waitFor();
  }

  /** Our panel. */
  panel(): Locator {
    return this.page.locator('inner-ear-hydrops-panel');
  }

  alert(): Locator {
    return this.page.locator('inner-ear-hydrops-panel').locator('.problem[role="alert"]');
  }

  /** Stable code of the problem that the panel shows. */
  async problem(): Promise<{ code: string; text: string }> {
    await this.alert().waitFor({ timeout: COMPUTE_MS });
    return {
      code: (await this.alert().getAttribute('data-code')) ?? '',
      text: await this.alert().innerText(),
    };
  }

  table(): Locator {
    return this.page.getByRole('table', { name: 'EH ratio' });
  }

  /** The organs' rows, cell by cell, with ordinary spaces; reasons below them have one cell and are left out. */
  async rows(): Promise<string[][]> {
    const rows = await this.table().locator('tbody tr').all();
    const cells = await Promise.all(
      rows.map(async (row) =>
        (await row.locator('th, td').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))
      )
    );
    return cells.filter(({ length }) => length > 1);
  }

  status(): Locator {
    return this.page.locator('inner-ear-hydrops-panel').getByRole('status');
  }

  /** The words that name the backend. */
  async backend(): Promise<string> {
    return this.page.locator('inner-ear-hydrops-panel footer').innerText();
  }

  /** Our labelmap as the host holds it. */
  async labels(): Promise<Labels> {
    return this.page.evaluate(() => {
      const { cornerstone, cornerstoneTools } = globalThis as unknown as HostWindow;
      const ours = cornerstoneTools.segmentation.state
        .getSegmentations()
        .filter(({ segmentationId }) => segmentationId.startsWith('inner-ear-hydrops'));
      if (ours.length !== 1) throw new Error(`${ours.length} segmentations of ours`);
      const slices: Record<string, number[]> = {};
      for (const imageId of ours[0]!.representationData.Labelmap.imageIds) {
        const image = cornerstone.cache.getImage(imageId);
        const sop = /instances\/([\d.]+)/.exec(image?.referencedImageId ?? '')?.[1];
        if (!image || !sop) throw new Error(`no reference for ${imageId}`);
        const found: number[] = [];
        const values = image.voxelManager.getScalarData();
        for (let index = 0; index < values.length; index++) {
          if (values[index] !== 0) found.push(index, values[index]!);
        }
        if (found.length > 0) slices[sop] = found;
      }
      return slices;
    });
  }
}

/** Share of the voxels that either labelling names on which the two agree, and their number. */
export function agreement(a: Labels, b: Labels): { share: number; named: number } {
  let same = 0;
  let named = 0;
  for (const sop of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [left, right] = firstItems(
      [a, b].map((labels) => voxels(labels[sop] ?? [])),
      2
    );
    for (const index of new Set([...left.keys(), ...right.keys()])) {
      named++;
      if (left.get(index) === right.get(index)) same++;
    }
  }
  return { share: same / named, named };
}

function voxels(slice: SliceLabels): Map<number, number> {
  const map = new Map<number, number>();
  for (let at = 0; at < slice.length; at += 2) map.set(slice[at]!, slice[at + 1]!);
  return map;
}

/** What the tests use of the host's globals. */
interface HostWindow {
  cornerstone: {
    cache: {
      getImage(imageId: string):
        | {
            referencedImageId?: string;
            voxelManager: { getScalarData(): ArrayLike<number> };
          }
        | undefined;
    };
  };
  cornerstoneTools: {
    segmentation: {
      state: {
        getSegmentations(): {
          segmentationId: string;
          representationData: { Labelmap: { imageIds: string[] } };
        }[];
      };
    };
  };
  services: {
    viewportGridService: {
      getState(): {
        viewports: Map<string, { viewportId: string; displaySetInstanceUIDs?: string[] }>;
      };
    };
    displaySetService: {
      getDisplaySetByUID(uid: string): { SeriesDescription?: string } | undefined;
    };
    cornerstoneViewportService: {
      getCornerstoneViewport(id: string): { getImageData?(): unknown } | null;
    };
  };
}
