import type { Browser } from 'playwright-core';
import {
  DEFAULT_VERSION,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { settles } from './becomes';
import { ImagesPage, PLACES } from './imagesPage';
import { picture } from './pictures';
import { comesToRest } from './rest';
import { unequalStudy } from './studies';
import { SCREEN, ViewerPage } from './viewerPage';

// The four images show the same millimetres, whatever the shape of their stacks.

const LONG = 300_000;
/** mm; the panes differ by a pixel. */
const NEAR = 0.2;

/** One stack wider than high, two higher than wide: such images are fitted by another side each. */
const study = unequalStudy();
/** One viewer: the link is our own and the same for both (both passed on 2026-11-27); `layouts` looks at both. */
const ohif = DEFAULT_VERSION;

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

(hasBrowser() ? describe : describe.skip)(
  `series of several matrices in OHIF ${ohif} [needs Chromium]`,
  () => {
    let viewer: RunningViewer;
    let page: ViewerPage;
    let images: ImagesPage;
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
    }, LONG);
    afterAll(async () => {
      await page?.close();
      await viewer?.stop();
    });

    /** The size of all four once they have come to rest, mm; throws where it is not one. */
    async function oneSize(after: string): Promise<number> {
      const heights = await settles(() => images.heights());
      const sizes = PLACES.map((id) => heights[id] ?? NaN);
      const [size = NaN] = sizes;
      const apart = Math.max(...sizes) - Math.min(...sizes);
      expect({ after, sizes, isOne: apart < NEAR }).toEqual({ after, sizes, isOne: true });
      return size;
    }

    /** All four have the same point in the middle. */
    async function onePlace(after: string): Promise<[number, number, number]> {
      const views = await settles(() => images.views());
      const [x, y, z] = (await images.view('hydrops-mrc')).focalPoint;
      for (const { id, focalPoint } of views) {
        const away = Math.hypot(focalPoint[0] - x, focalPoint[1] - y, focalPoint[2] - z);
        expect([after, id, away < 0.6]).toEqual([after, id, true]);
      }
      return [x, y, z];
    }

    it(
      'going to an organ shows 50 mm in all four images',
      async () => {
        await oneSize('the result');
        for (const ear of ['left', 'right'] as const) {
          for (const organ of ['cochlea', 'vestibule'] as const) {
            await images.ours('goToOrgan', { ear, organ });
            const size = await oneSize(`${ear} ${organ}`);
            expect(Math.abs(size - 25)).toBeLessThan(NEAR);
            await onePlace(`${ear} ${organ}`);
          }
        }
        await comesToRest(page);
        await picture(page, `zoom-organ-${ohif}`);
      },
      LONG
    );

    it(
      'the four images come back in one size from any layout',
      async () => {
        const leaving: Record<string, () => Promise<unknown>> = {
          'three by one': () => images.layout(3, 1),
          'one image': () => images.layout(1, 1),
          'one by two': () => images.layout(1, 2),
          'a reformation': () => images.reformat('hydrops-mrc'),
        };
        for (const [layout, leave] of Object.entries(leaving)) {
          await leave();
          await page.page.locator('[data-cy="FourImages"]').first().click();
          await images.untilFour();
          await oneSize(layout);
          await onePlace(layout);
          await images.ours('goToOrgan', { ear: 'left', organ: 'vestibule' });
          expect(Math.abs((await oneSize(`organ after ${layout}`)) - 25)).toBeLessThan(NEAR);
        }
        await images.expectAlive();
      },
      LONG
    );

    it(
      'what the reader zooms and pans in one image the others follow in millimetres',
      async () => {
        for (const id of PLACES) {
          await images.ours('goToOrgan', { ear: 'right', organ: 'vestibule' });
          // A drag in another viewport chooses it first.
          await images.activate(id);
          const before = await oneSize(`before ${id}`);
          await drag(id, 'right', [0, 60]);
          const after = await oneSize(`zoom in ${id}`);
          expect([id, Math.abs(after - before) > 1]).toEqual([id, true]);
          const [x, y] = await onePlace(`zoom in ${id}`);
          await drag(id, 'middle', [40, 30]);
          const moved = await onePlace(`pan in ${id}`);
          expect([id, Math.hypot(moved[0] - x, moved[1] - y) > 1]).toEqual([id, true]);
          expect(Math.abs((await oneSize(`pan in ${id}`)) - after)).toBeLessThan(NEAR);
        }
        await comesToRest(page);
        await picture(page, `zoom-dragged-${ohif}`);
      },
      LONG
    );

    it(
      'another size of the window and a reset of the view keep one size',
      async () => {
        await page.page.setViewportSize({ ...SCREEN, width: SCREEN.width - 200 });
        await oneSize('a narrower window');
        await images.activate('hydrops-ppi');
        await images.run('resetViewport');
        await oneSize('a reset');
        await page.page.setViewportSize(SCREEN);
        await oneSize('a wider window');
        await images.expectAlive();
      },
      LONG
    );

    /** From the middle of a viewport, by pixels. */
    async function drag(
      id: string,
      button: 'middle' | 'right',
      [dx, dy]: [number, number]
    ): Promise<void> {
      const box = await page.page.locator(`[data-viewport-uid="${id}"]`).boundingBox();
      if (!box) throw new Error(`no viewport ${id}`);
      const { mouse } = page.page;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await mouse.move(x, y);
      await mouse.down({ button });
      await mouse.move(x + dx / 2, y + dy / 2, { steps: 3 });
      await mouse.move(x + dx, y + dy, { steps: 3 });
      await mouse.up({ button });
    }
  }
);
