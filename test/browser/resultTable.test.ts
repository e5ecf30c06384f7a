import type { Browser, BrowserContext } from 'playwright-core';
import { parseInstance } from '../../tools/src/archive';
import { hasBrowser, launchBrowser, startViewer, type RunningViewer } from '../support';
import { chooseSegment, goToOrgan, openHydropsTab, paintAt, placeOnMrc, takeTool } from './brush';
import { picturesOnScreens } from './pictures';
import { percentIn, ResultPage, type StoredResult } from './resultPage';
import { halfStudy, repeatedStudy, type TestStudy } from './studies';
import { newContext, ViewerPage, type Labels } from './viewerPage';

// What the panel says of each number: that it is none, what it stands on, and whose choice it rests on. Read from the
// panel, and from what Save has stored.

const LONG = 180_000;
const ORGANS = [
  ['left', 'cochlea'],
  ['left', 'vestibule'],
  ['right', 'cochlea'],
  ['right', 'vestibule'],
] as const;

/** Series Instance UID by Series Number. */
function seriesOf({ files }: TestStudy, number: number): string {
  const found = files
    .map((file) => parseInstance(file))
    .find(({ metadata }) => metadata['00200011']?.Value?.[0] === number);
  if (!found) throw new Error(`the study has no series ${number}`);
  return found.seriesInstanceUid;
}

/** Label values of all labelled voxels. */
const valuesOf = (labels: Labels) =>
  Object.values(labels).flatMap((slice) => slice.filter((_, at) => at % 2 === 1));

/** Nakashima's thresholds of the area ratio, percent. */
const gradeOf = (ratio: number) =>
  ratio <= 100 / 3 ? 'none' : ratio <= 50 ? 'mild' : 'significant';

(hasBrowser() ? describe : describe.skip)('the result in the panel [needs Chromium]', () => {
  const half = halfStudy();
  const repeated = repeatedStudy();
  let browser: Browser;
  let context: BrowserContext;
  let viewer: RunningViewer;
  let page: ViewerPage;
  let result: ResultPage;

  beforeAll(async () => {
    browser = await launchBrowser();
    viewer = await startViewer({
      files: [...half.files, ...repeated.files],
      innerEarHydrops: { backend: 'wasm' },
    });
    context = await newContext(browser);
  }, LONG);
  afterAll(async () => {
    await browser?.close();
    await viewer?.stop();
  });

  async function open(studyInstanceUid: string): Promise<void> {
    page = await ViewerPage.openIn(context, viewer.studyUrl(studyInstanceUid));
    result = new ResultPage(page);
  }

  describe('of a study with one ear in the images, which took no gadolinium', () => {
    let stored: StoredResult;
    const reported = (ear: string, organ: string) =>
      stored.report.organs.find((one) => one.ear === ear && one.organ === organ);

    beforeAll(async () => {
      await open(half.studyInstanceUid);
      await page.compute();
      stored = await result.save(viewer, half.studyInstanceUid);
    }, LONG);
    afterAll(async () => {
      await page?.page.close();
    });

    it(
      'strikes the ratios that measure nothing, and makes neither grade nor mixture of them',
      async () => {
        await result.panel.getByText(/^Intervals, noise, mixture/).click();
        const mixture = result.panel.getByRole('table', { name: 'Noise and mixture estimate' });
        for (const organ of ['Left cochlea', 'Left vestibule']) {
          const [, area = '', volume = ''] = await result.cells(organ);
          for (const text of [area, volume]) {
            expect(text).toMatch(/^not measurable, counted \d+\.\d %/);
            expect(percentIn(text)).toBeGreaterThan(80);
          }
          // Area, volume and endolymph; the total stands, since the region does.
          const struck = await result.row(organ).locator('s').all();
          expect(struck).toHaveLength(3);
          for (const one of struck)
            expect(await one.evaluate((node) => getComputedStyle(node).textDecorationLine)).toBe(
              'line-through'
            );
          expect(await result.row(organ, mixture).locator('td').last().innerText()).toBe(
            'perilymph not enhanced'
          );
        }
        const reasons = page.table().getByText('Not measurable: perilymph not enhanced');
        expect(await reasons.count()).toBe(2);
        expect(await result.grade('Left').innerText()).toBe(
          'Left: no grade: perilymph not enhanced'
        );
        await picturesOnScreens(page, 'void-and-absent');
      },
      LONG
    );

    it('names the ear that is not there, its side and the reason', async () => {
      const warning = result.warning('ear-not-found');
      expect(await warning.count()).toBe(1);
      const words = await warning.innerText();
      expect(words).toMatch(/^The right ear was not found .*outside MRC/);
      expect(words.match(/right ear/gi)).toHaveLength(1);
      expect(await result.cells('Right cochlea')).toEqual([
        'Right cochlea',
        'not found outside the images or at their border',
      ]);
      expect(await result.cells('Right vestibule')).toEqual(['Right vestibule', 'not found']);
      expect(await result.grade('Right').count()).toBe(0);
    });

    it('is stored so: no segment of the missing ear, and no number that is none', () => {
      expect(stored.segments.length).toBeGreaterThanOrEqual(2);
      for (const { label } of stored.segments) expect(label).toMatch(/left/i);
      for (const organ of ['cochlea', 'vestibule']) {
        expect(reported('left', organ)).toMatchObject({
          measurable: false,
          voidedBy: ['perilymph-not-enhanced'],
          volume: { ratio: null, endolymphMm3: null },
          area: { ratio: null },
          suggestedGrade: null,
        });
        expect(reported('right', organ)).toMatchObject({
          measurable: false,
          volume: null,
          area: null,
          notMeasured: expect.stringMatching(
            /right ear was not found.*\[ear-not-found\]/
          ) as string,
        });
      }
      expect(page.crashes).toEqual([]);
    });
  });

  describe('of a study in which MRC was acquired twice', () => {
    beforeAll(() => open(repeated.studyInstanceUid), LONG);
    afterAll(async () => {
      await page?.page.close();
    });

    const EARLIER = '2 · MRC hT2w 3D (24)';
    const LATER = '5 · MRC hT2w 3D (24)';
    const aboutSeries = () => result.warning('series-repeated', 'Warnings about series');

    it(
      'takes the later series, says so, and measures in it',
      async () => {
        await aboutSeries().waitFor();
        const words = 'The later series, series 5 "MRC hT2w 3D", was taken';
        expect(await aboutSeries().innerText()).toContain(words);
        expect(await result.chosen('MRC')).toBe(LATER);
        await page.compute();
        await result.panel.getByText('Representative slices: MRC, series 5').waitFor();
        const { warnings, study } = await result.download();
        const repeatedWarning = warnings.find(({ code }) => code === 'series-repeated');
        expect(repeatedWarning?.message).toContain(words);
        expect(repeatedWarning?.values).toMatchObject({ role: 'mrc', series: study.mrc });
      },
      LONG
    );

    it(
      'marks the grade that a neighbouring slice would change, and only that one',
      async () => {
        const list = result.panel.getByText('Area ratio on each image', { exact: true });
        await list.click();
        for (const side of ['Left', 'Right'] as const) {
          await result.panel.getByText(new RegExp(`^${side} vestibule: \\d+ images$`)).click();
          const slices = await result.slices(`${side} vestibule`);
          const at = slices.findIndex(({ isRepresentative }) => isRepresentative);
          const own = slices[at];
          if (!own) throw new Error('no representative slice is marked');
          const [, area] = await result.cells(`${side} vestibule`);
          expect(area).toContain(own.image);
          expect(percentIn(area)).toBe(own.ratio);

          const grade = (await result.grade(side).innerText()).replace(/\s+/g, ' ');
          const others = [slices[at - 1], slices[at + 1]].flatMap((one) =>
            one && one.pixels >= own.pixels / 2 && gradeOf(one.ratio) !== gradeOf(own.ratio)
              ? [one]
              : []
          );
          expect(others).toHaveLength(side === 'Left' ? 1 : 0);
          if (side === 'Right') expect(grade).toBe(`Right: ${gradeOf(own.ratio)}`);
          for (const { image, ratio } of others) {
            expect(grade).toMatch(new RegExp(`^Left: ${gradeOf(own.ratio)} ?borderline`));
            expect(grade).toContain(
              `On the neighbouring ${image} the area ratio is ${ratio.toFixed(1)} %: ${gradeOf(ratio)}.`
            );
          }
        }
        await picturesOnScreens(page, 'borderline');
        await list.click();
      },
      LONG
    );

    it(
      'names a slice that the reader moved, with the automatic one, and gives that back',
      async () => {
        const { panel } = result;
        const before = await result.cells('Left vestibule');
        const image = Number(/image (\d+)/.exec(before[1] ?? '')?.[1]);
        const slice = result.slice('Left vestibule');
        await slice.getByRole('button', { name: /^One image towards the head/ }).click();
        await slice.getByText(`reader automatic: image ${image}`).waitFor();
        const words = `By the reader: slice of the left vestibule: series 5, image ${image + 1}.`;
        await panel.getByText(words).waitFor();
        const [, area] = await result.cells('Left vestibule');
        expect(area).toMatch(new RegExp(`^\\d+\\.\\d % image ${image + 1} reader$`));
        expect(percentIn(area)).not.toBe(percentIn(before[1]));
        expect(await panel.getByRole('heading', { name: 'EH ratio' }).innerText()).toContain(
          'Changed by the reader'
        );
        await picturesOnScreens(page, 'slice-moved');
        await result.reset('slice, Left vestibule').click();
        await panel.getByText('AI result, unedited').waitFor();
        expect(await result.cells('Left vestibule')).toEqual(before);
        expect(await result.reset('slice, Left vestibule').count()).toBe(0);
      },
      LONG
    );

    it(
      'marks a region that the reader edited, with numbers of its voxels, and gives the automatic one back',
      async () => {
        const { panel } = result;
        const automatic = await page.labels();
        const before = await page.rows();
        const voxels = (labels: Labels) => valuesOf(labels).filter((value) => value === 2).length;
        /** mm³ of the left vestibule as the table has it; a voxel has 0.25. */
        const total = async () => Number((await result.cells('Left vestibule'))[4]);
        expect(await total()).toBeCloseTo(voxels(automatic) / 4, 1);

        await goToOrgan(page, 'left', 'vestibule');
        await takeTool(page, 'Brush');
        await chooseSegment(page, 2);
        await paintAt(page, await placeOnMrc(page, 0, 11));
        const painted = await page.labels();
        await openHydropsTab(page);
        await result.row('Left vestibule').getByText('edited', { exact: true }).waitFor();
        const added = voxels(painted) - voxels(automatic);
        expect(added).toBeGreaterThan(8);
        expect(valuesOf(painted)).toHaveLength(valuesOf(automatic).length + added);
        expect(await total()).toBeCloseTo(voxels(painted) / 4, 1);
        expect(await page.table().getByText('edited', { exact: true }).count()).toBe(1);
        await panel
          .getByText('By the reader: region of the left vestibule, edited. All else is automatic.')
          .waitFor();
        await result.slice('Left vestibule').getByText('reader automatic: AI result').waitFor();
        const { ears } = await result.download();
        expect(ORGANS.map(([ear, organ]) => ears[ear]?.[organ]?.mask)).toEqual([
          ...['automatic', 'edited', 'automatic', 'automatic'],
        ]);
        expect(ears.left?.vestibule?.volume.totalVoxels).toBe(voxels(painted));
        await picturesOnScreens(page, 'region-edited');

        await result.reset('region, Left vestibule').click();
        await panel.getByText('AI result, unedited').waitFor();
        expect(await page.labels()).toEqual(automatic);
        expect(await page.rows()).toEqual(before);
        expect(await result.reset('region, Left vestibule').count()).toBe(0);
      },
      LONG
    );

    it(
      'is out of date at once when the reader changes series or method, and no longer after their reset',
      async () => {
        const { panel } = result;
        await result.choice('MRC').selectOption({ label: EARLIER });
        await result.outOfDate().waitFor();
        expect(await result.outOfDate().innerText()).toBe(
          'Out of date: MRC changed to series 2. Press Compute EH.'
        );
        // All that hangs on the result: its origin, the table, the grades, the slices.
        const dimmed = panel.locator('.out-of-date');
        expect(await dimmed.filter({ hasText: 'AI result, unedited' }).count()).toBe(1);
        for (const role of ['table', 'list'] as const) {
          const name = role === 'table' ? 'EH ratio' : 'Suggested grades';
          expect(await dimmed.getByRole(role, { name }).count()).toBe(1);
        }
        const slice = dimmed.getByRole('group', { name: 'Left vestibule, slice' });
        expect(await slice.count()).toBe(1);
        const opacities = await dimmed.evaluateAll((all) =>
          all.map((one) => Number(getComputedStyle(one).opacity))
        );
        expect(Math.max(...opacities)).toBeLessThan(0.8);
        expect(await panel.getByText(/out of date/i).count()).toBe(1);
        await panel.getByText(`reader automatic: ${LATER}`).waitFor();
        // "The later series was taken" is no longer true.
        expect(await aboutSeries().count()).toBe(0);
        await result.reset('series, MRC').click();
        await result.outOfDate().waitFor({ state: 'detached' });
        expect(await result.chosen('MRC')).toBe(LATER);
        expect(await aboutSeries().count()).toBe(1);

        await result.choice('Method').selectOption({ label: 'HYDROPS2-Mi2' });
        await result.outOfDate().waitFor();
        expect(await result.outOfDate().innerText()).toBe(
          'Out of date: method changed to HYDROPS2-Mi2. Press Compute EH.'
        );
        await panel.getByText('reader automatic: HYDROPS-Mi2').waitFor();
        await picturesOnScreens(page, 'out-of-date');
        await result.reset('method').click();
        await result.outOfDate().waitFor({ state: 'detached' });
        expect(await panel.locator('.out-of-date').count()).toBe(0);
      },
      LONG
    );

    it(
      'of HYDROPS2 has no grade, and every choice of the reader is stored as one',
      async () => {
        const { panel } = result;
        const volumes = async () => (await page.rows()).map(([, , volume]) => volume);
        const before = await volumes();
        await result.choice('MRC').selectOption({ label: EARLIER });
        await result.choice('Method').selectOption({ label: 'HYDROPS2-Mi2' });
        await page.compute();
        expect(await volumes()).not.toEqual(before);
        await panel
          .getByText(
            'No grade is suggested: Nakashima’s thresholds were not made for HYDROPS2-Mi2.'
          )
          .waitFor();
        await result
          .slice('Left vestibule')
          .getByRole('button', { name: /^One image towards the feet/ })
          .click();
        const said = panel.getByText(/^By the reader: .*slice of the left vestibule/);
        await said.waitFor();
        const [, area = ''] = await result.cells('Left vestibule');
        const image = Number(/image (\d+)/.exec(area)?.[1]);
        expect(await said.innerText()).toBe(
          `By the reader: method: HYDROPS2-Mi2; series of MRC; slice of the left vestibule: series 2, image ${image}. All else is automatic.`
        );
        await picturesOnScreens(page, 'readers-choices');

        const { report } = await result.save(viewer, repeated.studyInstanceUid);
        const measurement = await result.download();
        for (const { choices } of [report, measurement])
          expect(choices).toEqual({
            method: 'reader',
            roles: { mrc: 'reader', ppi: 'automatic', pei: 'automatic' },
            ears: { left: 'automatic', right: 'automatic' },
            // The reader took series 2 instead of the later one.
            automatic: { series: { mrc: seriesOf(repeated, 5) }, ears: {} },
          });
        for (const [ear, organ] of ORGANS) {
          const isReaders = ear === 'left' && organ === 'vestibule';
          const inReport = report.organs.find((one) => one.ear === ear && one.organ === organ);
          const inJson = measurement.ears[ear]?.[organ];
          for (const one of [inReport, inJson]) {
            expect(one?.mask).toBe('automatic');
            expect(one?.area?.chosenBy).toBe(isReaders ? 'reader' : 'automatic');
            if (isReaders) expect(one?.area?.image.instanceNumber).toBe(image);
          }
          expect(inReport?.suggestedGrade ?? inJson?.grade ?? null).toBeNull();
        }
        expect(page.crashes).toEqual([]);
      },
      LONG
    );
  });
});
