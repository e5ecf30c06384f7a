import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext } from 'playwright-core';
import { unzipSync } from 'fflate';
import { parseInstance } from '../../tools/src/archive';
import {
  hasBrowser,
  launchBrowser,
  startFaultyArchive,
  startViewer,
  type Fault,
  type FaultyArchive,
  type RunningViewer,
} from '../support';
import { picture } from './pictures';
import { earsStudy } from './studies';
import { becomes } from './becomes';
import { newContext, ViewerPage } from './viewerPage';

// An archive that does not take the result must not cost the reader the result. One browser and one
// computation serve the whole file; the tests follow each other.

const LONG = 300_000;
const study = earsStudy();

(hasBrowser() ? describe : describe.skip)('a store that fails [needs Chromium]', () => {
  let browser: Browser;
  let context: BrowserContext;
  let upstream: RunningViewer;
  let archive: FaultyArchive;
  let viewer: RunningViewer;
  let page: ViewerPage;
  let rows: string[][];

  const always = (fault: Fault) => [{ method: 'POST' as const, path: /studies/, fault }];
  const savedBy = (tab: ViewerPage) =>
    tab.status().filter({ hasText: 'Saved in' }).waitFor({ timeout: 90_000 });
  /** What the archive holds of ours, by SOP Instance UID. */
  const results = async () => {
    const store = upstream.store;
    if (!store) throw new Error('the archive cannot be looked into');
    // The phantom's own series have numbers below.
    const ours = store
      .list()
      .filter(({ attributes }) => Number(attributes['00200011']?.Value?.[0]) > 9000);
    return new Map(
      await Promise.all(
        ours.map(async (one) => [one.sopInstanceUid, await store.file(one)] as const)
      )
    );
  };
  const ofClass = async (sopClass: string) =>
    [...(await results()).values()].filter((file) => parseInstance(file).sopClassUid === sopClass);
  const segmentations = () => ofClass('1.2.840.10008.5.1.4.1.1.66.4');
  const reports = () => ofClass('1.2.840.10008.5.1.4.1.1.88.33');

  beforeAll(async () => {
    browser = await launchBrowser();
    upstream = await startViewer({ files: study.files, token: false });
    archive = await startFaultyArchive(upstream.dicomweb);
    viewer = await startViewer({
      archive: archive.url,
      innerEarHydrops: {
        backend: 'wasm',
        archiveTimeout: 6000,
        // One derived series shows what two would, in half the time.
        saveParts: { hydrops: false },
      },
    });
    context = await newContext(browser);
    page = await ViewerPage.openIn(context, viewer.studyUrl(study.studyInstanceUid));
    await page.compute();
    rows = await page.rows();
  }, LONG);
  afterAll(async () => {
    await browser?.close();
    await viewer?.stop();
    await archive?.stop();
    await upstream?.stop();
  });

  const faults: [string, Fault, RegExp][] = [
    ['answers 500', { kind: 'status', status: 500 }, /archive-error/],
    ['answers 401', { kind: 'status', status: 401 }, /archive-unauthorized/],
    ['finds every object too large (413)', { kind: 'status', status: 413 }, /archive-too-large/],
    ['answers 409 without a word', { kind: 'status', status: 409 }, /archive-conflict/],
    ['accepts none', { kind: 'partial-store', accept: 0 }, /archive-rejected-instance/],
    ['does not answer', { kind: 'silence' }, /archive-no-answer/],
    // Through a proxy the reader's browser sees 502 instead.
    ['closes the connection', { kind: 'reset' }, /archive-(no-answer|error)/],
  ];
  it.each(faults)(
    '%s: the reader keeps the result and learns what is not stored',
    async (name, fault, code) => {
      archive.rules = always(fault);
      await page.button('Save results').click();
      await page.alert().waitFor({ state: 'detached' });
      const problem = await page.problem();
      expect(problem.code).toMatch(code);
      expect(problem.text).toMatch(/Not stored: .*Segmentation.*Report/s);
      if (fault.kind === 'partial-store') {
        // The first object is named, with its UID, for whoever reads the archive's log.
        const named = page.page.getByText(/\(DICOM SEG\), 2\.25\.\d+: the archive failed/);
        expect(await named.count()).toBe(1);
      }
      expect(await page.rows()).toEqual(rows);
      expect(await segmentations()).toHaveLength(0);
      await picture(page, `store-failed-${name.replace(/\W+/g, '-')}`);
    },
    LONG
  );

  it(
    'stores each object once when answers are lost and instances are refused for a while',
    async () => {
      const download = page.page.waitForEvent('download');
      await page.alert().getByRole('button', { name: 'Download' }).click();
      const zip = unzipSync(readFileSync(await (await download).path()));

      archive.rules = [
        { method: 'POST', path: /studies/, times: 1, fault: { kind: 'partial-store', accept: 3 } },
        { method: 'POST', path: /studies/, times: 1, fault: { kind: 'cut', afterBytes: 40 } },
      ];
      await page.button('Retry').click();
      await savedBy(page);
      expect(await page.alert().isVisible()).toBe(false);

      const stored = await results();
      const files = Object.entries(zip).filter(([name]) => name.endsWith('.dcm'));
      // The derived series, SEG and SR.
      expect(files.length).toBe(28);
      expect(stored.size).toBe(files.length);
      for (const [name, file] of files) {
        const { sopInstanceUid } = parseInstance(file);
        // Not a byte differs, pixel data included.
        expect([name, stored.get(sopInstanceUid)?.equals(file)]).toEqual([name, true]);
      }
      await picture(page, 'saved');
      await page.button('Save results').click();
      await page.status().filter({ hasText: 'Saving' }).waitFor({ state: 'detached' });
      await savedBy(page);
      expect((await results()).size).toBe(files.length);
    },
    LONG
  );

  it(
    'lists the new series at once, each derived image once',
    async () => {
      const browserPanel = page.page.locator('[data-cy="studyBrowser-panel"]');
      for (const name of ['EH segmentation', 'HYDROPS-Mi2 (research use)'])
        await browserPanel.getByText(name, { exact: false }).first().waitFor({ timeout: 20_000 });
      expect(await browserPanel.getByText(/^HYDROPS-Mi2/).count()).toBe(1);
      // Stored images of ours are results, not input.
      const roles = page.page.locator('inner-ear-hydrops-panel').getByLabel('MRC');
      expect(await roles.locator('option').allInnerTexts()).not.toContainEqual(
        expect.stringContaining('HYDROPS')
      );
    },
    LONG
  );

  it(
    'offers a save that a closed tab interrupted, and finishes it',
    async () => {
      await page.page.locator('summary', { hasText: 'findings' }).click();
      await page.page.getByLabel('Vestibule, Nakashima, left ear').selectOption('significant');
      await page.page.getByLabel('Impression').fill('Hydrops of the left vestibule.');
      await page.page.getByLabel('Reader', { exact: true }).fill('Reader^Test');
      await page.page.getByLabel('Reader', { exact: true }).blur();
      await picture(page, 'findings');
      archive.rules = always({ kind: 'silence' });
      await page.button('Save results').click();
      await page.status().filter({ hasText: 'Saving… Segmentation' }).waitFor();
      await page.page.close();
      expect(await segmentations()).toHaveLength(1);

      archive.rules = [];
      page = await ViewerPage.openIn(context, viewer.studyUrl(study.studyInstanceUid));
      const offer = page.button(/^Save the unsaved result/);
      await offer.waitFor({ timeout: 30_000 });
      await picture(page, 'unsaved');
      await offer.click();
      await savedBy(page);
      await offer.waitFor({ state: 'detached' });
      expect(await segmentations()).toHaveLength(2);
      expect(await reports()).toHaveLength(2);
    },
    LONG
  );

  it(
    'restores the findings with the result, and the work that was never saved',
    async () => {
      await page
        .button(/^Restore the result/)
        .first()
        .click();
      await page.outcome();
      expect(await page.rows()).toEqual(rows);
      await page.page.locator('summary', { hasText: 'findings' }).click();
      const grade = (tab: ViewerPage) => tab.page.getByLabel('Vestibule, Nakashima, left ear');
      expect(await grade(page).inputValue()).toBe('significant');
      expect(await page.page.getByLabel('Impression').inputValue()).toContain('left vestibule');
      await picture(page, 'restored');

      // A restored result is the same object: saving it again doubles nothing.
      const before = (await results()).size;
      await page.button('Save results').click();
      await savedBy(page);
      expect((await results()).size).toBe(before);

      await grade(page).selectOption('mild');
      // Kept a moment after the change.
      await becomes(
        () => keptKinds(page),
        (kinds) => kinds.includes('draft')
      );
      await page.page.close();
      page = await ViewerPage.openIn(context, viewer.studyUrl(study.studyInstanceUid));
      await page.button(/^Open the unsaved result/).click({ timeout: 30_000 });
      await page.outcome();
      await page.page.locator('summary', { hasText: 'findings' }).click();
      expect(await grade(page).inputValue()).toBe('mild');
      expect(await page.rows()).toEqual(rows);
      expect(page.crashes).toEqual([]);
    },
    LONG
  );

  it(
    'offers no other tab the work that goes on here, until this tab is closed',
    async () => {
      const other = await ViewerPage.openIn(context, viewer.studyUrl(study.studyInstanceUid));
      const open = other.button(/^Open the unsaved result/);
      await other.panel().getByText('Open in another tab of this browser').waitFor();
      expect(await open.count()).toBe(0);
      expect(await other.button('Discard').count()).toBe(0);
      await picture(other, 'open-elsewhere');
      await page.page.close();
      page = other;
      await open.click();
      await page.outcome();
      expect(await page.rows()).toEqual(rows);
    },
    LONG
  );

  it(
    'says that the archive does not answer, and a save that is cancelled goes on later',
    async () => {
      archive.rules = always({ kind: 'silence' });
      await page.button('Save results').click();
      await page.status().filter({ hasText: 'has not answered yet' }).waitFor();
      await picture(page, 'save-stalls');
      await page.button('Cancel').click();
      await page.status().filter({ hasText: 'Saving was cancelled. Not stored: ' }).waitFor();
      expect(await page.alert().count()).toBe(0);
      archive.rules = [];
      await page.button('Save results').click();
      await savedBy(page);
    },
    LONG
  );
});

/** What this browser keeps of results that no archive has confirmed. */
function keptKinds(viewer: ViewerPage): Promise<string[]> {
  return viewer.page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open('inner-ear-hydrops');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction('results').objectStore('results').getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve((all.result as { kind: string }[]).map(({ kind }) => kind));
          };
        };
      })
  );
}
