import type { Page } from 'playwright-core';

interface Watched {
  benchTasks?: number[];
}

/** From the page's beginning on; to be called before it is opened. */
export async function watchTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    (globalThis as unknown as Watched).benchTasks = tasks;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask', buffered: true });
  });
}

/** Milliseconds of the longest since the last question; 0 where none took 50. */
export async function longestTask(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { benchTasks = [] } = globalThis as unknown as Watched;
    return Math.max(0, ...benchTasks.splice(0));
  });
}
