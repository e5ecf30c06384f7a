import type { Browser } from 'playwright-core';
import {
  TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { ImagesPage, PLACES } from './imagesPage';
import { apart, drag, expectLinked, linkedPlace } from './linkedImages';
import { picture } from './pictures';
import { comesToRest } from './rest';
import { earsStudy } from './studies';
import { ViewerPage } from './viewerPage';

// A reader leaves the four images for other layouts, computes there, and comes back.

const LONG = 300_000;

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

for (const ohif of TESTED_VERSIONS) {
  (hasBrowser() ? describe : describe.skip)(`layouts in OHIF ${ohif} [needs Chromium]`, () => {
    let viewer: RunningViewer;
    let page: ViewerPage;
    let images: ImagesPage;
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
    }, LONG);
    afterAll(async () => {
      await page?.close();
      await viewer?.stop();
    });

    /** The slice of an organ in all four images, its ear enlarged. */
    async function expectGoTo(ear: 'left' | 'right'): Promise<void> {
      await images.ours('goToOrgan', { ear, organ: 'vestibule' });
      const views = await images.until('the ear is enlarged', (found) =>
        PLACES.every((id) => {
          const view = found.find((shown) => shown.id === id);
          return view && Math.abs(view.halfHeight - 25) < 0.5;
        })
      );
      for (const { focalPoint } of views) {
        // The patient's left is positive.
        expect(focalPoint[0] * (ear === 'left' ? 1 : -1)).toBeGreaterThan(15);
        expect(focalPoint[2]).toBeCloseTo(views[0]?.focalPoint[2] ?? NaN, 1);
      }
    }

    /** MRC's own brightness is far above what 400/1000 is made for. */
    async function expectMrcWindow(): Promise<void> {
      await images.until('the window of MRC', (views) =>
        views
          .filter(({ shows }) => shows[0]?.startsWith('MRC'))
          .every(({ window }) => window !== null && window.upper > 2000)
      );
    }

    it(
      'a finished page comes to rest: with the four images shown nothing is drawn any more',
      async () => {
        await comesToRest(page);
        await images.activate('hydrops-mi2');
        await comesToRest(page);
      },
      LONG
    );

    it(
      'after a reformation the four images return to their places and windows, linked',
      async () => {
        await expectGoTo('left');
        const place = await linkedPlace(images, 'before the reformation');
        const before = await images.view('hydrops-mi2');
        await images.reformat('hydrops-mrc');
        await expectMrcWindow();
        await images.layout(2, 2);
        await images.untilFour();
        // A reformation begins in the middle of the head: its place is not the reader's.
        expect(apart(await linkedPlace(images, 'after a reformation'), place)).toBeLessThan(1);
        await expectMrcWindow();
        expect((await images.view('hydrops-mi2')).window).toEqual(before.window);
        await expectGoTo('right');
        await picture(page, `layouts-back-${ohif}`);
        await images.reformat('hydrops-mi2');
        await images.run('setHangingProtocol', { protocolId: 'inner-ear-hydrops' });
        await images.untilFour();
        await expectGoTo('left');
        await images.expectAlive();
      },
      LONG
    );

    it(
      'going to an organ in a reformation brings every plane through it and enlarges the ear',
      async () => {
        await images.reformat('hydrops-mrc');
        await images.ours('goToOrgan', { ear: 'right', organ: 'vestibule' });
        const views = await images.until('the ear is enlarged', (found) =>
          found.every(({ halfHeight }) => Math.abs(halfHeight - 25) < 0.5)
        );
        const place = (axis: number) =>
          views.find(({ normal }) => Math.abs(normal[axis] ?? 0) > 0.99)?.focalPoint[axis] ?? NaN;
        const point = [place(0), place(1), place(2)];
        const [low, high] = await extentOf(4);
        point.forEach((value, axis) => {
          expect(value).toBeGreaterThan((low[axis] as number) - 0.6);
          expect(value).toBeLessThan((high[axis] as number) + 0.6);
        });
        await picture(page, `layouts-mpr-${ohif}`);
        await images.ours('restoreHydropsLayout');
        await images.untilFour();
        await images.expectAlive();
      },
      LONG
    );

    it(
      'the button brings the four images back from any layout, at one place and size',
      async () => {
        const leaving: Record<string, () => Promise<unknown>> = {
          'three by one': () => images.layout(3, 1),
          'two by three': () => images.layout(2, 3),
          'one image': () => images.layout(1, 1),
          'a reformation': () => images.reformat('hydrops-mi2'),
        };
        for (const [layout, leave] of Object.entries(leaving)) {
          await leave();
          expect((await images.views()).map(({ shows }) => shows[0])).not.toContain(
            'HYDROPS-Mi2 (not computed yet)'
          );
          // MRC is in each grid.
          if (layout.includes(' by ')) await expectLinked(images, 'hydrops-mrc', layout);
          await picture(page, `layouts-${layout.replaceAll(' ', '-')}-${ohif}`);
          await page.page.locator('[data-cy="FourImages"]').first().click();
          await images.untilFour();
          await linkedPlace(images, `four images after ${layout}`);
          await expectMrcWindow();
        }
        await images.expectAlive();
      },
      LONG
    );

    it(
      'after a double click and back the four images are where they were',
      async () => {
        await expectGoTo('right');
        const pane = page.page.locator('[data-viewport-uid="hydrops-mi2"]');
        await pane.dblclick();
        await images.until('one image', (views) => views.length === 1 && views[0]?.drawn === true);
        await picture(page, `layouts-double-click-${ohif}`);
        await drag(images, 'hydrops-mi2', 'right', [0, 30]);
        const alone = await linkedPlace(images, 'one image');
        await page.page.locator('[data-viewport-uid]').first().dblclick();
        await images.untilFour();
        expect(apart(alone, await linkedPlace(images, 'back'))).toBeLessThan(0.6);
        await picture(page, `layouts-after-double-click-${ohif}`);
        await images.expectAlive();
      },
      LONG
    );

    const states: { name: string; enter: () => Promise<unknown> }[] = [
      {
        name: 'in a reformation of MRC',
        enter: () => images.reformat('hydrops-mrc'),
      },
      { name: 'in a reformation of HYDROPS-Mi2', enter: () => images.reformat('hydrops-mi2') },
      { name: 'with one image', enter: () => images.layout(1, 1) },
      { name: 'with three images', enter: () => images.layout(3, 1) },
    ];
    for (const { name, enter } of states) {
      it(
        `computing, another method and a reset do no harm ${name}`,
        async () => {
          await images.ours('restoreHydropsLayout');
          await images.untilFour();
          await enter();
          await images.ours('setHydropsMethod', { method: 'hydrops2-mi2' });
          await page.compute();
          await images.untilDrawn();
          await images.expectAlive();
          expect(await page.rows()).not.toEqual(computed);
          await images.ours('setHydropsMethod', { method: 'hydrops-mi2' });
          await page.compute();
          await images.ours('resetHydropsSegmentation');
          await images.untilDrawn();
          await images.expectAlive();
          expect(await page.rows()).toEqual(computed);
          expect(await images.segmentations()).toHaveLength(1);
          await images.ours('restoreHydropsLayout');
          await images.untilFour();
        },
        LONG
      );
    }

    /** Patient millimetres between which the voxels of a segment lie, by the host's own planes. */
    async function extentOf(segment: number): Promise<[number[], number[]]> {
      const labels = await page.labels();
      return page.page.evaluate(
        ([slices, wanted]) => {
          const { cornerstone, services } = globalThis as unknown as PlaneWindow;
          const low = [Infinity, Infinity, Infinity];
          const high = [-Infinity, -Infinity, -Infinity];
          const instances = services.displaySetService
            .getActiveDisplaySets()
            .flatMap((displaySet) => displaySet.instances ?? []);
          for (const [sop, found] of Object.entries(slices)) {
            const imageId = instances.find(({ SOPInstanceUID }) => SOPInstanceUID === sop)?.imageId;
            const plane = cornerstone.metaData.get('imagePlaneModule', imageId ?? '');
            for (let at = 0; at < found.length; at += 2) {
              if (found[at + 1] !== wanted) continue;
              const n = found[at] as number;
              const column = (n % plane.columns) * plane.columnPixelSpacing;
              const row = Math.floor(n / plane.columns) * plane.rowPixelSpacing;
              [0, 1, 2].forEach((axis) => {
                const value =
                  (plane.imagePositionPatient[axis] as number) +
                  column * (plane.rowCosines[axis] as number) +
                  row * (plane.columnCosines[axis] as number);
                low[axis] = Math.min(low[axis] as number, value);
                high[axis] = Math.max(high[axis] as number, value);
              });
            }
          }
          return [low, high] as [number[], number[]];
        },
        [labels, segment] as const
      );
    }
  });
}

interface PlaneWindow {
  cornerstone: {
    metaData: {
      get(
        type: string,
        id: string
      ): {
        columns: number;
        columnPixelSpacing: number;
        rowPixelSpacing: number;
        imagePositionPatient: ArrayLike<number>;
        rowCosines: ArrayLike<number>;
        columnCosines: ArrayLike<number>;
      };
    };
  };
  services: {
    displaySetService: {
      getActiveDisplaySets(): {
        instances?: { SOPInstanceUID: string; imageId?: string }[];
      }[];
    };
  };
}
