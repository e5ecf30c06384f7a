import { VIEWPORT_IDS } from '../id';
import type { DisplaySet, GridViewport } from '../host/types';
import { placesOf, viewportsOf } from './grid';

const displaySet = (uid: string): DisplaySet => ({
  displaySetInstanceUID: uid,
  StudyInstanceUID: '1',
  SeriesInstanceUID: uid,
});
const CONTENTS = {
  mrc: displaySet('MRC'),
  hydropsMi2: displaySet('Mi2'),
  ppi: displaySet('PPI'),
  pei: displaySet('PEI'),
};
const OTHERS = ['PPI', 'HYDROPS', 'T1'].map(displaySet);
const grid = (numRows: number, numCols: number) => ({ numRows, numCols });
/** As on screen: each viewport by id with what it shows. */
const onScreen = (...shown: [viewportId: string, ...uids: string[]][]) =>
  new Map<string, GridViewport>(
    shown.map(([viewportId, ...displaySetInstanceUIDs]) => [
      viewportId,
      { viewportId, displaySetInstanceUIDs, viewportOptions: { viewportId, kept: true } },
    ])
  );

it.each([
  [2, 2, ['mrc', 'hydropsMi2', 'ppi', 'pei']],
  [1, 1, ['mrc']],
  [1, 2, ['mrc', 'hydropsMi2']],
  [2, 1, ['mrc', 'ppi']],
  [3, 1, ['mrc', 'ppi', 'hydropsMi2']],
  [1, 3, ['mrc', 'hydropsMi2', 'ppi']],
  [2, 3, ['mrc', 'hydropsMi2', null, 'ppi', 'pei', null]],
  [3, 3, ['mrc', 'hydropsMi2', null, 'ppi', 'pei', null, null, null, null]],
])('%i × %i: each image in its place, then those that would be left out', (rows, cols, places) => {
  expect(placesOf(grid(rows, cols))).toEqual(places);
});

it('places beyond the four show what is not shown yet, and are empty where nothing is left', () => {
  const laid = viewportsOf(grid(3, 3), new Map(), CONTENTS, OTHERS);
  expect(laid.map(({ displaySetInstanceUIDs }) => displaySetInstanceUIDs)).toEqual([
    ...[['MRC'], ['Mi2'], ['HYDROPS'], ['PPI'], ['PEI'], ['T1']],
    ...[[], [], []],
  ]);
  const ids = laid.map(({ viewportOptions }) => viewportOptions.viewportId);
  expect(new Set(ids).size).toBe(9);
  expect(ids).toEqual(expect.arrayContaining(Object.values(VIEWPORT_IDS)));
});

it('all viewports are stacks, linked in scroll, and each image is named by its selector', () => {
  for (const { viewportOptions, displaySetOptions } of viewportsOf(
    grid(2, 3),
    new Map(),
    CONTENTS,
    OTHERS
  )) {
    expect(viewportOptions).toMatchObject({
      viewportType: 'stack',
      syncGroups: [{ type: 'imageslice', id: 'hydrops-scroll' }],
    });
    const place = Object.entries(VIEWPORT_IDS).find(([, id]) => id === viewportOptions.viewportId);
    expect(displaySetOptions?.[0]?.id).toBe(place?.[0] ?? '');
  }
});

it('a viewport on screen stays as it is, with the series that the reader has put into it', () => {
  const shown = onScreen([VIEWPORT_IDS.mrc, 'T1'], ['hydrops-further-0']);
  const [mrc, mi2, further] = viewportsOf(grid(2, 3), shown, CONTENTS, OTHERS);
  expect(mrc).toMatchObject({ displaySetInstanceUIDs: ['T1'], viewportOptions: { kept: true } });
  expect(mi2?.displaySetInstanceUIDs).toEqual(['Mi2']);
  // It was empty.
  expect(further?.displaySetInstanceUIDs).toEqual(['HYDROPS']);
});

it('a place whose series nobody knows yet is empty', () => {
  const [mrc, mi2] = viewportsOf(grid(1, 2), new Map(), { mrc: CONTENTS.mrc }, []);
  expect(mrc?.displaySetInstanceUIDs).toEqual(['MRC']);
  expect(mi2?.displaySetInstanceUIDs).toEqual([]);
});
