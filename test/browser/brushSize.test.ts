import type { Browser } from 'playwright-core';
import {
  DEFAULT_VERSION,
  FULLY_TESTED_VERSIONS,
  TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { ImagesPage, PLACES } from './imagesPage';
import { picture } from './pictures';
import { settles } from './becomes';
import { earsStudy } from './studies';
import { ViewerPage, type Labels } from './viewerPage';
import {
  chooseSegment,
  clickOn,
  disc,
  goToOrgan,
  leaveAndEnterMode,
  lockSegment,
  openHydropsTab,
  paintAt,
  placeOn,
  placeOnMrc,
  radii,
  radiusField,
  runCommand,
  slicesOfMrc,
  takeTool,
  waitForOtherLabels,
  waitForRadius,
} from './brush';

// What one stroke does to the labels, in both viewers. The tests of a viewer follow each other.

const LONG = 300_000;
const LEFT_COCHLEA = 1;
const LEFT_VESTIBULE = 2;
const study = earsStudy();

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

for (const ohif of TESTED_VERSIONS) {
  (hasBrowser() ? describe : describe.skip)(`the brush in OHIF ${ohif} [needs Chromium]`, () => {
    let viewer: RunningViewer;
    let page: ViewerPage;
    let automatic: Labels;
    beforeAll(async () => {
      viewer = await startViewer({
        ohif,
        files: study.files,
        innerEarHydrops: { backend: 'wasm' },
      });
      page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
      await page.waitForImage('MRC');
      await page.compute();
      automatic = await page.labels();
    }, LONG);
    afterAll(async () => {
      await page?.close();
      await viewer?.stop();
    });

    const undo = () => page.page.locator('[data-cy="Undo"], [data-cy="Undo-btn"]').first().click();
    const redo = () => page.page.locator('[data-cy="Redo"], [data-cy="Redo-btn"]').first().click();
    const edited = () => page.page.getByText('Edited by the reader');

    it(
      'puts back what is painted in the other ear, and says so; nothing is measured again',
      async () => {
        const rows = await page.rows();
        await goToOrgan(page, 'right', 'cochlea');
        await takeTool(page, 'Brush');
        await chooseSegment(page, LEFT_COCHLEA);
        const notice = page.page.getByText('Painted beyond the left ear');
        await clickOn(page, await placeOnMrc(page));
        await notice.first().waitFor({ timeout: 10_000 });
        await page.page
          .getByText(/\d+ voxels of Left cochlea would lie beyond the left ear and were not kept/)
          .first()
          .waitFor();
        await picture(page, `beyond-${ohif}`);
        expect(await page.labels()).toEqual(automatic);
        await openHydropsTab(page);
        expect(await edited().isVisible()).toBe(false);
        expect(await page.rows()).toEqual(rows);
      },
      LONG
    );

    it(
      'paints a disc of 1 mm radius with the first stroke, and the volume grows by no more',
      async () => {
        const before = await volumeOf('Left vestibule');
        await goToOrgan(page, 'left', 'vestibule');
        await takeTool(page, 'Brush');
        await waitForRadius(page, 'Brush', 1);
        await chooseSegment(page, LEFT_VESTIBULE);
        const place = await placeOnMrc(page, 0, 11);
        await paintAt(page, place);
        const painted = await changes(automatic, place.slice.sop);
        expect(painted).toEqual(disc(place, 1));
        // On voxels of 0.5 mm.
        expect(painted.length).toBeGreaterThanOrEqual(9);
        expect(painted.length).toBeLessThanOrEqual(16);
        await picture(page, `first-stroke-${ohif}`);
        await openHydropsTab(page);
        await edited().waitFor({ timeout: 10_000 });
        const grown = (await volumeOf('Left vestibule')) - before;
        expect(grown).toBeGreaterThan(0);
        // A disc of 3.1 mm², a slice of 1 mm at most thick.
        expect(grown).toBeLessThan(4.5);
      },
      LONG
    );

    const isFull = FULLY_TESTED_VERSIONS.includes(ohif);
    if (isFull) {
      it(
        'Undo takes a stroke back and Redo brings it again; a refused one is never in the way',
        async () => {
          const painted = await page.labels();
          await goToOrgan(page, 'right', 'cochlea');
          await takeTool(page, 'Brush');
          await chooseSegment(page, LEFT_COCHLEA);
          const notice = page.page.getByText('Painted beyond the left ear').first();
          await notice.waitFor({ state: 'detached', timeout: 20_000 });
          await clickOn(page, await placeOnMrc(page));
          await notice.waitFor({ timeout: 10_000 });
          expect(await page.labels()).toEqual(painted);

          await undo();
          await waitForOtherLabels(page, painted);
          expect(await page.labels()).toEqual(automatic);
          await redo();
          await waitForOtherLabels(page, automatic);
          expect(await page.labels()).toEqual(painted);
          // What was refused is not behind the stroke that came back.
          await redo();
          await redo();
          expect(await page.labels()).toEqual(painted);
          await undo();
          await undo();
          await waitForOtherLabels(page, painted);
          expect(await page.labels()).toEqual(automatic);
        },
        LONG
      );
    }

    it(
      'brush and eraser draw under the cursor on each of the four images, slice after slice',
      async () => {
        const images = new ImagesPage(page);
        // It lies over the last of the images.
        const notice = page.page.getByText('Painted beyond the left ear').first();
        await notice.waitFor({ state: 'detached', timeout: 20_000 });
        await takeTool(page, 'Brush');
        const places = [
          ['cochlea', -11],
          ['vestibule', 11],
        ] as const;
        for (const [organ, down] of isFull ? places : places.slice(1)) {
          await goToOrgan(page, 'left', organ);
          await chooseSegment(page, LEFT_VESTIBULE);
          const before = await page.labels();
          const { slice } = await placeOnMrc(page);
          const expected = new Set<number>();
          for (const [n, id] of PLACES.entries()) {
            await images.activate(id);
            const place = await settles(() => placeOn(page, id, 4 * n - 6, down));
            const undrawn = await page.labels();
            await paintAt(page, place);
            const drawn = disc({ ...place, slice }, 1);
            expect([id, await changes(undrawn, slice.sop)]).toEqual([id, drawn]);
            for (const voxel of drawn) expected.add(voxel);
          }
          expect(await changes(before, slice.sop)).toEqual([...expected].sort((a, b) => a - b));
          await picture(page, `four-drawn-${organ}-${ohif}`);
          await takeTool(page, 'Eraser');
          for (const [n, id] of PLACES.entries()) {
            await images.activate(id);
            await paintAt(page, await settles(() => placeOn(page, id, 4 * n - 6, down)));
          }
          expect(await page.labels()).toEqual(before);
          await takeTool(page, 'Brush');
        }
        // The next click on MRC is to paint, not to choose it.
        await images.activate(PLACES[0]);
        expect(page.crashes).toEqual([]);
      },
      LONG
    );

    // The painted area is seen in each viewer.
    if (!isFull) return;

    it(
      '[ and ] change field, brush and eraser alike, from 0.5 to 3 mm',
      async () => {
        await goToOrgan(page, 'left', 'vestibule');
        await takeTool(page, 'Brush');
        await chooseSegment(page, LEFT_VESTIBULE);
        await page.page.keyboard.press(']');
        await waitForRadius(page, 'Brush', 1.5);
        const before = await page.labels();
        const place = await placeOnMrc(page, 0, 14);
        await paintAt(page, place);
        expect(await changes(before, place.slice.sop)).toEqual(disc(place, 1.5));

        await takeTool(page, 'Eraser');
        await waitForRadius(page, 'Eraser', 1.5);
        await page.page.keyboard.press('[');
        await waitForRadius(page, 'Eraser', 1);
        const painted = await page.labels();
        await paintAt(page, place);
        expect(await changes(painted, place.slice.sop)).toEqual(disc(place, 1));

        for (let press = 0; press < 8; press++) await page.page.keyboard.press(']');
        await waitForRadius(page, 'Eraser', 3);
        expect(new Set(Object.values(await radii(page)))).toEqual(new Set([3]));
        for (let press = 0; press < 8; press++) await page.page.keyboard.press('[');
        await waitForRadius(page, 'Eraser', 0.5);
        expect(new Set(Object.values(await radii(page)))).toEqual(new Set([0.5]));
      },
      LONG
    );

    it(
      'the field sets every brush and eraser of every tool group, within the limits',
      async () => {
        await takeTool(page, 'Brush');
        await radiusField(page, 'Brush').fill('2');
        await radiusField(page, 'Brush').press('Enter');
        await waitForRadius(page, 'Brush', 2);
        const sizes = await radii(page);
        for (const group of ['default', 'mpr']) {
          for (const tool of ['CircularBrush', 'SphereBrush', 'CircularEraser', 'SphereEraser']) {
            expect([group, tool, sizes[`${group} ${tool}`]]).toEqual([group, tool, 2]);
          }
        }
        await takeTool(page, 'Eraser');
        await waitForRadius(page, 'Eraser', 2);
        await radiusField(page, 'Eraser').fill('25');
        await radiusField(page, 'Eraser').press('Enter');
        await waitForRadius(page, 'Eraser', 3);
        expect(new Set(Object.values(await radii(page)))).toEqual(new Set([3]));
      },
      LONG
    );

    it(
      'a locked segment is not painted over, and the painted one is not lost',
      async () => {
        await goToOrgan(page, 'left', 'vestibule');
        await takeTool(page, 'Brush');
        await chooseSegment(page, LEFT_COCHLEA);
        await lockSegment(page, LEFT_VESTIBULE, true);
        const before = await page.labels();
        await clickOn(page, await placeOnMrc(page, 1, 1));
        if (ohif === DEFAULT_VERSION) {
          // This viewer would move the whole left cochlea into a layer that nobody measures.
          await page.page.getByText('Painted over a locked segment').first().waitFor();
          expect(await page.labels()).toEqual(before);
        } else {
          await waitForOtherLabels(page, before);
          for (const [sop, slice] of Object.entries(before)) {
            const after = byVoxel((await page.labels())[sop]);
            for (const [voxel, label] of byVoxel(slice)) expect(after.get(voxel)).toBe(label);
          }
          await undo();
        }
        await lockSegment(page, LEFT_VESTIBULE, false);
      },
      LONG
    );

    it(
      'the sphere reaches as far as the field says, on every slice',
      async () => {
        await takeTool(page, 'Brush');
        await page.page.getByText('Sphere', { exact: true }).first().click();
        await radiusField(page, 'Brush').fill('2');
        await radiusField(page, 'Brush').press('Enter');
        await waitForRadius(page, 'Brush', 2);
        await goToOrgan(page, 'left', 'vestibule');
        await chooseSegment(page, LEFT_VESTIBULE);
        const before = await page.labels();
        const place = await placeOnMrc(page, 0, 11);
        await paintAt(page, place);
        const after = await page.labels();
        let expected = 0;
        for (const slice of await slicesOfMrc(page)) {
          const inside = disc({ ...place, slice }, 2);
          expected += inside.length;
          const labels = byVoxel(before[slice.sop]);
          expect([slice.sop, differences(before[slice.sop], after[slice.sop])]).toEqual([
            slice.sop,
            inside.filter((voxel) => labels.get(voxel) !== LEFT_VESTIBULE),
          ]);
        }
        expect(expected).toBeGreaterThan(100);
      },
      LONG
    );

    it(
      'another layout keeps the radius; the mode entered again begins at 1 mm',
      async () => {
        const inUse = async () => [...new Set(Object.values(await radii(page)))];
        const [kept] = await inUse();
        await runCommand(page, 'setViewportGridLayout', { numRows: 1, numCols: 2 });
        expect(await inUse()).toEqual([kept]);
        await leaveAndEnterMode(page, study.studyInstanceUid);
        expect(await inUse()).toEqual([1]);
        await page.page.keyboard.press(']');
        expect(await inUse()).toEqual([1.5]);
        await runCommand(page, 'setHangingProtocol', { protocolId: 'mpr' });
        expect(await inUse()).toEqual([1.5]);
        expect(page.crashes).toEqual([]);
      },
      LONG
    );

    /** Voxels of a slice whose label is another one than before, ascending; no other slice may differ. */
    async function changes(before: Labels, sop: string): Promise<number[]> {
      const after = await page.labels();
      const found: number[] = [];
      for (const slice of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const different = differences(before[slice], after[slice]);
        if (slice === sop) found.push(...different);
        else expect([slice, different]).toEqual([slice, []]);
      }
      return found;
    }

    /** mm³, from the panel's table. */
    async function volumeOf(organ: string): Promise<number> {
      // The name is followed by "edited" once the reader has changed the region.
      const row = (await page.rows()).find(([name]) => name?.startsWith(organ));
      return Number(row?.[4]);
    }
  });
}

/** Voxels of a slice whose label is another one, ascending. */
function differences(before?: number[], after?: number[]): number[] {
  const [was, is] = [byVoxel(before), byVoxel(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((voxel) => was.get(voxel) !== is.get(voxel))
    .sort((a, b) => a - b);
}

function byVoxel(slice: number[] = []): Map<number, number> {
  const map = new Map<number, number>();
  for (let at = 0; at < slice.length; at += 2) map.set(slice[at]!, slice[at + 1]!);
  return map;
}
