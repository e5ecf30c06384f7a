import type { Page } from 'playwright-core';

/** What a reader has before them in a mode of the viewer, and what the page has left in the browser. */
export interface HostSnapshot {
  displaySets: { description: string; modality: string; number: string; images: number }[];
  viewports: {
    series: string[];
    images: string[];
    current: string;
    /** Of the pixels on the screen; a black viewport has none that are bright. */
    bright: number;
    hash: number;
  }[];
  protocol: string;
  toolbar: string[];
  segmentations: number;
  /** Names that scripts have added to the page. */
  globals: string[];
  storage: string[];
}

const READY_MS = 60_000;

/** Waits until every viewport has drawn an image, and until what is on the screen no longer changes. */
export async function allDrawn(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const { services } = globalThis as unknown as HostWindow;
      // The services get their state from React, once the mode is on the screen.
      if (!document.querySelector('.cornerstone-canvas')) return false;
      // What `goWithin` has left stays on the screen until the host gets to it.
      if (document.querySelector('.cornerstone-canvas[data-left]')) return false;
      const viewports = [...services.viewportGridService.getState().viewports.values()].filter(
        ({ displaySetInstanceUIDs }) => (displaySetInstanceUIDs ?? []).length > 0
      );
      const canvases = [...document.querySelectorAll<HTMLCanvasElement>('.cornerstone-canvas')];
      if (viewports.length === 0 || canvases.length < viewports.length) return false;
      const seen = globalThis as unknown as { screenSeen?: string; screenTimes?: number };
      const screen = canvases.map((canvas) => canvas.toDataURL()).join();
      // On the way to another mode the last one's viewports are still there, but no longer its series.
      const known = viewports.every(({ displaySetInstanceUIDs }) =>
        (displaySetInstanceUIDs ?? []).every((uid) =>
          services.displaySetService.getDisplaySetByUID(uid)
        )
      );
      const drawn = viewports.every(({ viewportId }) =>
        services.cornerstoneViewportService.getCornerstoneViewport(viewportId)?.getImageData?.()
      );
      seen.screenTimes =
        known && drawn && screen === seen.screenSeen ? (seen.screenTimes ?? 0) + 1 : 0;
      seen.screenSeen = screen;
      return seen.screenTimes >= 4;
    },
    undefined,
    { timeout: READY_MS, polling: 300 }
  );
}

export async function snapshot(page: Page): Promise<HostSnapshot> {
  await allDrawn(page);
  await page.waitForLoadState('networkidle');
  return page.evaluate(async () => {
    const { services, location } = globalThis as unknown as HostWindow & { location: Location };
    const local = (text: string) => text.replaceAll(location.origin, '');
    const { displaySetService, viewportGridService, cornerstoneViewportService } = services;
    const nameOf = (uid: string) => {
      const displaySet = displaySetService.getDisplaySetByUID(uid);
      return displaySet
        ? `${displaySet.Modality} ${displaySet.SeriesDescription}`
        : `none (${uid})`;
    };
    const screen = (element: Element | undefined) => {
      const canvas = element?.querySelector<HTMLCanvasElement>('.cornerstone-canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) return { bright: 0, hash: 0 };
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let [bright, hash] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        if (data[at]! > 20) bright++;
        hash = (Math.imul(hash, 31) + data[at]!) | 0;
      }
      return { bright, hash };
    };
    const databases = await indexedDB.databases();
    return {
      // The host lists them as their metadata arrived, which is a race.
      displaySets: displaySetService
        .getActiveDisplaySets()
        .map((displaySet) => ({
          description: String(displaySet.SeriesDescription),
          modality: String(displaySet.Modality),
          number: String(displaySet.SeriesNumber),
          images: displaySet.instances?.length ?? 0,
        }))
        .sort((a, b) => Number(a.number) - Number(b.number)),
      viewports: [...viewportGridService.getState().viewports.values()].map((viewport) => {
        const shown = cornerstoneViewportService.getCornerstoneViewport(viewport.viewportId);
        return {
          series: (viewport.displaySetInstanceUIDs ?? []).map(nameOf),
          images: (shown?.getImageIds?.() ?? []).map(local),
          current: local(shown?.getCurrentImageId?.() ?? ''),
          ...screen(shown?.element),
        };
      }),
      protocol: String(services.hangingProtocolService.getActiveProtocol().protocol?.id),
      toolbar: Object.keys(services.toolbarService.state.buttons).sort(),
      segmentations: services.segmentationService.getSegmentations().length,
      globals: Object.keys(globalThis)
        .filter((name) => !name.startsWith('screen'))
        .sort(),
      storage: [
        ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
        ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
        ...databases.map(({ name }) => `indexedDB ${name}`),
      ].sort(),
    };
  });
}

/** Goes to an address of the viewer within the page, as its own links and the back arrow do. */
export async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate((address) => {
    // At the address where it is, the host leaves its screen as it is.
    if (location.pathname + location.search !== address) {
      for (const canvas of document.querySelectorAll<HTMLElement>('.cornerstone-canvas')) {
        canvas.dataset.left = '';
      }
    }
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

interface Shown {
  element?: Element;
  getImageIds?(): string[];
  getCurrentImageId?(): string;
  getImageData?(): unknown;
}

interface HostWindow {
  services: {
    displaySetService: {
      getActiveDisplaySets(): {
        SeriesDescription?: string;
        SeriesNumber?: unknown;
        Modality?: string;
        instances?: unknown[];
      }[];
      getDisplaySetByUID(
        uid: string
      ): { SeriesDescription?: string; Modality?: string } | undefined;
    };
    viewportGridService: {
      getState(): {
        viewports: Map<string, { viewportId: string; displaySetInstanceUIDs?: string[] }>;
      };
    };
    cornerstoneViewportService: { getCornerstoneViewport(id: string): Shown | null };
    hangingProtocolService: { getActiveProtocol(): { protocol?: { id: string } } };
    toolbarService: { state: { buttons: Record<string, unknown> } };
    segmentationService: { getSegmentations(): unknown[] };
  };
}
