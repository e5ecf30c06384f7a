import type { Matrix3 } from '@inner-ear-hydrops/core';
import type { Browser } from 'playwright-core';
import {
  DEFAULT_VERSION,
  FULLY_TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
  type ViewerVersion,
} from '../support';
import { CropPage, movement, offSlice } from './cropPage';
import { picture } from './pictures';
import { MRC, phantomStudy, smallStudy } from './studies';
import { becomes, settles } from './becomes';
import { ViewerPage } from './viewerPage';

// A reader drags the crop of an ear to where the ear is.

const LONG = 300_000;
const IMAGES = ['hydrops-mrc', 'hydrops-ppi', 'hydrops-pei'];

/** Coronal, turned by 20° about the patient's left–right axis and by 10° about his long axis. */
const OBLIQUE = ((): Matrix3 => {
  const [a, b] = [(20 * Math.PI) / 180, (10 * Math.PI) / 180];
  const turn = ([x, y, z]: [number, number, number]): [number, number, number] => {
    const [y1, z1] = [y * Math.cos(a) - z * Math.sin(a), y * Math.sin(a) + z * Math.cos(a)];
    return [x * Math.cos(b) - y1 * Math.sin(b), x * Math.sin(b) + y1 * Math.cos(b), z1];
  };
  return [...turn([1, 0, 0]), ...turn([0, 0, -1]), ...turn([0, 1, 0])];
})();

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

const hosts: { ohif: ViewerVersion; computes: boolean }[] = [
  ...FULLY_TESTED_VERSIONS.map((ohif) => ({ ohif, computes: ohif === DEFAULT_VERSION })),
];

for (const { ohif, computes } of hosts) {
  (hasBrowser() ? describe : describe.skip)(`crops in OHIF ${ohif} [needs Chromium]`, () => {
    let viewer: RunningViewer;
    let page: ViewerPage;
    let crops: CropPage;
    const study = phantomStudy();
    const oblique = smallStudy('browser-oblique', [{ ...MRC, direction: OBLIQUE }]);
    beforeAll(async () => {
      viewer = await startViewer({
        ohif,
        files: [...study.files, ...oblique.files],
        innerEarHydrops: { backend: 'wasm' },
      });
      page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
      crops = new CropPage(page);
      for (const name of ['MRC', 'PPI', 'PEI']) await page.waitForImage(name);
    }, LONG);
    afterAll(async () => {
      await page?.close();
      await viewer?.stop();
    });

    /** Sides of a square in patient millimetres, on every image that shows it. */
    async function expectSquares(): Promise<void> {
      for (const id of IMAGES) {
        const { mmPerPixel } = await crops.shown(id);
        for (const ear of ['left', 'right'] as const) {
          const { left, right, top, bottom } = await crops.square(id, ear);
          expect((right - left) * mmPerPixel).toBeCloseTo(50, 0);
          expect((bottom - top) * mmPerPixel).toBeCloseTo(50, 0);
        }
      }
    }

    it(
      'appear on all images of the frame of reference when Ear positions is opened, as proposed',
      async () => {
        expect(await crops.layers().count()).toBe(0);
        await crops.open();
        expect(await crops.layers().count()).toBe(IMAGES.length);
        await expectSquares();
        const left = await crops.square('hydrops-mrc', 'left');
        const right = await crops.square('hydrops-mrc', 'right');
        expect(left.label).toMatch(/^Left ear, proposed/);
        expect(right.label).toMatch(/^Right ear, proposed/);
        // The patient's left is on the reader's right.
        expect(left.left).toBeGreaterThan(right.left);
        expect(await crops.center('left')).toBeUndefined();
        await picture(page, `crops-proposed-${ohif}`);
      },
      LONG
    );

    it(
      'a drag moves the centre by as many millimetres of the patient, onto the slice that is shown',
      async () => {
        // The first drag sets the centre, the second moves it.
        await crops.drag('hydrops-mrc', 'left', [20, 10]);
        const shown = await crops.shown('hydrops-mrc');
        const before = await crops.center('left');
        if (!before) throw new Error('the drag has set no centre');
        expect(offSlice(before, shown)).toBeCloseTo(0, 3);
        await crops.drag('hydrops-mrc', 'left', [-35, 24]);
        const after = await crops.center('left');
        const [right, down, away] = movement(before, after ?? before, shown);
        expect(Math.abs(right + 35 * shown.mmPerPixel)).toBeLessThan(shown.mmPerPixel);
        expect(Math.abs(down - 24 * shown.mmPerPixel)).toBeLessThan(shown.mmPerPixel);
        expect(away).toBeCloseTo(0, 3);
        expect(await crops.center('right')).toBeUndefined();
        expect((await crops.square('hydrops-pei', 'left')).label).toBe(
          'Left ear, set by the reader'
        );
        await page.page.getByText('Ear positions: set by the reader').waitFor();
      },
      LONG
    );

    it(
      'on another slice the square is dashed, and a drag there brings the centre to that slice',
      async () => {
        const before = await crops.center('left');
        if (!before) throw new Error('no centre');
        await crops.scroll('hydrops-mrc', 4);
        for (const id of IMAGES) {
          const square = await crops.square(id, 'left');
          expect(square.dashed).toBe(true);
          expect(square.label).toMatch(/, \d mm from this slice$/);
          // The whole label can be read.
          const { box } = await crops.shown(id);
          const [left, right] = await Promise.all(
            (['left', 'right'] as const).map((ear) => crops.label(id, ear).boundingBox())
          );
          if (!left || !right) throw new Error('no label');
          expect(left.x + left.width).toBeLessThanOrEqual(box.x + box.width + 1);
          expect(right.x).toBeGreaterThanOrEqual(box.x - 1);
        }
        const shown = await crops.shown('hydrops-ppi');
        expect(Math.abs(offSlice(before, shown))).toBeGreaterThan(1);
        await crops.drag('hydrops-ppi', 'left', [12, 0]);
        const after = await crops.center('left');
        if (!after) throw new Error('no centre');
        expect(offSlice(after, shown)).toBeCloseTo(0, 3);
        const [right, down] = movement(before, after, shown);
        expect(Math.abs(right - 12 * shown.mmPerPixel)).toBeLessThan(shown.mmPerPixel);
        expect(Math.abs(down)).toBeLessThan(shown.mmPerPixel);
        expect((await crops.square('hydrops-mrc', 'left')).dashed).toBe(false);
      },
      LONG
    );

    it(
      "everything but edge and label belongs to the viewer's tools: window, scroll, zoom and pan",
      async () => {
        const before = await crops.shown('hydrops-mrc');
        const center = await crops.center('left');
        const { left, right, top, bottom } = await crops.square('hydrops-mrc', 'left');
        const { mouse } = page.page;
        const inside: [number, number] = [(left + right) / 2 + 9, (top + bottom) / 2 + 9];
        // The viewer gives the first click to a viewport that is not the active one to activating it.
        // It is made elsewhere, lest it be half of a double click.
        await mouse.click(inside[0] - 20, inside[1] - 20);
        await becomes(
          () => crops.activeViewport(),
          (id) => id === 'hydrops-mrc'
        );
        await mouse.move(...inside);
        await mouse.down();
        await mouse.move(inside[0] + 40, inside[1] + 15, { steps: 4 });
        await mouse.up();
        await becomes(
          async () => (await crops.shown('hydrops-mrc')).window,
          ({ lower, upper }) => lower !== before.window.lower || upper !== before.window.upper
        );

        const edge = await crops.grip('hydrops-mrc', 'left', 'edge');
        await mouse.move(...edge);
        await mouse.down({ button: 'right' });
        await mouse.move(edge[0], edge[1] - 40, { steps: 4 });
        await mouse.up({ button: 'right' });
        await mouse.move(...inside);
        await mouse.down({ button: 'middle' });
        await mouse.move(inside[0] - 50, inside[1] - 30, { steps: 4 });
        await mouse.up({ button: 'middle' });
        await settles(() => crops.shown('hydrops-mrc'));
        const after = await crops.shown('hydrops-mrc');
        expect(after.mmPerPixel).not.toBeCloseTo(before.mmPerPixel, 3);
        await expectSquares();

        await mouse.move(...(await crops.grip('hydrops-mrc', 'left', 'edge')));
        await mouse.wheel(0, -100);
        await becomes(
          async () => (await crops.shown('hydrops-mrc')).slice,
          (slice) => slice !== before.slice
        );
        expect(await crops.center('left')).toEqual(center);
      },
      LONG
    );

    it(
      'after zoom and pan a drag still counts in millimetres; the window stays as it is',
      async () => {
        await crops.drag('hydrops-mrc', 'left', [8, 8], { grip: 'label' });
        const before = await crops.center('left');
        const shown = await crops.shown('hydrops-mrc');
        await crops.drag('hydrops-mrc', 'left', [-40, -20], { grip: 'label' });
        const [right, down] = movement(before!, (await crops.center('left'))!, shown);
        expect(Math.abs(right + 40 * shown.mmPerPixel)).toBeLessThan(shown.mmPerPixel);
        expect(Math.abs(down + 20 * shown.mmPerPixel)).toBeLessThan(shown.mmPerPixel);
        expect((await crops.shown('hydrops-mrc')).window).toEqual(shown.window);
        await picture(page, `crops-set-${ohif}`);
      },
      LONG
    );

    it(
      'Escape cancels a drag; arrow keys move by 1 mm, with Shift by 5 mm, and scroll nothing',
      async () => {
        const before = (await crops.center('left'))!;
        const square = await crops.square('hydrops-mrc', 'left');
        await crops.drag('hydrops-mrc', 'left', [30, 30], { letGo: false });
        expect((await crops.square('hydrops-pei', 'left')).left).not.toBeCloseTo(
          (await crops.square('hydrops-mrc', 'left')).left - 30,
          0
        );
        await page.page.keyboard.press('Escape');
        await page.page.mouse.up();
        expect(await crops.center('left')).toEqual(before);
        expect(await crops.square('hydrops-mrc', 'left')).toEqual(square);

        const shown = await crops.shown('hydrops-mrc');
        await crops.label('hydrops-mrc', 'left').focus();
        await page.page.keyboard.press('ArrowRight');
        await page.page.keyboard.press('ArrowRight');
        await page.page.keyboard.press('Shift+ArrowUp');
        const [right, down] = movement(before, (await crops.center('left'))!, shown);
        expect(right).toBeCloseTo(2, 2);
        expect(down).toBeCloseTo(-5, 2);
        expect((await crops.shown('hydrops-mrc')).slice).toBe(shown.slice);
      },
      LONG
    );

    it(
      'Automatic gives the ear back, and the box in the panel hides the squares',
      async () => {
        await page.button('Reset position, Left ear').click();
        expect(await crops.center('left')).toBeUndefined();
        expect((await crops.square('hydrops-mrc', 'left')).label).toMatch(/^Left ear, proposed/);
        const box = page.page.getByRole('checkbox', { name: 'Show crops on the images' });
        await box.uncheck();
        expect(await crops.layers().count()).toBe(0);
        await box.check();
        expect(await crops.layers().count()).toBe(IMAGES.length);
      },
      LONG
    );

    async function move(key: string): Promise<void> {
      await crops.label('hydrops-mrc', 'left').focus();
      for (let step = 0; step < 8; step++) await page.page.keyboard.press(key);
    }

    if (computes) {
      it(
        'Compute EH looks where the square is: away from the ear it measures nothing there, on it the ear',
        async () => {
          await page.compute();
          const automatic = await page.rows();
          expect(automatic.every((cells) => cells.length === 5)).toBe(true);
          await page.button(/^Go to .*image \d+, Left vestibule/).click();
          await becomes(
            async () => (await crops.square('hydrops-mrc', 'left')).label,
            (label) => label.startsWith('Left ear, as computed')
          );
          // HYDROPS-Mi2 is derived from them and lies in the same place.
          expect(await crops.layers().count()).toBe(4);
          await picture(page, 'crops-computed');

          // 40 mm towards the nose, by the keys: the ear is out of the crop.
          const volume = (rows: string[][]) => Number(rows[0]?.[4] ?? 0);
          await move('Shift+ArrowUp');
          await page.compute();
          expect(volume(await page.rows())).toBeLessThan(0.5 * volume(automatic));
          await move('Shift+ArrowDown');
          await page.compute();
          expect(Math.abs(volume(await page.rows()) / volume(automatic) - 1)).toBeLessThan(0.1);
          expect((await crops.square('hydrops-mrc', 'left')).label).toMatch(/set by the reader/);
        },
        LONG
      );
    }

    it(
      'on an oblique coronal stack the drag is in the plane of its own slices',
      async () => {
        const other = await ViewerPage.open(browser, viewer.studyUrl(oblique.studyInstanceUid));
        try {
          await other.waitForImage('MRC');
          const on = new CropPage(other);
          await on.open();
          await on.drag('hydrops-mrc', 'right', [10, 0], { grip: 'label' });
          const before = (await on.center('right'))!;
          await on.scroll('hydrops-mrc', 3);
          const shown = await on.shown('hydrops-mrc');
          // Columns run along the patient, slices from front to back.
          expect(Math.abs(shown.column[2])).toBeGreaterThan(0.9);
          await on.drag('hydrops-mrc', 'right', [30, -45], { grip: 'label' });
          const after = (await on.center('right'))!;
          const [right, down] = movement(before, after, shown);
          expect(Math.abs(right - 30 * shown.mmPerPixel)).toBeLessThan(shown.mmPerPixel);
          expect(Math.abs(down + 45 * shown.mmPerPixel)).toBeLessThan(shown.mmPerPixel);
          expect(offSlice(after, shown)).toBeCloseTo(0, 3);
          expect(Math.abs(offSlice(before, shown))).toBeGreaterThan(1);
          await picture(other, `crops-oblique-${ohif}`);
          expect(other.crashes).toEqual([]);
        } finally {
          await other.close();
        }
      },
      LONG
    );

    it(
      'are gone after the mode is left, and not there when it is entered again',
      async () => {
        expect(await crops.layers().count()).toBeGreaterThan(0);
        await page.page.locator('[data-cy="return-to-work-list"]').click();
        await page.page.locator('inner-ear-hydrops-panel').waitFor({ state: 'detached' });
        expect(await crops.layers().count()).toBe(0);
        // Nothing of the extension listens any more to what other modes draw.
        await page.page.evaluate(() => {
          const element = document.createElement('div');
          document.body.append(element);
          const detail = { viewportId: 'hydrops-mrc' };
          element.dispatchEvent(new CustomEvent('CORNERSTONE_IMAGE_RENDERED', { detail }));
        });
        expect(await crops.layers().count()).toBe(0);
        // As the browser's history does: the page stays, the viewer changes its route.
        await page.page.evaluate((address) => {
          history.pushState({}, '', address);
          dispatchEvent(new PopStateEvent('popstate'));
        }, viewer.studyUrl(study.studyInstanceUid));
        await page.button('Compute EH').waitFor({ timeout: 60_000 });
        await page.waitForImage('MRC');
        expect(await crops.layers().count()).toBe(0);
        expect(await crops.center('left')).toBeUndefined();
        await crops.open();
        expect((await crops.square('hydrops-mrc', 'left')).label).toMatch(/^Left ear, proposed/);
        expect(page.crashes).toEqual([]);
      },
      LONG
    );
  });
}
