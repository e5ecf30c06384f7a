import type { HostWindow } from './imagesHost';
import type { ViewerPage } from './viewerPage';

type Vector3 = [number, number, number];

export const PLACES = ['hydrops-mrc', 'hydrops-mi2', 'hydrops-ppi', 'hydrops-pei'] as const;
export const SEGMENT_NAMES = [
  'Left cochlea',
  'Left vestibule',
  'Right cochlea',
  'Right vestibule',
] as const;

/** One viewport as the host has it: nothing of our own code. */
export interface View {
  id: string;
  /** Descriptions of what it shows. */
  shows: string[];
  type: string;
  window: { lower: number; upper: number } | null;
  /** LPS mm. */
  focalPoint: Vector3;
  normal: Vector3;
  /** Half the height of what is shown, mm. */
  halfHeight: number;
  /** Whether it has drawn an image of what it is to show. */
  drawn: boolean;
  /** Instance Number (0020,0013) of the image that a stack viewport shows; NaN elsewhere. */
  instanceNumber: number;
  /** Whether the host lists our segmentation in it. */
  listed: boolean;
}

/** The images, labels and layouts as a reader meets them. */
export class ImagesPage {
  constructor(readonly viewer: ViewerPage) {}

  views(): Promise<View[]> {
    return this.viewer.page.evaluate(() => {
      const { services } = globalThis as unknown as HostWindow;
      const { viewports } = services.viewportGridService.getState();
      return [...viewports.values()].map(({ viewportId: id, displaySetInstanceUIDs }) => {
        const displaySets = (displaySetInstanceUIDs ?? []).map((uid) =>
          services.displaySetService.getDisplaySetByUID(uid)
        );
        const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
        const camera = viewport?.getCamera?.();
        const ids = displaySets[0]?.instances?.map(({ imageId }) => imageId) ?? [];
        const current = viewport?.type === 'stack' ? viewport.getCurrentImageId?.() : ids[0];
        return {
          id,
          shows: displaySets.map((displaySet) => displaySet?.SeriesDescription ?? ''),
          type: viewport?.type ?? '',
          window: viewport?.getProperties?.().voiRange ?? null,
          focalPoint: [...(camera?.focalPoint ?? [NaN, NaN, NaN])] as [number, number, number],
          normal: [...(camera?.viewPlaneNormal ?? [NaN, NaN, NaN])] as [number, number, number],
          halfHeight: camera?.parallelScale ?? NaN,
          instanceNumber: Number(
            displaySets[0]?.instances?.find(({ imageId }) => imageId === current)?.InstanceNumber ??
              NaN
          ),
          drawn: Boolean(viewport?.getImageData?.()) && ids.includes(current),
          listed: services.segmentationService
            .getSegmentationRepresentations(id)
            .some(({ segmentationId }) => segmentationId.startsWith('inner-ear-hydrops')),
        };
      });
    });
  }

  /** Half the height of what each viewport shows, measured between its upper and lower edge; mm, by its id. */
  heights(): Promise<Record<string, number>> {
    return this.viewer.page.evaluate(() => {
      const { services } = globalThis as unknown as HostWindow;
      const { viewports } = services.viewportGridService.getState();
      return Object.fromEntries(
        [...viewports.keys()].map((id) => {
          const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
          const { element } = viewport ?? {};
          if (!viewport?.canvasToWorld || !element) return [id, NaN];
          const upper = viewport.canvasToWorld([0, 0]);
          const lower = viewport.canvasToWorld([0, element.clientHeight]);
          return [id, Math.hypot(...upper.map((value, n) => value - (lower[n] as number))) / 2];
        })
      );
    });
  }

  async view(id: string): Promise<View> {
    const found = (await this.views()).find((view) => view.id === id);
    if (!found) throw new Error(`no viewport ${id}`);
    return found;
  }

  /** Until what is meant holds of the viewports; says what they were when it never does. */
  async until(what: string, holds: (views: View[]) => boolean): Promise<View[]> {
    const end = Date.now() + 45_000;
    for (;;) {
      const views = await this.views();
      if (views.length > 0 && holds(views)) return views;
      if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(views, null, 1)}`);
      await this.nextPicture();
    }
  }

  /** Until the four images are in their places, each drawn. */
  untilFour(): Promise<View[]> {
    const wanted = ['MRC', 'HYDROPS-Mi2', 'PPI', 'PEI'];
    return this.until('the four images', (views) =>
      PLACES.every((id, n) => {
        const view = views.find((shown) => shown.id === id);
        const name = wanted[n] as string;
        return view?.drawn && view.type === 'stack' && view.shows[0]?.startsWith(name);
      })
    );
  }

  untilDrawn(): Promise<View[]> {
    return this.until('every viewport is drawn', (views) => views.every(({ drawn }) => drawn));
  }

  /** Until the screen has been drawn once more. */
  nextPicture(): Promise<void> {
    return this.viewer.page.evaluate(
      () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()))
    );
  }

  /** A command of the host, or with a context one of ours. */
  async run(name: string, options: Record<string, unknown> = {}, context?: string): Promise<void> {
    await this.viewer.page.evaluate(
      async ([command, given, where]) => {
        const { commandsManager } = globalThis as unknown as HostWindow;
        await commandsManager.runCommand(command, given, where);
      },
      [name, options, context] as const
    );
  }

  ours(name: string, options: Record<string, unknown> = {}): Promise<void> {
    return this.run(name, options, 'INNER_EAR_HYDROPS');
  }

  async activate(id: string): Promise<void> {
    await this.viewer.page.evaluate((viewportId) => {
      const { services } = globalThis as unknown as HostWindow;
      services.viewportGridService.setActiveViewportId(viewportId);
    }, id);
    await this.untilActive(id);
  }

  active(): Promise<string> {
    return this.viewer.page.evaluate(() => {
      const { services } = globalThis as unknown as HostWindow;
      return services.viewportGridService.getState().activeViewportId;
    });
  }

  /** The grid's state is React's: it follows with the next rendering. */
  async untilActive(id: string): Promise<void> {
    await this.viewer.page.waitForFunction((viewportId) => {
      const { services } = globalThis as unknown as HostWindow;
      return services.viewportGridService.getState().activeViewportId === viewportId;
    }, id);
  }

  /** Reformats the series of a viewport, as the host's layout menu does. */
  async reformat(id: string): Promise<View[]> {
    const [name] = (await this.view(id)).shows;
    await this.activate(id);
    await this.run('setHangingProtocol', { protocolId: 'mpr' });
    return this.until('a reformation', (views) =>
      views.every((view) => view.type === 'orthographic' && view.drawn && view.shows[0] === name)
    );
  }

  /** Rows and columns, as the host's layout menu chooses them; places for which there is no series stay empty. */
  async layout(numRows: number, numCols: number): Promise<View[]> {
    await this.run('setViewportGridLayout', { numRows, numCols });
    return this.until(
      `${numRows} × ${numCols}`,
      (views) =>
        views.length === numRows * numCols &&
        views.every(({ drawn, shows }) => drawn || shows.length === 0)
    );
  }

  /** What the host's Data Overlay menu does with our segmentation. */
  async overlayOn(id: string): Promise<void> {
    await this.viewer.page.evaluate(async (viewportId) => {
      const { services, cornerstoneTools } = globalThis as unknown as HostWindow;
      const ours = cornerstoneTools.segmentation.state
        .getSegmentations()
        .find(({ segmentationId }) => segmentationId.startsWith('inner-ear-hydrops'));
      await services.segmentationService.addSegmentationRepresentation(viewportId, {
        segmentationId: ours?.segmentationId ?? '',
        type: 'Labelmap',
      });
    }, id);
  }

  segmentations(): Promise<{ id: string; active: number[] }[]> {
    return this.viewer.page.evaluate(() => {
      const { cornerstoneTools } = globalThis as unknown as HostWindow;
      return cornerstoneTools.segmentation.state.getSegmentations().map((segmentation) => ({
        id: segmentation.segmentationId,
        active: Object.values(segmentation.segments).flatMap((segment) =>
          segment?.active ? [segment.segmentIndex] : []
        ),
      }));
    });
  }

  /**
   * What is drawn of HYDROPS-Mi2 in the labelled voxels of the slice that its place shows: the pixels that the
   * viewport has handed to the graphics, not those of the result.
   */
  async drawnFluids(): Promise<{ negative: number; all: number; values: number[] }> {
    const values = await this.drawnUnder('hydrops-mi2');
    return {
      negative: values.filter((value) => value < 0).length,
      all: values.length,
      values: values.slice(0, 200),
    };
  }

  /**
   * What a stack viewport has drawn of its image in the labelled voxels of MRC's slice in the same plane, pixel on
   * pixel, in the order of the pixels.
   */
  drawnUnder(viewportId: string): Promise<number[]> {
    return this.viewer.page.evaluate((id) => {
      const { services, cornerstone, cornerstoneTools } = globalThis as unknown as HostWindow;
      const shown = services.cornerstoneViewportService.getCornerstoneViewport(id);
      const pixels = shown?.getImageData?.()?.imageData.getPointData().getScalars().getData();
      const imageId = shown?.getCurrentImageId?.() ?? '';
      const plane = (id: string) =>
        [...cornerstone.metaData.get('imagePlaneModule', id).imagePositionPatient].map((value) =>
          value.toFixed(2)
        );
      const ours = cornerstoneTools.segmentation.state
        .getSegmentations()
        .find(({ segmentationId }) => segmentationId.startsWith('inner-ear-hydrops'));
      const label = (ours?.representationData.Labelmap.imageIds ?? [])
        .map((id) => cornerstone.cache.getImage(id))
        .find(
          (image) =>
            image?.referencedImageId &&
            plane(image.referencedImageId).join() === plane(imageId).join()
        );
      if (!pixels || !label) throw new Error(`nothing drawn of ${imageId}`);
      const labels = label.voxelManager.getScalarData();
      const values: number[] = [];
      for (let n = 0; n < labels.length; n++) if (labels[n] !== 0) values.push(pixels[n] as number);
      return values;
    }, viewportId);
  }

  /** What the layer over a viewport says in place of a region; null where it says nothing. */
  note(id: string): Promise<string | null> {
    return this.viewer.page.evaluate((viewportId) => {
      const host = document.querySelector(
        `[data-viewport-uid="${viewportId}"] .inner-ear-hydrops-overlay`
      );
      const note = host?.shadowRoot?.querySelector<HTMLElement>('[role=note]');
      return note && !note.hidden ? note.textContent : null;
    }, id);
  }

  /** Puts a series into a viewport, as dragging its thumbnail there does. */
  async drop(description: string, viewportId: string): Promise<void> {
    await this.viewer.page.evaluate(
      ([name, id]) => {
        const { services, commandsManager } = globalThis as unknown as HostWindow;
        const found = services.displaySetService
          .getActiveDisplaySets()
          .find((displaySet) => displaySet.SeriesDescription === name);
        if (!found) throw new Error(`no series ${name}`);
        void commandsManager.runCommand('setDisplaySetsForViewports', {
          viewportsToUpdate: [
            { viewportId: id, displaySetInstanceUIDs: [found.displaySetInstanceUID] },
          ],
        });
      },
      [description, viewportId] as const
    );
    await this.until(`${description} in ${viewportId}`, (views) =>
      views.some(({ id, shows, drawn }) => id === viewportId && drawn && shows[0] === description)
    );
  }

  /** Area in pixels of what the layer over a viewport draws, by class of its paths. */
  layer(id: string): Promise<Record<string, number> | null> {
    return this.viewer.page.evaluate((viewportId) => {
      const host = document.querySelector(
        `[data-viewport-uid="${viewportId}"] .inner-ear-hydrops-overlay`
      );
      if (!host?.shadowRoot || getComputedStyle(host).display === 'none') return null;
      const areas: Record<string, number> = {};
      for (const path of host.shadowRoot.querySelectorAll('path')) {
        const runs = (path.getAttribute('d') ?? '').matchAll(/M([\d.]+) [\d.]+[HV]([\d.]+)/g);
        areas[path.getAttribute('class') ?? ''] = [...runs].reduce(
          (sum, [, from, to]) => sum + Number(to) - Number(from),
          0
        );
      }
      return areas;
    }, id);
  }

  /** Until the host itself draws nothing of the segmentation, which it leaves black on some viewports (3.13.2). */
  async untilHostDrawsNone(): Promise<void> {
    await this.viewer.page.waitForFunction(() => {
      const { services } = globalThis as unknown as HostWindow;
      return [...services.viewportGridService.getState().viewports.keys()].every(
        (id) =>
          !services.cornerstoneViewportService
            .getCornerstoneViewport(id)
            ?.getActors?.()
            .some(
              ({ representationUID, actor }) =>
                representationUID?.startsWith('inner-ear-hydrops') && actor.getVisibility()
            )
      );
    });
  }

  /** Along the stack of a viewport, in the order in which it is scrolled: z of each image, LPS mm. */
  places(id: string): Promise<number[]> {
    return this.viewer.page.evaluate((viewportId) => {
      const { services, cornerstone } = globalThis as unknown as HostWindow;
      const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
      return (viewport?.getImageIds?.() ?? []).map((imageId) => {
        const [, , z = NaN] = cornerstone.metaData.get(
          'imagePlaneModule',
          imageId
        ).imagePositionPatient;
        return Math.round(z * 1000) / 1000;
      });
    }, id);
  }

  /** No crash: neither an error boundary of the host nor a problem of ours, and the numbers are there. */
  async expectAlive(): Promise<void> {
    const { page, crashes } = this.viewer;
    expect(await page.getByText('Something went wrong').count()).toBe(0);
    expect(crashes).toEqual([]);
    if (await this.viewer.alert().isVisible())
      throw new Error(await this.viewer.alert().innerText());
    expect(await this.viewer.table().isVisible()).toBe(true);
    expect((await this.viewer.rows()).length).toBe(4);
  }
}
