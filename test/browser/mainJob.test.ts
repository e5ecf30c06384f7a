import type { Browser } from 'playwright-core';
import {
  DEFAULT_VERSION,
  TESTED_VERSIONS,
  hasBrowser,
  hasOrthanc,
  launchBrowser,
  startViewer,
  type RunningViewer,
  type ViewerVersion,
} from '../support';
import { farFromTruth, phantomTruth } from './phantomTruth';
import { picture } from './pictures';
import { phantomStudy } from './studies';
import { agreement, ViewerPage } from './viewerPage';
import { paintOver } from './brush';

// The main job in the prebuilt viewer: open a study, compute, edit, save, and find it again.

const LONG = 300_000;
const VOXELS_OF_FOUR_ORGANS = 400;
const SEED = 20260115;

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

/** Every viewer and either archive once; the embedded one serves the default viewer in nearly all other tests. */
const hosts: { archive: 'embedded' | 'orthanc'; ohif: ViewerVersion; edits: boolean }[] =
  TESTED_VERSIONS.map((ohif) =>
    ohif === DEFAULT_VERSION
      ? { archive: 'orthanc', ohif, edits: true }
      : { archive: 'embedded', ohif, edits: false }
  );

for (const { archive, ohif, edits } of hosts) {
  const possible = hasBrowser() && (archive === 'embedded' || hasOrthanc());
  const needs = archive === 'orthanc' ? 'Chromium and Orthanc' : 'Chromium';
  (possible ? describe : describe.skip)(
    `OHIF ${ohif} before ${archive === 'orthanc' ? 'Orthanc' : 'the embedded archive'} [needs ${needs}]`,
    () => {
      let viewer: RunningViewer;
      let first: ViewerPage;
      const study = phantomStudy(SEED);
      beforeAll(async () => {
        viewer = await startViewer({
          archive,
          ohif,
          files: study.files,
          innerEarHydrops: { backend: 'wasm' },
        });
        first = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
      }, LONG);
      afterAll(async () => {
        await first?.close();
        await viewer?.stop();
      });

      it(
        'shows the images and says what Mi2 waits for',
        async () => {
          for (const name of ['MRC', 'PPI', 'PEI']) await first.waitForImage(name);
          const waiting = first.page.getByText('HYDROPS-Mi2 appears', { exact: false });
          await waiting.first().waitFor();
          const trainedOn = 'Synthetic MR cisternography made by the phantom package';
          await first.page.getByText(trainedOn, { exact: false }).waitFor();
          await picture(first, `before-${ohif}`);
        },
        LONG
      );

      it(
        'computes EH for four organs and shows HYDROPS-Mi2',
        async () => {
          await first.compute();
          const rows = await first.rows();
          expect(rows.map(([organ]) => organ)).toEqual([
            'Left cochlea',
            'Left vestibule',
            'Right cochlea',
            'Right vestibule',
          ]);
          for (const [, area, volume, endolymph, total] of rows) {
            expect(area).toMatch(/^\d+\.\d % ?image \d+( borderline)?$/);
            expect(volume).toMatch(/^\d+\.\d %$/);
            expect(Number(endolymph)).toBeLessThanOrEqual(Number(total));
            expect(Number(total)).toBeGreaterThan(10);
          }
          await first.waitForImage('HYDROPS-Mi2');
          expect(await first.backend()).toMatch(/wasm \(\d threads?\)/);
          await picture(first, `result-${ohif}`);
        },
        LONG
      );

      it(
        'shows the ratios and volumes that the phantom has',
        async () => {
          expect(farFromTruth(await first.rows(), phantomTruth(SEED))).toEqual([]);
        },
        LONG
      );

      if (edits) {
        it(
          'follows an edit with the brush',
          async () => {
            const before = await first.rows();
            await paintOver(first);
            await first.page.getByText('Edited by the reader').waitFor({ timeout: 10_000 });
            expect(await first.rows()).not.toEqual(before);
          },
          LONG
        );
      }

      it(
        'saves, lists the new series at once, and restores it in a new browser',
        async () => {
          await first.button('Save results').click();
          await first.status().filter({ hasText: 'Saved' }).waitFor({ timeout: 60_000 });
          const listed = first.page.getByText(/EH segmentation/);
          await listed.first().waitFor({ timeout: 20_000 });
          const rows = await first.rows();
          const labels = await first.labels();

          const second = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
          try {
            await second
              .button(/^Restore the result/)
              .first()
              .click({ timeout: 60_000 });
            await second.outcome();
            expect(await second.rows()).toEqual(rows);
            const { share, named } = agreement(await second.labels(), labels);
            expect(named).toBeGreaterThan(VOXELS_OF_FOUR_ORGANS);
            expect(share).toBe(1);
            expect(second.crashes).toEqual([]);
          } finally {
            await second.close();
          }
          expect(first.crashes).toEqual([]);
        },
        LONG
      );
    }
  );
}
