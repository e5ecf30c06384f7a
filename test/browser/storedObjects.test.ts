import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import {
  assembleSeries,
  SEGMENTS,
  type LabelVolume,
  type Measurement,
  type Series,
  firstItems,
} from '@inner-ear-hydrops/core';
import {
  encodeDerivedSeries,
  encodeMeasurementReport,
  encodeSegmentation,
  encodeSummaryImage,
  readSeries,
  type EncodedObject,
} from '@inner-ear-hydrops/core/dicom';
import { testEndolymph, testMeasurement, testVolume } from '../../core/test/testSeries';
import {
  FULLY_TESTED_VERSIONS,
  TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { foreignSegmentation } from '../support/foreignSegmentation';
import { picture } from './pictures';
import { MRC, PEI, PPI, smallStudy } from './studies';
import { newContext, ViewerPage } from './viewerPage';

// What we store, as the host lists and shows it when nobody has computed anything.

const LONG = 180_000;
const study = smallStudy('stored-objects', [MRC, PPI, PEI]);
const created = new Date(2026, 2, 4, 5, 6, 7);

let browser: Browser;
let objects: Uint8Array[];
beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launchBrowser();
  objects = storedObjects(await seriesOfStudy());
}, LONG);
afterAll(() => browser?.close());

type StudyImages = Record<'mrc' | 'ppi' | 'pei', Series>;

async function seriesOfStudy(): Promise<StudyImages> {
  const files = study.files.map((file, index) => ({
    name: String(index),
    buffer: file.slice().buffer,
  }));
  const { series } = await readSeries(files);
  const named = (name: string) => {
    const found = [...series.values()].find(({ header }) =>
      header.seriesDescription.startsWith(name)
    );
    if (!found) throw new Error(`no series ${name}`);
    return assembleSeries(found.header, found.slices).series;
  };
  return { mrc: named('MRC'), ppi: named('PPI'), pei: named('PEI') };
}

/** Four boxes as in a patient, where the made-up measurement has its slices: cochleae inside and in front. */
function boxes(mrc: Series): LabelVolume {
  const { size, spacing, origin, direction } = mrc.volume;
  const grid = { size, spacing, origin, direction };
  const labels = testVolume((i, j, k) => {
    if (k < 1 || k > 6) return 0;
    if (j > 34 && j < 46) return i > 14 && i < 24 ? 3 : i > 72 && i < 82 ? 1 : 0;
    if (j > 46 && j < 58) return i > 5 && i < 13 ? 4 : i > 83 && i < 91 ? 2 : 0;
    return 0;
  }, grid);
  return { ...grid, data: Uint8Array.from(labels.data), segments: [...SEGMENTS] };
}

/** A result in which the reader has changed every region. */
function edited(measurement: Measurement): Measurement {
  const ears = structuredClone(measurement.ears);
  for (const ear of Object.values(ears)) {
    for (const organ of Object.values(ear ?? {})) if (organ) organ.mask = 'edited';
  }
  return { ...measurement, ears };
}

function storedObjects({ mrc, ppi, pei }: StudyImages): Uint8Array[] {
  const hydrops = testVolume((i, j) => i - j, mrc.volume);
  const measurement = edited(testMeasurement(mrc));
  const labels = boxes(mrc);
  const common = { mrc, labels, endolymph: testEndolymph(mrc.volume), measurement, created };
  const segmentation = encodeSegmentation({
    ...common,
    model: measurement.model,
    reader: 'Reader^Test',
  });
  const stored: EncodedObject[] = [
    ...encodeDerivedSeries({
      kind: 'hydrops-mi2',
      method: 'hydrops-mi2',
      volume: hydrops,
      mrc,
      ppi,
      pei,
      created,
    }),
    segmentation,
    encodeMeasurementReport({ mrc, ppi, pei, measurement, segmentation, created }),
    encodeSummaryImage(common),
  ];
  const organsOnly = encodeSegmentation({ mrc, labels, model: null, created });
  const nameless = foreignSegmentation(
    mrc,
    labels,
    REGIONS.map((name, n) => [name, n + 1])
  );
  return [
    ...stored.map(({ file }) => new Uint8Array(file)),
    ofOtherSoftware(organsOnly),
    new Uint8Array(nameless),
  ];
}

const REGIONS = ['Region A', 'Region B', 'Region C', 'Region D'];

/** The same voxels as another vendor's object: nothing in it says that it is ours. */
function ofOtherSoftware({ file }: EncodedObject): Uint8Array {
  const text = Buffer.from(file).toString('latin1');
  const changed = text
    .replace(/Inner Ear Hydrops/g, 'Other Ear Vendors')
    .replace(/INNER EAR HYDROPS/g, 'OTHER EAR VENDORS')
    .replace(/EH segmentation/g, 'XX segmentation')
    .replace(/EH_ORGANS/g, 'XX_ORGANS');
  return Uint8Array.from(Buffer.from(changed, 'latin1'));
}

const hosts = TESTED_VERSIONS;
for (const ohif of hosts) {
  (hasBrowser() ? describe : describe.skip)(`OHIF ${ohif} [needs Chromium]`, () => {
    let viewer: RunningViewer;
    let page: ViewerPage;
    beforeAll(async () => {
      viewer = await startViewer({
        ohif,
        files: [...study.files, ...objects],
        innerEarHydrops: { backend: 'wasm' },
      });
      page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
      await page.waitForImage('MRC');
    }, LONG);
    afterAll(async () => {
      await page?.close();
      await viewer?.stop();
    });

    it(
      'lists stored results by time, model and reader, and none of them as input',
      async () => {
        const stored = page.page.getByRole('region', { name: 'Stored results' });
        await stored
          .getByText('2026-03-04 05:06, edited, Reader Test, Test network 1.2.3')
          .waitFor();
        const options = await page.page
          .locator('inner-ear-hydrops-panel')
          .getByLabel('MRC')
          .locator('option')
          .allInnerTexts();
        expect(options.join()).toContain('MRC hT2w 3D');
        expect(options.join()).not.toContain('HYDROPS');
      },
      LONG
    );

    it.each([
      ['MR', 'HYDROPS-Mi2 (research use)'],
      ['OT', 'EH summary (research use)'],
      ['SR', 'EH measurement, edited (research use)'],
      ['SEG', 'EH segmentation, edited (research use)'],
    ])(
      'lists and shows %s: %s',
      async (modality, description) => {
        await page.page.getByText(description.slice(0, 12)).first().dblclick();
        await page.page.waitForFunction(
          ([wanted, kind]) => {
            const { services } = globalThis as unknown as Host;
            const shown = [...services.viewportGridService.getState().viewports.values()].flatMap(
              ({ displaySetInstanceUIDs }) => displaySetInstanceUIDs ?? []
            );
            const sets = services.displaySetService.getActiveDisplaySets();
            const found = sets.find((one) => one.SeriesDescription === wanted);
            if (!found || found.Modality !== kind || found.unsupported) return false;
            // A segmentation is laid over the images that it was drawn on.
            return kind === 'SEG'
              ? Boolean(found.isLoaded ?? found.loadStatus)
              : shown.includes(found.displaySetInstanceUID);
          },
          [description, modality] as const,
          { timeout: 30_000 }
        );
        if (modality === 'SR') {
          await page.page.getByText('Left cochlea, volume').first().waitFor();
          await page.page.getByText('Mild endolymphatic hydrops').first().waitFor();
        }
        expect(await page.page.getByText('Something went wrong').count()).toBe(0);
        expect(page.crashes).toEqual([]);
        await picture(page, `stored-${modality}-${ohif}`);
      },
      LONG
    );

    // The panel is the same in every viewer.
    if (FULLY_TESTED_VERSIONS.includes(ohif)) {
      it(
        'measures segments as the reader assigns them, refuses a slip, and saves the map',
        async () => {
          const panel = page.panel();
          const stored = panel.locator('li.foreign').filter({ hasText: 'Regions' });
          const use = stored.getByRole('button', { name: /as ROI$/ });
          expect(await use.isDisabled()).toBe(true);
          await stored.getByText('Segments, 4 not recognised').click();
          const assign = async (...organs: string[]) => {
            for (const [n, organ] of organs.entries())
              await stored
                .getByLabel(`Organ of segment ${n + 1} "${REGIONS[n]}"`)
                .selectOption({ label: organ });
          };
          await assign('Right cochlea', 'Right vestibule', 'Left cochlea', 'Left vestibule');
          await use.click();
          const { code, text } = await page.problem();
          expect(code).toBe('laterality-wrong');
          expect(text).toMatch(/segment 3 "Region C", taken as the left cochlea, at \(−\d+, −?\d/);
          expect(text).toContain('say which organ each segment is');
          await picture(page, `assigned-wrong-${ohif}`);

          await assign('Left cochlea', 'Left vestibule', 'Right cochlea', 'Right vestibule');
          await use.click();
          await page.outcome();
          expect((await page.rows()).map(([organ]) => organ)).toHaveLength(4);
          const warnings = panel.locator('[data-code="segment-assigned"]');
          await warnings.first().waitFor({ state: 'attached' });
          expect((await warnings.allInnerTexts()).join()).toContain(
            'The reader took stored segment 1 "Region A" as the left cochlea.'
          );
          await panel.locator('[data-code="slice-by-area"]').first().waitFor({ state: 'attached' });
          await picture(page, `assigned-${ohif}`);

          await panel.locator('details.parts summary').click();
          await panel.getByLabel(/^HYDROPS-Mi2 map/).check();
          await page.button('Save results').click();
          await page.status().filter({ hasText: 'Saved in' }).waitFor({ timeout: 60_000 });
          const files = await Promise.all(
            viewer.store!.list().map((instance) => viewer.store!.file(instance))
          );
          const holds = (words: RegExp) =>
            files.filter((file) => words.test(file.toString('latin1'))).length;
          expect(holds(/HYDROPS-Mi2 map \(research use\)/)).toBe(1);
          // In the segmentation and in the report.
          expect(holds(/stored segment 1 .{1,4}Region A.{1,4} as the left cochlea/)).toBe(2);
          const kept = await page.page.evaluate(() =>
            localStorage.getItem('inner-ear-hydrops.segment-organs')
          );
          expect(kept).toContain('{"1":1,"2":2,"3":3,"4":4}');
          expect(page.crashes).toEqual([]);
        },
        LONG
      );
    }

    it(
      "takes another software's segmentation as ROI",
      async () => {
        await page.button(/^Use XX segmentation.* as ROI$/).click();
        await page.outcome();
        // The study is noise: each organ's row is followed by the reason why it is no measurement.
        const rows = (await page.rows()).filter((cells) => cells.length > 1);
        expect(rows).toHaveLength(4);
        for (const [, area, , , total] of rows) {
          expect(area).toMatch(/^not measurable, counted \d+\.\d % image \d+$/);
          expect(Number(total)).toBeGreaterThan(10);
        }
        await page.page.locator('[data-code="roi-of-other-software"]').waitFor();
        await picture(page, `roi-${ohif}`);
      },
      LONG
    );

    it(
      'gives the report to the clipboard and to paper',
      async () => {
        await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        await page.button('Copy report text').click();
        await page.page.getByText('Copied.').waitFor();
        const copied = await page.page.evaluate(() => navigator.clipboard.readText());
        const [[, area = '']] = firstItems(await page.rows(), 1);
        const counted = /\d+\.\d %/.exec(area)?.[0];
        expect(copied).toContain(
          `Left cochlea: EH ratio by area not measurable (${counted} counted`
        );
        expect(copied).toContain('For research use only');

        await page.button('Print report').click();
        const paper = page.page.frameLocator('#inner-ear-hydrops-report');
        await paper.getByText('Phantom Noise').waitFor({ state: 'attached' });
        expect(await paper.locator('body').innerText()).toContain('Left vestibule');
        await pictureOfReport(page, ohif);
      },
      LONG
    );
  });
}

(hasBrowser() ? it : it.skip)(
  'a browser that keeps nothing says so, and saves all the same [needs Chromium]',
  async () => {
    const viewer = await startViewer({
      files: [...study.files, ...objects],
      innerEarHydrops: { backend: 'wasm' },
    });
    const context = await newContext(browser);
    await context.addInitScript(() =>
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
    );
    try {
      const page = await ViewerPage.openIn(context, viewer.studyUrl(study.studyInstanceUid));
      await page.page.getByText('Unsaved results are not kept').waitFor();
      await page.button(/^Use XX segmentation.* as ROI$/).click();
      await page.outcome();
      await page.button('Save results').click();
      await page.status().filter({ hasText: 'Saved in' }).waitFor({ timeout: 60_000 });
      expect(page.crashes).toEqual([]);
    } finally {
      await context.close();
      await viewer.stop();
    }
  },
  LONG
);

/** As the printer gets it, when pictures are asked for. */
async function pictureOfReport({ page }: ViewerPage, ohif: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  const html = await page.locator('#inner-ear-hydrops-report').getAttribute('srcdoc');
  if (!directory || !html) return;
  const paper = await page.context().newPage();
  await paper.setContent(html);
  await paper.pdf({ path: join(directory, `report-${ohif}.pdf`), preferCSSPageSize: true });
  await paper.screenshot({ path: join(directory, `report-${ohif}.png`), fullPage: true });
  await paper.close();
}

interface Host {
  services: {
    viewportGridService: {
      getState(): { viewports: Map<string, { displaySetInstanceUIDs?: string[] }> };
    };
    displaySetService: {
      getActiveDisplaySets(): {
        displaySetInstanceUID: string;
        SeriesDescription?: string;
        Modality?: string;
        unsupported?: boolean;
        isLoaded?: boolean;
        loadStatus?: unknown;
      }[];
    };
  };
}
