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
