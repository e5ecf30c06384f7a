import { LentImages } from './lentImages';
import { StackLabels } from './StackLabels';
import type { HostSegmentation, HostViewport } from './types';

const OWN = ['mrc-1', 'mrc-2'];
const SHOWN = ['ppi-1', 'ppi-2'];

/** A viewer as 3.13.2 is: it lays the slice on the stack when asked, if the stack shows images of the labelmap. */
function viewer() {
  const layer = { referencedImageIds: [...OWN] };
  const segmentation: HostSegmentation = {
    segmentationId: 'ours',
    representationData: { Labelmap: { labelmaps: { first: layer } } },
  };
  let shown = 0;
  let laid: number | null = null;
  let asked = 0;
  const viewport: HostViewport = {
    id: 'ppi',
    type: 'stack',
    setProperties: () => undefined,
    getProperties: () => undefined,
    getImageIds: () => SHOWN,
    getCurrentImageId: () => SHOWN[shown],
    getActors: () =>
      laid === null ? [] : [{ representationUID: 'ours-Labelmap', referencedId: `slice-${laid}` }],
    render: () => undefined,
  };
  Object.assign(globalThis, {
    cornerstoneTools: {
      segmentation: {
        state: { getCurrentLabelmapImageIdForViewport: () => `slice-${shown}` },
        triggerSegmentationEvents: {
          triggerSegmentationRepresentationModified: () => void asked++,
        },
      },
    },
  });
  const read = new Set(SHOWN.slice(0, 1));
  Object.assign(globalThis, {
    cornerstone: {
      cache: { getImage: (imageId: string) => (read.has(imageId) ? { imageId } : undefined) },
      imageLoader: {
        loadAndCacheImage: (imageId: string) => Promise.resolve(read.add(imageId)),
      },
    },
  });
  const lent = new LentImages(() => segmentation);
  const stacks = new StackLabels('ours', new Set(OWN), lent);
  return {
    stacks,
    viewport,
    layer,
    asked: () => asked,
    /** The next picture of the viewer, on which it lays the labels if it can. */
    draw() {
      if (SHOWN.some((imageId) => layer.referencedImageIds.includes(imageId))) laid = shown;
      stacks.drawn(viewport);
    },
    scroll: () => {
      shown = 1;
    },
    loseActors: () => {
      laid = null;
    },
  };
}

/** What waits for a promise that is fulfilled already has run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'cornerstoneTools');
  Reflect.deleteProperty(globalThis, 'cornerstone');
});

describe('StackLabels', () => {
  it('lends the images of another series until the viewer has laid the labels on them', async () => {
    const { stacks, viewport, layer, draw } = viewer();
    await stacks.add(viewport, () => Promise.resolve());
    // The viewer lays them on after it has listed them.
    await settled();
    expect(layer.referencedImageIds).toEqual([...OWN, ...SHOWN]);
    expect(stacks.isOn(viewport)).toBe(false);
    draw();
    await settled();
    expect(stacks.isOn(viewport)).toBe(true);
    expect(layer.referencedImageIds).toEqual(OWN);
  });

  it('asks the viewer again for each further image, once', async () => {
    const { stacks, viewport, layer, asked, draw, scroll } = viewer();
    await stacks.add(viewport, () => Promise.resolve());
    draw();
    await settled();
    expect(asked()).toBe(0);
    scroll();
    expect(stacks.isOn(viewport)).toBe(false);
    stacks.drawn(viewport);
    stacks.drawn(viewport);
    expect(asked()).toBe(1);
    draw();
    await settled();
    expect(stacks.isOn(viewport)).toBe(true);
    expect(layer.referencedImageIds).toEqual(OWN);
  });

  it('asks again where the viewer has lost them, and for the image that the reader has gone on to', async () => {
    const { stacks, viewport, asked, draw, scroll, loseActors } = viewer();
    await stacks.add(viewport, () => Promise.resolve());
    draw();
    loseActors();
    stacks.drawn(viewport);
    expect(asked()).toBe(1);
    scroll();
    stacks.drawn(viewport);
    expect(asked()).toBe(2);
    draw();
    expect(stacks.isOn(viewport)).toBe(true);
  });

  it('lets a sphere paint only once the viewer has read all images of the stack', async () => {
    const { stacks, viewport, draw } = viewer();
    await stacks.add(viewport, () => Promise.resolve());
    expect(stacks.canPaint(viewport, 'circle')).toBe(false);
    draw();
    expect(stacks.canPaint(viewport, 'circle')).toBe(true);
    expect(stacks.canPaint(viewport, 'sphere')).toBe(false);
    stacks.makePaintable(viewport);
    await settled();
    expect(stacks.canPaint(viewport, 'sphere')).toBe(true);
  });

  it('takes the images back when the labelmap goes', async () => {
    const { stacks, viewport, layer } = viewer();
    await stacks.add(viewport, () => Promise.resolve());
    stacks.dispose();
    await settled();
    expect(layer.referencedImageIds).toEqual(OWN);
  });
});
