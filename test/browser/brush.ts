import type { ViewerPage } from './viewerPage';

/**
 * Paints with the host's brush on the MRC viewport, as a reader does: the segmentation tab, the
 * brush, a short stroke in the middle of the image; then back to our tab.
 */
export async function paintOver({ page }: ViewerPage): Promise<void> {
  await page.locator('[data-cy^="panelSegmentation"][data-cy$="-btn"]').first().click();
  await page.locator('[data-cy="Brush"], [data-cy="Brush-btn"]').first().click();
  const box = await page.locator('[data-cy="viewport-pane"]').first().boundingBox();
  if (!box) throw new Error('no viewport to paint on');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y, { steps: 8 });
  await page.mouse.up();
  await page.locator('[data-cy="hydrops-btn"]').click();
}
