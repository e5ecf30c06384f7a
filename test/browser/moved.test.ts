import type { Browser } from 'playwright-core';
import {
  DEFAULT_VERSION,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { settles } from './becomes';
import { clickOn, openHydropsTab, paintAt, placeOn, takeTool } from './brush';
import { ImagesPage, PLACES } from './imagesPage';
import { picture } from './pictures';
import { percentIn, ResultPage } from './resultPage';
import { movedStudy } from './studies';
import { ViewerPage } from './viewerPage';

// The patient moved before PEI. What lies under an outline is what was measured there, or there is no outline.

const LONG = 300_000;
const CORRECTED = 'PEI, motion corrected';
const OUTLINE = 'outline segment-2';

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

// One viewer: what is shown is our own display set (both passed on 2026-11-27).
for (const ohif of [DEFAULT_VERSION]) {
  (hasBrowser() ? describe : describe.skip)(
    `a moved series in OHIF ${ohif} [needs Chromium]`,
    () => {
      let viewer: RunningViewer;
      let page: ViewerPage;
      let images: ImagesPage;
      /** Series Description of PEI as it was acquired. */
      let acquired: string;
      const study = movedStudy();
      beforeAll(async () => {
        viewer = await startViewer({
          ohif,
          files: study.files,
          innerEarHydrops: { backend: 'wasm' },
        });
        page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
        images = new ImagesPage(page);
        await page.waitForImage('MRC');
        await images.until('PEI is shown', (views) =>
          views.some(({ id, drawn }) => id === 'hydrops-pei' && drawn)
        );
        [acquired = ''] = (await images.view('hydrops-pei')).shows;
        await page.compute();
        await images.until('the corrected images', (views) =>
          views.some(
            ({ id, drawn, shows }) => id === 'hydrops-pei' && drawn && shows[0] === CORRECTED
          )
        );
        await images.untilFour();
      }, LONG);
      afterAll(async () => {
        await page?.close();
        await viewer?.stop();
      });

      const onLeftVestibule = async () => {
        await images.ours('goToOrgan', { ear: 'left', organ: 'vestibule' });
        await images.until('the ear is enlarged on one slice', (views) =>
          views.every(
            ({ halfHeight, focalPoint, drawn }) =>
              drawn &&
              Math.abs(halfHeight - 25) < 0.5 &&
              Math.abs(focalPoint[2] - (views[0]?.focalPoint[2] ?? NaN)) < 0.1
          )
        );
        await images.nextPicture();
      };
      const mean = (values: number[]) =>
        values.reduce((sum, value) => sum + value, 0) / values.length;

      it(
        'is shown as it was measured, in its place, in its window, under the numbers of MRC',
        async () => {
          const result = new ResultPage(page);
          expect(await result.warning('motion-corrected').innerText()).toMatch(
            /PEI had moved by 2\.\d mm/
          );
          await onLeftVestibule();
          const views = await images.views();
          const numbers = PLACES.map((id) => views.find((view) => view.id === id)?.instanceNumber);
          expect(new Set(numbers).size).toBe(1);
          for (const id of PLACES) {
            expect(Object.keys((await images.layer(id)) ?? {})).toContain(OUTLINE);
            expect(await images.note(id)).toBeNull();
          }
          // PPI less PEI, as they are drawn, is the endolymph that was counted.
          const [ppi, pei, mi2] = await Promise.all(
            ['hydrops-ppi', 'hydrops-pei', 'hydrops-mi2'].map((id) => images.drawnUnder(id))
          );
          const signs = (pei ?? []).map((value, n) => Math.sign((ppi?.[n] ?? NaN) - value));
          expect(signs).toEqual((mi2 ?? []).map(Math.sign));
          expect(signs.length).toBeGreaterThan(60);
          const [, area] = await result.cells('Left vestibule');
          expect(percentIn(area)).toBeGreaterThan(0);
          await picture(page, `moved-corrected-${ohif}`);
        },
        LONG
      );

      it(
        'as it was acquired has neither outline nor brush, and says why; and comes back corrected',
        async () => {
          await onLeftVestibule();
          const corrected = mean(await images.drawnUnder('hydrops-pei'));
          await images.drop(acquired, 'hydrops-pei');
          await onLeftVestibule();
          // Else this study would prove nothing: another place lies under the outline.
          const elsewhere = mean(await images.drawnUnder('hydrops-pei'));
          expect(Math.abs(elsewhere / corrected - 1)).toBeGreaterThan(0.2);
          expect(await images.note('hydrops-pei')).toMatch(
            /PEI as acquired lies 2\.\d mm from MRC/
          );
          expect(await images.layer('hydrops-pei')).toEqual({});
          expect(Object.keys((await images.layer('hydrops-ppi')) ?? {})).toContain(OUTLINE);
          await picture(page, `moved-acquired-${ohif}`);

          await takeTool(page, 'Brush');
          const before = await page.labels();
          await images.activate('hydrops-pei');
          await clickOn(page, await placeOn(page, 'hydrops-pei'));
          await page.page
            .getByText(`Draw on "${CORRECTED}" or on MRC`, { exact: false })
            .first()
            .waitFor({ timeout: 10_000 });
          expect(await page.labels()).toEqual(before);

          await images.ours('restoreHydropsLayout');
          await images.until(
            'the corrected images',
            (views) =>
              PLACES.every((id) => views.some((view) => view.id === id && view.drawn)) &&
              views.some(({ id, shows }) => id === 'hydrops-pei' && shows[0] === CORRECTED)
          );
          await onLeftVestibule();
          expect(mean(await images.drawnUnder('hydrops-pei'))).toBe(corrected);

          // On the corrected images the brush works.
          await images.activate('hydrops-pei');
          await images.until('PEI lists the labels', (views) =>
            views.some(({ id, listed }) => id === 'hydrops-pei' && listed)
          );
          await settles(() => placeOn(page, 'hydrops-pei', 0, 11));
          await paintAt(page, await placeOn(page, 'hydrops-pei', 0, 11));
          await openHydropsTab(page);
          await images.expectAlive();
        },
        LONG
      );

      it(
        'is reformatted as it was measured; as it was acquired, the reformations say that they are not',
        async () => {
          await images.reformat('hydrops-pei');
          const views = await images.views();
          expect(views.map(({ shows }) => shows[0])).toEqual(views.map(() => CORRECTED));
          await images.ours('goToOrgan', { ear: 'left', organ: 'vestibule' });
          for (const { id } of views) {
            await images.nextPicture();
            expect(await images.note(id)).toBeNull();
            expect(Object.keys((await images.layer(id)) ?? {})).toContain(OUTLINE);
          }
          await picture(page, `moved-reformatted-${ohif}`);
          await images.ours('restoreHydropsLayout');
          await images.untilFour();
          await images.drop(acquired, 'hydrops-pei');
          const reformatted = await images.reformat('hydrops-pei');
          for (const { id } of reformatted) {
            expect(await images.note(id)).toMatch(/PEI as acquired/);
            expect(await images.layer(id)).toEqual({});
          }
          await picture(page, `moved-acquired-reformatted-${ohif}`);
          await images.ours('restoreHydropsLayout');
          await images.untilFour();
          await images.expectAlive();
        },
        LONG
      );
    }
  );
}
