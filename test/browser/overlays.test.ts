import type { Browser } from 'playwright-core';
import {
  TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { ImagesPage, PLACES, SEGMENT_NAMES } from './imagesPage';
import { picture } from './pictures';
import { earsStudy } from './studies';
import { ViewerPage } from './viewerPage';

// The region on every image: drawn, coloured, hidden, kept in the host's list, and no danger to the viewer.

const LONG = 300_000;

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

for (const ohif of TESTED_VERSIONS) {
  (hasBrowser() ? describe : describe.skip)(`the region in OHIF ${ohif} [needs Chromium]`, () => {
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

    /** Area ratio that the table gives for an organ, and what is drawn of HYDROPS-Mi2 on its slice. */
    async function expectMeasuredIsDrawn(): Promise<void> {
      for (const [ear, side] of [
        ['left', 1],
        ['right', -1],
      ] as const) {
        await images.ours('goToOrgan', { ear, organ: 'vestibule' });
        await images.until('the ear is enlarged', (views) =>
          views.every(
            ({ halfHeight, focalPoint }) =>
              Math.abs(halfHeight - 25) < 0.5 &&
              // The patient's left is positive.
              focalPoint[0] * side > 15 &&
              Math.abs(focalPoint[2] - (views[0]?.focalPoint[2] ?? NaN)) < 0.1
          )
        );
      }
      await images.nextPicture();
      const drawn = await images.drawnFluids();
      const layer = await images.layer('hydrops-mi2');
      expect(drawn.all).toBeGreaterThan(20);
      expect(layer?.['fluid endolymph']).toBe(drawn.negative);
      expect(layer?.['fluid perilymph']).toBe(drawn.all - drawn.negative);
    }

    it(
      'is outlined on all four images, and on HYDROPS-Mi2 coloured as it is measured',
      async () => {
        await expectMeasuredIsDrawn();
        for (const id of PLACES) {
          const layer = await images.layer(id);
          expect(Object.keys(layer ?? {})).toContain('outline segment-4');
          expect('fluid endolymph' in (layer ?? {})).toBe(id === 'hydrops-mi2');
        }
        await images.untilHostDrawsNone();
        await picture(page, `overlays-ear-${ohif}`);
      },
      LONG
    );

    it(
      'going to an organ makes its segment the active one',
      async () => {
        for (const [n, [ear, organ]] of [
          ['left', 'cochlea'],
          ['left', 'vestibule'],
          ['right', 'cochlea'],
          ['right', 'vestibule'],
        ].entries()) {
          await images.ours('goToOrgan', { ear, organ });
          expect((await images.segmentations())[0]?.active).toEqual([n + 1]);
        }
      },
      LONG
    );

    it(
      'a segment chosen while the viewer may count segments stays the active one',
      async () => {
        await images.ours('goToOrgan', { ear: 'left', organ: 'cochlea' });
        const active = await page.page.evaluate(async () => {
          const { services, cornerstoneTools } = globalThis as unknown as CountingWindow;
          const { segmentationService } = services;
          const [{ segmentationId } = { segmentationId: 'none' }] =
            segmentationService.getSegmentations();
          const { segmentation } = cornerstoneTools;
          // The viewer counts one second after an edit; this listener is called after its own.
          await new Promise<void>((resolve) => {
            segmentationService.subscribeDebounced(
              segmentationService.EVENTS.SEGMENTATION_DATA_MODIFIED,
              () => resolve(),
              1000
            );
            segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(segmentationId);
          });
          segmentationService.setActiveSegment(segmentationId, 3);
          // Counts are made one after the other: when this one is done, so is the viewer's.
          await cornerstoneTools.utilities.segmentation.getStatistics({
            segmentationId,
            segmentIndices: [1, 2, 3, 4],
            mode: 'individual',
          });
          await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
          return segmentation.segmentIndex.getActiveSegmentIndex(segmentationId);
        });
        expect(active).toBe(3);
      },
      LONG
    );

    it(
      'clicking another viewport keeps the list, its four segments and the tools',
      async () => {
        await page.page.locator('[data-cy^="panelSegmentation"][data-cy$="-btn"]').first().click();
        for (const id of [...PLACES].reverse()) {
          await images.activate(id);
          expect((await images.view(id)).listed).toBe(true);
          for (const name of SEGMENT_NAMES) {
            await page.page.getByText(name, { exact: true }).first().waitFor({ timeout: 10_000 });
          }
          const brush = page.page.locator('[data-cy="Brush"], [data-cy="Brush-btn"]').first();
          await brush.waitFor();
          expect(await brush.getAttribute('class')).not.toMatch(/cursor-not-allowed|disabled/);
          expect(await brush.isEnabled()).toBe(true);
        }
        await page.page.locator('[data-cy="hydrops-btn"]').click();
      },
      LONG
    );

    it(
      'a key hides it while it is held, also when its release is never told; not while typing',
      async () => {
        const { keyboard } = page.page;
        await page.page.locator('[data-viewport-uid="hydrops-mi2"]').click();
        const isHidden = async () => {
          const layers = await Promise.all(PLACES.map((id) => images.layer(id)));
          return layers.every((layer) => layer === null);
        };
        await keyboard.down('o');
        expect(await isHidden()).toBe(true);
        await keyboard.up('o');
        expect(await isHidden()).toBe(false);
        await keyboard.down('o');
        await page.page.evaluate(() => dispatchEvent(new Event('blur')));
        expect(await isHidden()).toBe(false);
        await keyboard.up('o');
        const field = page.page.locator('inner-ear-hydrops-panel textarea').first();
        await field.evaluate((element) => {
          const section = element.closest('details');
          if (section) section.open = true;
        });
        await field.focus();
        await keyboard.down('o');
        expect(await isHidden()).toBe(false);
        await keyboard.up('o');
        await field.fill('');
      },
      LONG
    );

    it(
      'computing, restoring, another method and a reset do no harm while it lies on every image',
      async () => {
        await page.button('Save results').click();
        await page.page
          .getByText(/^Saved|stored/i)
          .first()
          .waitFor({ timeout: 60_000 });
        for (const id of PLACES) await images.overlayOn(id);
        await images.untilDrawn();
        const before = await images.segmentations();
        await expectMeasuredIsDrawn();
        const values = (await images.drawnFluids()).values;

        await images.ours('setHydropsMethod', { method: 'hydrops2-mi2' });
        await page.compute();
        await images.untilFour();
        await images.expectAlive();
        await expectMeasuredIsDrawn();
        expect((await images.drawnFluids()).values).not.toEqual(values);

        await images.ours('setHydropsMethod', { method: 'hydrops-mi2' });
        await images.ours('loadHydropsResults');
        await images.untilFour();
        await images.expectAlive();
        await expectMeasuredIsDrawn();
        expect((await images.drawnFluids()).values).toEqual(values);

        await page.compute();
        await images.ours('resetHydropsSegmentation');
        await images.untilFour();
        await images.expectAlive();
        expect(await page.rows()).toEqual(computed);
        // One segmentation, from first to last.
        expect((await images.segmentations()).map(({ id }) => id)).toEqual(
          before.map(({ id }) => id)
        );
      },
      LONG
    );

    it(
      'leaving the mode while it lies on every image leaves nothing behind',
      async () => {
        await page.page.locator('[data-cy="return-to-work-list"]').click();
        await page.page.locator('inner-ear-hydrops-panel').waitFor({ state: 'detached' });
        expect(await page.page.getByText('Something went wrong').count()).toBe(0);
        expect(page.crashes).toEqual([]);
        expect(await images.segmentations()).toEqual([]);
        expect(await page.page.locator('.inner-ear-hydrops-overlay').count()).toBe(0);
      },
      LONG
    );
  });
}

interface CountingWindow {
  services: {
    segmentationService: {
      EVENTS: { SEGMENTATION_DATA_MODIFIED: string };
      getSegmentations(): { segmentationId: string }[];
      setActiveSegment(segmentationId: string, segment: number): void;
      subscribeDebounced(event: string, listener: () => void, wait: number): unknown;
    };
  };
  cornerstoneTools: {
    segmentation: {
      segmentIndex: { getActiveSegmentIndex(segmentationId: string): number | undefined };
      triggerSegmentationEvents: { triggerSegmentationDataModified(segmentationId: string): void };
    };
    utilities: {
      segmentation: {
        getStatistics(options: {
          segmentationId: string;
          segmentIndices: number[];
          mode: string;
        }): Promise<unknown>;
      };
    };
  };
}
