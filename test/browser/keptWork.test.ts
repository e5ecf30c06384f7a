import type { Browser, Dialog, Page } from 'playwright-core';
import { hasBrowser, launchBrowser, startViewer, type RunningViewer } from '../support';
import { becomes } from './becomes';
import {
  chooseSegment,
  clickOn,
  goToOrgan,
  openHydropsTab,
  paintAt,
  placeOnMrc,
  takeTool,
} from './brush';
import { goWithin } from './hostSnapshot';
import { picture } from './pictures';
import { ResultPage } from './resultPage';
import { earsStudy } from './studies';
import { ViewerPage } from './viewerPage';

// The reader's work is never thrown away without a question or a word, and never shown as something else.

const LONG = 300_000;
const LEFT_VESTIBULE = 2;
const IMPRESSION = 'Hydrops of the left vestibule';
const MORE = ', seen on three slices';
const UNSAVED = /^Open the unsaved result/;
const study = earsStudy();

let browser: Browser;
let viewer: RunningViewer;
beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launchBrowser();
  viewer = await startViewer({
    files: study.files,
    innerEarHydrops: {
      backend: 'wasm',
      saveParts: { hydrops: false, 'hydrops-mi2': false },
      // A test holds the archive for as long as it takes to press all that must be refused.
      archiveTimeout: 120_000,
    },
  });
}, LONG);
afterAll(async () => {
  await browser?.close();
  await viewer?.stop();
});

(hasBrowser() ? describe : describe.skip)('the reader’s work [needs Chromium]', () => {
  let page: ViewerPage;
  let result: ResultPage;
  let errors: string[];
  beforeAll(async () => {
    page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
    errors = consoleErrors(page.page);
    result = new ResultPage(page);
    await page.waitForImage('MRC');
  }, LONG);
  afterAll(() => page?.close());
  afterEach(() => {
    expect(page.crashes).toEqual([]);
  });

  const impression = () => page.page.getByLabel('Impression');
  const grade = () => page.page.getByLabel('Vestibule, Nakashima, left ear');
  const arrow = () => result.slice('Left cochlea').getByRole('button').last();
  const chosenSlices = () =>
    page.page.evaluate(() => {
      const { services } = globalThis as unknown as HostWindow;
      return services.hydropsService.getState().representativeImages.chosen;
    });
  const openFindings = () => page.page.locator('summary', { hasText: 'findings' }).click();
  const notice = (title: string) => page.page.getByText(title, { exact: true }).first();
  const run = (name: string, options: object) =>
    page.page.evaluate(
      ([command, given]) => {
        const { commandsManager } = globalThis as unknown as HostWindow;
        commandsManager.runCommand(command, given, 'INNER_EAR_HYDROPS');
      },
      [name, options] as const
    );

  it.each([
    { width: 1366, height: 768 },
    { width: 1920, height: 1080 },
  ])(
    'after a computation the numbers and grades are in sight on a screen of $width × $height',
    async (size) => {
      await page.page.setViewportSize(size);
      await page.compute();
      const grades = page.page.getByRole('list', { name: 'Suggested grades' });
      const bar = (await page.panel().locator('.status-bar').boundingBox())?.y ?? 0;
      for (const part of [page.table(), grades]) {
        const { y = -1, height = 0 } = (await part.boundingBox()) ?? {};
        expect([y >= 0, y + height <= bar]).toEqual([true, true]);
      }
      const focused = await page
        .panel()
        .evaluate(({ shadowRoot }) => shadowRoot?.activeElement?.textContent);
      expect(focused).toBe('Compute EH');
      await picture(page, `in-sight-${size.width}`);
    },
    LONG
  );

  it(
    'while a computation runs every change is refused with a word, and is possible again after Cancel',
    async () => {
      await goToOrgan(page, 'left', 'vestibule');
      await takeTool(page, 'Brush');
      await chooseSegment(page, LEFT_VESTIBULE);
      await paintAt(page, await placeOnMrc(page, 4, 0));
      await openHydropsTab(page);
      await openFindings();
      await grade().selectOption('mild');
      await becomes(edited, (is) => is);
      const labels = await page.labels();

      // In another role a series is read again: the computation waits for the archive.
      const { answer, asked } = await heldArchive(page.page);
      await result.choice('PPI').selectOption({ label: '1 · Localizer (3)' });
      await page.button('Compute EH').click();
      await page.button('Compute again').click();
      await asked;
      expect(await arrow().getAttribute('aria-disabled')).toBe('true');
      expect(await page.button('Reset to AI result').getAttribute('aria-disabled')).toBe('true');
      expect(await grade().isDisabled()).toBe(true);
      expect(await impression().isEditable()).toBe(false);
      await page.page.getByText('Nothing can be changed until it has finished.').waitFor();
      await picture(page, 'held');

      await run('setRepresentativeSlice', { ear: 'left', organ: 'cochlea', instanceNumber: 5 });
      await notice('Nothing was changed').waitFor();
      await run('setReaderField', { field: 'impression', value: IMPRESSION });
      await run('setEarCenter', { ear: 'left', center: [30, 0, 0] });
      await run('resetHydropsSegmentation', {});
      for (const tool of ['Brush', 'Eraser'] as const) {
        await takeTool(page, tool);
        await chooseSegment(page, LEFT_VESTIBULE);
        await clickOn(page, await placeOnMrc(page, 0, 0));
        await notice('Nothing was drawn').waitFor();
      }
      // The stroke of before, by the viewer's own undo.
      await page.page.keyboard.press('Control+z');
      await page.page.keyboard.press('Control+z');
      await notice('The segmentation was not changed').waitFor();
      expect(await page.labels()).toEqual(labels);
      await openHydropsTab(page);
      expect(await chosenSlices()).toEqual({});

      await page.button('Cancel').click();
      await page.page.getByRole('progressbar').waitFor({ state: 'detached' });
      answer();
      expect(await page.labels()).toEqual(labels);
      await openFindings();
      expect(await grade().inputValue()).toBe('mild');
      expect(await impression().inputValue()).toBe('');
      await arrow().click();
      await becomes(chosenSlices, (chosen) => Boolean(chosen.left?.['cochlea']));
      // To cancel is no error.
      expect(errors).toEqual([]);
      await page.page.unrouteAll();
      await page.button('Reset series, PPI').click();
    },
    LONG
  );

  it(
    'what a new computation replaces is asked about, kept, offered at once, and comes back as it was',
    async () => {
      // The stroke, the grade and the slice of before.
      const moved = await chosenSlices();
      const labels = await page.labels();
      const rows = await page.rows();
      await page.button('Compute EH').click();
      await page.page
        .getByText('Computing again replaces your unsaved edits and slices.')
        .first()
        .waitFor();
      await page.button('Go back').click();
      expect(await chosenSlices()).toEqual(moved);
      await page.button('Compute EH').click();
      await page.button('Compute again').click();
      await page.outcome();
      expect(await chosenSlices()).toEqual({});
      // Of the study, not of the result.
      expect(await grade().inputValue()).toBe('mild');
      await notice('Your unsaved changes were kept').waitFor();
      await page.button(UNSAVED).waitFor();
      await picture(page, 'replaced');

      await page.button(UNSAVED).click();
      // The grade is of the new result too, in which it is not saved.
      await page.button('Open it').click();
      await page.outcome();
      expect(await chosenSlices()).toEqual(moved);
      expect(await page.labels()).toEqual(labels);
      expect(await page.rows()).toEqual(rows);
      expect(await grade().inputValue()).toBe('mild');
    },
    LONG
  );

  it(
    'restoring over unsaved findings asks, and keeps them',
    async () => {
      await impression().fill('As it was stored.');
      await page.button('Save results').click();
      await page.status().filter({ hasText: 'Saved in' }).waitFor();
      const restore = page.button(/^Restore the result/).first();
      await restore.waitFor();
      await impression().fill(IMPRESSION);
      await restore.click();
      await page.page
        .getByText('Opening a result replaces your unsaved edits, slices and findings.')
        .first()
        .waitFor();
      await picture(page, 'restore-question');
      await page.button('Go back').click();
      expect(await impression().inputValue()).toBe(IMPRESSION);
      await restore.click();
      await page.button('Restore it').click();
      await page.outcome();
      expect(await impression().inputValue()).toBe('As it was stored.');
      await page.button(UNSAVED).first().click();
      await page.outcome();
      expect(await impression().inputValue()).toBe(IMPRESSION);
    },
    LONG
  );

  it(
    'text survives a reload with the cursor still in its field, and the browser asks before',
    async () => {
      const asked: string[] = [];
      page.page.on('dialog', (dialog: Dialog) => {
        asked.push(dialog.type());
        void dialog.accept();
      });
      await impression().focus();
      await impression().press('End');
      await page.page.keyboard.type(MORE, { delay: 40 });
      await page.page.reload();
      expect(asked).toEqual(['beforeunload']);
      await page.button(UNSAVED).first().click({ timeout: 60_000 });
      await page.outcome();
      await openFindings();
      expect(await impression().inputValue()).toBe(IMPRESSION + MORE);
      // One step takes back what was typed at once.
      await impression().press('End');
      await page.page.keyboard.type(' and cochlea');
      await page.page.locator('[data-viewport-uid="hydrops-mrc"]').click();
      await page.page.keyboard.press('Control+z');
      await becomes(
        () => impression().inputValue(),
        (text) => text === IMPRESSION + MORE
      );
    },
    LONG
  );

  it(
    'what was changed the moment before the mode is left for the work list is offered on coming back',
    async () => {
      const { pathname, search } = new URL(page.page.url());
      await page.page.evaluate(() => {
        // As `goWithin`, and nothing of the page runs between change and leaving.
        const { commandsManager } = globalThis as unknown as HostWindow;
        const image = { ear: 'left', organ: 'cochlea', instanceNumber: 9 };
        commandsManager.runCommand('setRepresentativeSlice', image, 'INNER_EAR_HYDROPS');
        history.pushState(null, '', '/');
        dispatchEvent(new PopStateEvent('popstate'));
      });
      await page.page.getByText('BROWSER-EARS').first().waitFor();
      await goWithin(page.page, pathname + search);
      await page.button('Compute EH').waitFor();
      await page.button(UNSAVED).first().click({ timeout: 60_000 });
      await page.outcome();
      expect((await chosenSlices()).left?.['cochlea']).toMatchObject({ instanceNumber: 9 });
    },
    LONG
  );

  /** Whether the region on the screen is one that the reader has edited. */
  function edited(): Promise<boolean> {
    return page.page.evaluate(() => {
      const { services } = globalThis as unknown as HostWindow;
      return services.hydropsService.getState().edited;
    });
  }
});

/** The archive answers no question for a whole instance until it is told to. */
async function heldArchive(page: Page): Promise<{ answer(): void; asked: Promise<void> }> {
  let answer = (): void => undefined;
  let ask = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const asked = new Promise<void>((resolve) => (ask = resolve));
  await page.route(/\/instances\/[\d.]+$/, async (route) => {
    ask();
    await answered;
    await route.continue().catch(() => undefined);
  });
  return { answer, asked };
}

function consoleErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

/** What is used here of the host's globals. */
interface HostWindow {
  commandsManager: { runCommand(name: string, options: unknown, context: string): unknown };
  services: {
    hydropsService: {
      getState(): {
        edited: boolean;
        representativeImages: { chosen: { left?: Record<string, unknown> } };
      };
    };
  };
}
