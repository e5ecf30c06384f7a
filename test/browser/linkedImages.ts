import { settles } from './becomes';
import type { ImagesPage } from './imagesPage';

/** mm; the panes differ by a pixel. */
export const NEAR = 0.2;

/** What all images on the screen show alike. */
export interface LinkedPlace {
  /** Half the height of what is shown, mm. */
  size: number;
  /** LPS mm. */
  middle: [number, number, number];
}

/**
 * What the images on the screen show once they have come to rest.
 * @param after what was done before, for the message
 * @throws where their sizes, or the points in their middle and with them their slices, differ
 */
export async function linkedPlace(images: ImagesPage, after: string): Promise<LinkedPlace> {
  const [views, heights] = await settles(() =>
    Promise.all([images.views().then((all) => all.filter(({ drawn }) => drawn)), images.heights()])
  );
  const sizes = views.map(({ id }) => heights[id] ?? NaN);
  const isOne = Math.max(...sizes) - Math.min(...sizes) < NEAR;
  expect({ after, sizes, isOne }).toEqual({ after, sizes, isOne: true });
  const [x, y, z] = views[0]?.focalPoint ?? [NaN, NaN, NaN];
  for (const { id, focalPoint } of views) {
    const away = Math.hypot(focalPoint[0] - x, focalPoint[1] - y, focalPoint[2] - z);
    expect({ after, id, focalPoint, isNear: away < 0.6 }).toEqual({
      ...{ after, id, focalPoint, isNear: true },
    });
  }
  return { size: sizes[0] ?? NaN, middle: [x, y, z] };
}

/** Drags with a button from the middle of a viewport, by pixels. */
export async function drag(
  images: ImagesPage,
  id: string,
  button: 'middle' | 'right',
  [dx, dy]: [number, number]
): Promise<void> {
  const [x, y] = await middleOf(images, id);
  const { mouse } = images.viewer.page;
  await mouse.move(x, y);
  await mouse.down({ button });
  await mouse.move(x + dx / 2, y + dy / 2, { steps: 3 });
  await mouse.move(x + dx, y + dy, { steps: 3 });
  await mouse.up({ button });
}

/** Turns the wheel over a viewport by one notch. */
export async function turnWheel(images: ImagesPage, id: string): Promise<void> {
  const { mouse } = images.viewer.page;
  await mouse.move(...(await middleOf(images, id)));
  await mouse.wheel(0, 100);
}

async function middleOf(images: ImagesPage, id: string): Promise<[number, number]> {
  const box = await images.viewer.page.locator(`[data-viewport-uid="${id}"]`).boundingBox();
  if (!box) throw new Error(`no viewport ${id}`);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/**
 * Scrolls in one image, zooms in it and pans it: all others follow.
 * @returns what they show then
 */
export async function expectLinked(
  images: ImagesPage,
  id: string,
  layout: string
): Promise<LinkedPlace> {
  // A drag in another viewport chooses it first.
  await images.activate(id);
  const before = await linkedPlace(images, `${layout}: at first`);
  await turnWheel(images, id);
  const scrolled = await linkedPlace(images, `${layout}: scroll in ${id}`);
  // What was zoomed and panned stays so in another slice.
  const [x, y, z] = before.middle.map((value, axis) => (scrolled.middle[axis] ?? NaN) - value);
  const stays = Math.hypot(x ?? NaN, y ?? NaN) < 0.6 && isNear(before, scrolled);
  await drag(images, id, 'right', [0, 30]);
  const zoomed = await linkedPlace(images, `${layout}: zoom in ${id}`);
  await drag(images, id, 'middle', [30, 20]);
  const panned = await linkedPlace(images, `${layout}: pan in ${id}`);
  const did = {
    ...{ layout, id, stays },
    scrolls: Math.abs(z ?? NaN) > 0.5,
    zooms: Math.abs(zoomed.size / scrolled.size - 1) > 0.1,
    pans: apart(zoomed, panned) > zoomed.size / 10 && isNear(zoomed, panned),
  };
  expect(did).toEqual({ layout, id, stays: true, scrolls: true, zooms: true, pans: true });
  return panned;
}

const isNear = (a: LinkedPlace, b: LinkedPlace) => Math.abs(a.size - b.size) < NEAR;

/** mm between the points in the middle. */
export function apart(a: LinkedPlace, b: LinkedPlace): number {
  return Math.hypot(...a.middle.map((value, axis) => value - (b.middle[axis] ?? NaN)));
}
