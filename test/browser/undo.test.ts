import type { Browser } from 'playwright-core';
import {
  FULLY_TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { becomes } from './becomes';
import { chooseSegment, goToOrgan, paintAt, placeOnMrc, takeTool } from './brush';
import { ResultPage } from './resultPage';
import { earsStudy } from './studies';
import { ViewerPage } from './viewerPage';

// The viewer's own keys take back what the reader has done, in the order in which it was done.

const LONG = 300_000;
const LEFT_VESTIBULE = 2;
const study = earsStudy();

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

for (const ohif of FULLY_TESTED_VERSIONS) {
  (hasBrowser() ? describe : describe.skip)(`Undo in OHIF ${ohif} [needs Chromium]`, () => {
    let viewer: RunningViewer;
    let page: ViewerPage;
    beforeAll(async () => {
      viewer = await startViewer({
        ohif,
        files: study.files,
        innerEarHydrops: { backend: 'wasm' },
      });
      page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
      await page.waitForImage('MRC');
      await page.compute();
    }, LONG);
    afterAll(async () => {
      await page?.close();
      await viewer?.stop();
    });

    /** One of the extension's commands. */
    const run = (name: string, options: object) =>
      page.page.evaluate(
        ([command, given]) => {
          const { commandsManager } = globalThis as unknown as HostWindow;
          commandsManager.runCommand(command, given, 'INNER_EAR_HYDROPS');
        },
        [name, options] as const
      );

    /** What the reader has done, as the state says it. */
    const done = () =>
      page.page.evaluate(() => {
        const { services } = globalThis as unknown as HostWindow;
        const { edited, findings, representativeImages } = services.hydropsService.getState();
        return {
          edited,
          grade: findings.left.vestibuleNakashima,
          slice: representativeImages.chosen.left?.vestibule?.instanceNumber ?? null,
        };
      });

    /** Until the state says so: an edit is measured before it is shown. */
    async function waitFor(wanted: Awaited<ReturnType<typeof done>>): Promise<void> {
      const end = Date.now() + 20_000;
      for (;;) {
        const now = await done();
        if (JSON.stringify(now) === JSON.stringify(wanted)) return;
        if (Date.now() > end) expect(now).toEqual(wanted);
      }
    }

    it(
      'takes a slice back that was moved in the panel, while the focus is still on its arrow',
      async () => {
        const nothing = { edited: false, grade: '', slice: null };
        const arrow = new ResultPage(page).slice('Left vestibule').getByRole('button').last();
        await arrow.click();
        await becomes(done, ({ slice }) => slice !== null);
        await page.page.keyboard.press('Control+z');
        await waitFor(nothing);
        await page.page.keyboard.press('Control+y');
        await becomes(done, ({ slice }) => slice !== null);
        await page.page.keyboard.press('Control+z');
        await waitFor(nothing);
      },
      LONG
    );

    it(
      'takes a reset, a finding, a slice and a stroke back in turn, and brings them again',
      async () => {
        const automatic = await page.labels();
        const nothing = { edited: false, grade: '', slice: null };
        await goToOrgan(page, 'left', 'vestibule');
        await takeTool(page, 'Brush');
        await chooseSegment(page, LEFT_VESTIBULE);
        await paintAt(page, await placeOnMrc(page, 0, 11));
        const painted = await page.labels();
        await waitFor({ ...nothing, edited: true });

        const slice = await page.page.evaluate(() => {
          const { services } = globalThis as unknown as HostWindow;
          const { representativeImages } = services.hydropsService.getState();
          return (representativeImages.automatic.left?.vestibule?.instanceNumber ?? NaN) + 1;
        });
        const organ = { ear: 'left', organ: 'vestibule' };
        await run('setRepresentativeSlice', { ...organ, instanceNumber: slice });
        await waitFor({ edited: true, grade: '', slice });
        const finding = { field: 'vestibuleNakashima', value: 'mild', ear: 'left' };
        await run('setReaderField', finding);
        await waitFor({ edited: true, grade: 'mild', slice });
        await run('resetHydropsSegmentation', {});
        await waitFor({ ...nothing, grade: 'mild' });
        expect(await page.labels()).toEqual(automatic);

        const { keyboard } = page.page;
        await keyboard.press('Control+z');
        await waitFor({ edited: true, grade: 'mild', slice });
        expect(await page.labels()).toEqual(painted);
        await keyboard.press('Control+z');
        await waitFor({ edited: true, grade: '', slice });
        await keyboard.press('Control+z');
        await waitFor({ ...nothing, edited: true });
        expect(await page.labels()).toEqual(painted);
        await keyboard.press('Control+z');
        await waitFor(nothing);
        expect(await page.labels()).toEqual(automatic);

        await keyboard.press('Control+y');
        await waitFor({ ...nothing, edited: true });
        expect(await page.labels()).toEqual(painted);
        await keyboard.press('Control+y');
        await waitFor({ edited: true, grade: '', slice });
        await keyboard.press('Control+y');
        await waitFor({ edited: true, grade: 'mild', slice });
        await keyboard.press('Control+y');
        await waitFor({ ...nothing, grade: 'mild' });
        expect(await page.labels()).toEqual(automatic);
        expect(page.crashes).toEqual([]);
      },
      LONG
    );

    it(
      'goes back to nothing of a result that another one has replaced',
      async () => {
        await page.page.locator('[data-cy="hydrops-btn"]').click();
        await page.compute();
        const labels = await page.labels();
        const before = await done();
        for (let press = 0; press < 3; press++) await page.page.keyboard.press('Control+z');
        expect(await page.labels()).toEqual(labels);
        expect(await done()).toEqual(before);
      },
      LONG
    );
  });
}

interface HostWindow {
  commandsManager: { runCommand(name: string, options: unknown, context: string): unknown };
  services: {
    hydropsService: {
      getState(): {
        edited: boolean;
        findings: { left: { vestibuleNakashima: string } };
        representativeImages: Record<'chosen' | 'automatic', Images>;
      };
    };
  };
}

interface Images {
  left?: { vestibule?: { instanceNumber: number | null } };
}
