import type { GridChoice } from '../host/layoutChoice';
import type { DisplaySet, GridViewport } from '../host/types';
import { VIEWPORT_IDS } from '../id';
import { furtherViewport, placeViewport } from './hangingProtocol';

export type Place = keyof typeof VIEWPORT_IDS;

/** In the order in which they are read. */
export const PLACES = Object.keys(VIEWPORT_IDS) as Place[];

/** The layout of the four images. */
export const FOUR: GridChoice = { numRows: 2, numCols: 2 };

/**
 * The places that a grid of viewports has, row by row: those of the four images stay where they are in two by two;
 * places beyond take those that would be left out, in order; null where there is none left.
 */
export function placesOf({ numRows, numCols }: GridChoice): (Place | null)[] {
  const cells = Array.from({ length: numRows * numCols }, (_, n) => {
    const [row, column] = [Math.floor(n / numCols), n % numCols];
    if (row >= FOUR.numRows || column >= FOUR.numCols) return null;
    return PLACES[row * FOUR.numCols + column] ?? null;
  });
  const left = PLACES.filter((place) => !cells.includes(place));
  return cells.map((place) => place ?? left.shift() ?? null);
}

/**
 * The viewports of a grid, row by row. Those that are on screen stay as they are, with the series that the reader has
 * put into them; a new place shows its image, the places beyond the four show what is not shown yet.
 * @param shown the viewports on screen, by id
 * @param contents what each place is to show, as far as it is known
 * @param others further series, those that are to be shown first in front
 */
export function viewportsOf(
  grid: GridChoice,
  shown: ReadonlyMap<string, GridViewport>,
  contents: Partial<Record<Place, DisplaySet>>,
  others: readonly DisplaySet[]
): (Omit<GridViewport, 'viewportId'> & Required<Pick<GridViewport, 'viewportOptions'>>)[] {
  const beyond = (n: number) => `hydrops-further-${n}`;
  let count = 0;
  const cells = placesOf(grid).map((place) => ({
    place,
    id: place ? VIEWPORT_IDS[place] : beyond(count++),
  }));
  const used = new Set([
    ...cells.flatMap(({ id }) => shown.get(id)?.displaySetInstanceUIDs ?? []),
    ...PLACES.map((place) => contents[place]?.displaySetInstanceUID),
  ]);
  const free = others.filter(({ displaySetInstanceUID }) => !used.has(displaySetInstanceUID));
  return cells.map(({ place, id }) => {
    const viewport = shown.get(id);
    if (viewport?.viewportOptions && viewport.displaySetInstanceUIDs?.length) {
      return { ...viewport, viewportOptions: { ...viewport.viewportOptions } };
    }
    const displaySet = place ? contents[place] : free.shift();
    const { viewportOptions, displaySets } = place ? placeViewport(place) : furtherViewport(id);
    return {
      displaySetInstanceUIDs: displaySet ? [displaySet.displaySetInstanceUID] : [],
      displaySetOptions: displaySets,
      viewportOptions,
    };
  });
}
