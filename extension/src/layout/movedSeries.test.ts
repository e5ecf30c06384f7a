import type { MovedSeries } from '../derived/showDerived';
import { movedNote, movedPaintNote, movedSeriesIn } from './movedSeries';

const PEI: MovedSeries = {
  role: 'pei',
  name: 'PEI',
  seriesInstanceUid: '1.2.pei',
  displacement: 2.24,
  corrected: 'PEI, motion corrected',
};
/** Viewports named after the series that they show. */
const services = {
  viewportGridService: {
    getState: () => ({
      viewports: new Map([
        ['acquired', { displaySetInstanceUIDs: ['set-pei'] }],
        ['corrected', { displaySetInstanceUIDs: ['set-corrected'] }],
        ['under', { displaySetInstanceUIDs: ['set-mrc', 'set-pei'] }],
        ['empty', {}],
      ]),
    }),
  },
  displaySetService: {
    getDisplaySetByUID: (uid: string) => ({ SeriesInstanceUID: uid.replace('set-', '1.2.') }),
  },
} as unknown as Parameters<typeof movedSeriesIn>[0];
const within = (viewportId: string, moved = [PEI]) => movedSeriesIn(services, viewportId, moved);

it('a viewport shows a moved series where its own images are those that were acquired', () => {
  expect(within('acquired')).toBe(PEI);
  for (const viewportId of ['corrected', 'under', 'empty', 'none'])
    expect(within(viewportId)).toBeNull();
  expect(within('acquired', [])).toBeNull();
});

it('says by how much, and where the reader finds what fits', () => {
  expect(movedNote(PEI)).toBe(
    'PEI as acquired lies 2.2 mm from MRC: no outline here. See "PEI, motion corrected".'
  );
  expect(movedPaintNote(PEI)).toContain('Draw on "PEI, motion corrected" or on MRC.');
});
