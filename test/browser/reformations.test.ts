import { firstItems } from '@inner-ear-hydrops/core';
import type { Browser } from 'playwright-core';
import {
  FULLY_TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { clickOn, disc, paintAt, placeOn, slicesOfMrc, takeTool, type Slice } from './brush';
import { ImagesPage, PLACES } from './imagesPage';
import { picture } from './pictures';
import { earsStudy } from './studies';
import { settles } from './becomes';
import { ViewerPage, type Labels } from './viewerPage';

// A reader edits in reformations, going from one plane to another, and then on MRC again.

const LONG = 300_000;
const RIGHT_VESTIBULE = 4;
/** Radius of the brush, mm, and half the diagonal of a voxel of 0.5 × 0.5 × 1 mm with some play for the screen's pixels. */
const REACH = 1 + 0.8;

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

for (const ohif of FULLY_TESTED_VERSIONS) {
  (hasBrowser() ? describe : describe.skip)(`editing in OHIF ${ohif} [needs Chromium]`, () => {
    let viewer: RunningViewer;
    let page: ViewerPage;
    let images: ImagesPage;
    let slices: Slice[];
    let computed: string[][];
    const study = earsStudy();
    beforeAll(async () => {
      viewer = await startViewer({
        ohif,
        files: study.files,
        innerEarHydrops: { backend: 'wasm' },
      });
      page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
      images = new ImagesPage(page);
      await page.waitForImage('MRC');
      await page.compute();
      await images.untilFour();
      computed = await page.rows();
      slices = await slicesOfMrc(page);
    }, LONG);
    afterAll(async () => {
      await page?.close();
      await viewer?.stop();
    });

    async function enlargeVestibule(): Promise<void> {
      await images.ours('goToOrgan', { ear: 'right', organ: 'vestibule' });
      await images.until('the ear is enlarged', (found) =>
        found.every(({ halfHeight, listed }) => listed && Math.abs(halfHeight - 25) < 0.5)
      );
    }

    /** One click beside the middle of a viewport: what it sets is of the active segment, and lies there. */
    async function expectPaints(viewportId: string, right: number, down: number): Promise<void> {
      // The host takes the first click on a viewport as the choice of that viewport alone.
      if ((await images.active()) !== viewportId) {
        await clickOn(page, await placeOn(page, viewportId, right, down - 10));
        await images.untilActive(viewportId);
        // The choice draws the viewport anew; a click meanwhile is lost.
        await settles(() => placeOn(page, viewportId, right, down));
      }
      const place = await placeOn(page, viewportId, right, down);
      const before = await page.labels();
      await paintAt(page, place);
      const set = changed(before, await page.labels());
      expect(set.map(({ value }) => value)).toEqual(set.map(() => RIGHT_VESTIBULE));
      expect(set.length).toBeGreaterThan(0);
      for (const slice of slices) {
        const near = disc({ world: place.world, slice }, REACH);
        const here = set.filter(({ sop }) => sop === slice.sop).map(({ at }) => at);
        expect(here.filter((at) => !near.includes(at))).toEqual([]);
      }
    }

    /** @returns the function that tells the ids of the viewports that have been opened since. */
    async function openedViewports(): Promise<() => Promise<string[]>> {
      await page.page.evaluate(() => {
        const host = globalThis as unknown as HostWindow;
        host.openedViewports = [];
        host.cornerstone.eventTarget.addEventListener('CORNERSTONE_ELEMENT_ENABLED', (event) =>
          host.openedViewports.push(
            (event as CustomEvent<{ viewportId: string }>).detail.viewportId
          )
        );
      });
      return () => page.page.evaluate(() => (globalThis as unknown as HostWindow).openedViewports);
    }

    it(
      'a brush paints in every plane of a reformation, on MRC before and on all four images after it',
      async () => {
        await enlargeVestibule();
        await takeTool(page, 'Brush');
        await expectPaints('hydrops-mrc', -5, 7);
        await images.reformat('hydrops-mrc');
        await images.ours('goToOrgan', { ear: 'right', organ: 'vestibule' });
        const views = await images.until('the ear is enlarged', (found) =>
          found.every(({ halfHeight }) => Math.abs(halfHeight - 25) < 0.5)
        );
        expect(views).toHaveLength(3);
        for (const { id } of views) await expectPaints(id, 5, 5);
        // As the host does at each change of a segmentation's name, lock or numbers.
        await page.page.evaluate(() => {
          const { services } = globalThis as unknown as HostWindow;
          const [{ segmentationId } = { segmentationId: 'none' }] =
            services.segmentationService.getSegmentations();
          services.segmentationService.addOrUpdateSegmentation({
            segmentationId,
            label: 'Renamed',
          });
        });
        for (const { id } of views) await expectPaints(id, -5, 5);
        await picture(page, `reformations-painted-${ohif}`);

        const opened = await openedViewports();
        await images.layout(2, 2);
        await images.untilFour();
        // A viewport that is closed while it fills can end in "Something went wrong".
        expect([...new Set(await opened())].sort()).toEqual([...PLACES].sort());
        await enlargeVestibule();
        for (const [n, id] of PLACES.entries()) await expectPaints(id, 3 * n - 4, -6);
        await picture(page, `four-painted-${ohif}`);
        await page.page.locator('[data-cy="hydrops-btn"]').click();
        await page.page.getByText('Edited by the reader').waitFor();
        expect(await page.rows()).not.toEqual(computed);
        await images.expectAlive();
      },
      LONG
    );
  });
}

function changed(before: Labels, after: Labels): { sop: string; at: number; value: number }[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((sop) => {
    const [from, to] = firstItems(
      [before, after].map((labels) => voxels(labels[sop] ?? [])),
      2
    );
    return [...new Set([...from.keys(), ...to.keys()])].flatMap((at) =>
      from.get(at) === to.get(at) ? [] : [{ sop, at, value: to.get(at) ?? 0 }]
    );
  });
}

function voxels(slice: number[]): Map<number, number> {
  const pairs = slice.flatMap((at, n) => (n % 2 === 0 ? [[at, slice[n + 1]] as const] : []));
  return new Map(pairs.map(([at, value]) => [at, value as number]));
}

interface HostWindow {
  openedViewports: string[];
  cornerstone: { eventTarget: EventTarget };
  services: {
    segmentationService: {
      getSegmentations(): { segmentationId: string }[];
      addOrUpdateSegmentation(data: { segmentationId: string; label: string }): void;
    };
  };
}
