import type { Browser } from 'playwright-core';
import {
  DEFAULT_VERSION,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { ImagesPage, PLACES } from './imagesPage';
import { apart, drag, expectLinked, linkedPlace, NEAR, turnWheel } from './linkedImages';
import { picture } from './pictures';
import { comesToRest } from './rest';
import { unequalStudy } from './studies';
import { SCREEN, ViewerPage } from './viewerPage';

// The four images show the same millimetres, whatever the shape of their stacks.

const LONG = 300_000;
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

    const place = (after: string) => linkedPlace(images, after);
    const fourImages = async () => {
      await page.page.locator('[data-cy="FourImages"]').first().click();
      await images.untilFour();
    };
    /** By the host's own key: a key ends the time in which a place that was gone to is kept. */
    const resetView = () => page.page.keyboard.press('Space');

    it(
      'going to an organ shows 50 mm in all four images',
      async () => {
        await place('the result');
        for (const ear of ['left', 'right'] as const) {
          for (const organ of ['cochlea', 'vestibule'] as const) {
            await images.ours('goToOrgan', { ear, organ });
            const { size } = await place(`${ear} ${organ}`);
            expect(Math.abs(size - 25)).toBeLessThan(NEAR);
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
          'one image': () => images.layout(1, 1),
          'a reformation': () => images.reformat('hydrops-mrc'),
        };
        for (const [layout, leave] of Object.entries(leaving)) {
          await leave();
          await fourImages();
          await place(layout);
          await images.ours('goToOrgan', { ear: 'left', organ: 'vestibule' });
          const { size } = await place(`organ after ${layout}`);
          expect(Math.abs(size - 25)).toBeLessThan(NEAR);
        }
        await images.expectAlive();
      },
      LONG
    );

    /** Of the images that stay on the screen, the shorter side of what they show stays, too. */
    it.each([
      [3, 1, ['MRC', 'PPI', 'HYDROPS-Mi2']],
      [1, 2, ['MRC', 'HYDROPS-Mi2']],
      [2, 3, ['MRC', 'HYDROPS-Mi2', 'HYDROPS', 'PPI', 'PEI']],
    ])(
      'in %i × %i the images stay linked: at another size of the window, after a reset and after a double click',
      async (rows, columns, names) => {
        const layout = `${rows} × ${columns}`;
        await images.ours('goToOrgan', { ear: 'right', organ: 'vestibule' });
        const organ = await place('organ');
        const views = await images.layout(rows, columns);
        // An acquired series' name goes on behind the role.
        const shown = views.flatMap(({ shows: [name] }) => name?.split(' ')[0] ?? []);
        expect(shown).toEqual(names);
        expect(apart(organ, await place(layout))).toBeLessThan(0.6);
        const id = views[1]?.id ?? '';
        const before = await expectLinked(images, id, layout);
        await picture(page, `zoom-${rows}x${columns}-${ohif}`);
        await page.page.setViewportSize({ ...SCREEN, width: SCREEN.width - 200 });
        expect(apart(before, await place(`${layout}: a narrower window`))).toBeLessThan(0.6);
        await resetView();
        await place(`${layout}: a reset`);
        await page.page.setViewportSize(SCREEN);
        await place(`${layout}: a wider window after the reset`);
        await page.page.locator(`[data-viewport-uid="${id}"]`).dblclick();
        await images.until('one image', (found) => found.length === 1);
        await place(`${layout}: one image`);
        await turnWheel(images, id);
        await drag(images, id, 'right', [0, 30]);
        const alone = await place(`${layout}: one image, zoomed`);
        await page.page.locator('[data-viewport-uid]').first().dblclick();
        await images.until('back', (found) => found.length === rows * columns);
        expect(apart(alone, await place(`${layout}: back`))).toBeLessThan(0.6);
        await fourImages();
        await place(`four images after ${layout}`);
        await images.expectAlive();
      },
      LONG
    );

    it(
      'what the reader scrolls, zooms and pans in one image the others follow in millimetres',
      async () => {
        for (const id of PLACES) {
          await images.ours('goToOrgan', { ear: 'right', organ: 'vestibule' });
          await expectLinked(images, id, 'four images');
        }
        await comesToRest(page);
        await picture(page, `zoom-dragged-${ohif}`);
      },
      LONG
    );

    it(
      'another size of the window and a reset of the view keep one size',
      async () => {
        const before = await place('four images');
        await page.page.setViewportSize({ ...SCREEN, width: SCREEN.width - 200 });
        expect(apart(before, await place('a narrower window'))).toBeLessThan(0.6);
        const { window } = await images.view('hydrops-mrc');
        for (const id of ['hydrops-mrc', 'hydrops-ppi']) {
          await images.activate(id);
          await resetView();
          await place(`a reset of ${id}`);
        }
        // Not that of its files, in which fluid would be white.
        expect((await images.view('hydrops-mrc')).window).toEqual(window);
        await page.page.setViewportSize(SCREEN);
        await place('a wider window');
        await images.expectAlive();
      },
      LONG
    );
  }
);
