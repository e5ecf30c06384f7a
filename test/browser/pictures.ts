import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ViewerPage } from './viewerPage';

/** Pictures of page and panel when they are asked for: `SCREENSHOTS=/tmp/pictures npm run test:browser`. */
export async function picture(viewer: ViewerPage, name: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  await viewer.page.screenshot({ path: join(directory, `${name}.png`) });
  const panel = viewer.page.locator('inner-ear-hydrops-panel .panel');
  // Another tab of the viewer may lie over it.
  if (await panel.isVisible()) {
    await panel.screenshot({ path: join(directory, `${name}-panel.png`) });
  }
}

/** Screens that reading rooms and laptops have. */
const SCREENS = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
];

/** The page on each of these screens, and the panel in its whole height. */
export async function picturesOnScreens({ page }: ViewerPage, name: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  const before = page.viewportSize();
  if (!directory || !before) return;
  mkdirSync(directory, { recursive: true });
  const panel = page.locator('inner-ear-hydrops-panel .panel');
  for (const size of SCREENS) {
    const path = join(directory, `${name}-${size.width}`);
    await page.setViewportSize(size);
    await page.screenshot({ path: `${path}.png` });
    const { height = 0, y = 0 } = (await panel.boundingBox()) ?? {};
    await page.setViewportSize({ ...size, height: Math.ceil(height + Math.max(y, 0)) + 100 });
    await panel.screenshot({ path: `${path}-panel.png` });
  }
  await page.setViewportSize(before);
}
