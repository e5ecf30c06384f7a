import type { SeriesHeader, SliceInput } from '../types';
import { axialGrid, headerOf, seriesOf, slicesOf, volumeOf } from '../../test/testGrids';
import { checkStudy } from './checkStudy';
import { wishFor } from './imageKinds';
import { recognizeRoles } from './recognizeRoles';
import { selectImages } from './selectImages';

const kind = (
  uid: string,
  seriesDescription: string,
  inversionTime: number | null,
  changes: Partial<SeriesHeader> = {}
): SeriesHeader =>
  headerOf({
    seriesInstanceUid: uid,
    seriesDescription,
    inversionTime,
    echoTime: 540,
    scanningSequence: inversionTime === null ? ['SE'] : ['SE', 'IR'],
    ...changes,
  });
const MRC = kind('a', 'MRC', null);

test.each(['hT2w 3D IR', 'hT2w PPI PEI', 'inner ear', 'PPI'])(
  'PPI and PEI in one series called "%s" are told apart by inversion time',
  (name) => {
    const both = [kind('b', name, 2250), kind('b', name, 2050)];
    for (const headers of [both, [...both].reverse()]) {
      expect(recognizeRoles([MRC, ...headers]).roles).toEqual({ mrc: 'a', ppi: 'b', pei: 'b' });
    }
    const byHand = recognizeRoles([MRC, ...both], undefined, { ppi: 'b' });
    expect(byHand.roles).toMatchObject({ mrc: 'a', pei: 'b' });
  }
);

test('all three in one series', () => {
  const all = [null, 2250, 2050].map((time) => kind('a', 'inner ear', time));
  expect(recognizeRoles(all).roles).toEqual({ mrc: 'a', ppi: 'a', pei: 'a' });
});

test('a series of one inversion time has one role', () => {
  const { roles } = recognizeRoles([MRC, kind('b', 'hT2w PPI PEI', 2250)]);
  expect([roles.ppi, roles.pei]).not.toEqual(['b', 'b']);
});

const volume = volumeOf(axialGrid([4, 3, 10], [1, 1, 1]), ([x, y, z]) => 1 + x + y + z);
let made = 0;
function imagesOf(inversionTime: number, slices = 10): SliceInput[] {
  made++;
  return slicesOf(volume)
    .slice(0, slices)
    .map((slice, k) => ({
      ...slice,
      sopInstanceUid: `2.25.${made}.${k}`,
      pixels: Float32Array.from(slice.pixels, (value) => value + made),
      traits: {
        imageType: ['ORIGINAL', 'PRIMARY', 'M'],
        component: null,
        echoTime: 540,
        inversionTime,
        acquisitionNumber: 1,
        temporalPosition: null,
        colour: false,
      },
    }));
}

test('PEI that reaches further is no lost end of PPI', () => {
  const [ppi, pei] = [imagesOf(2250, 8), imagesOf(2050)];
  expect(selectImages(headerOf(), [...ppi, ...pei], wishFor('ppi', 'hydrops-mi2')).images).toEqual(
    ppi
  );
});

test('inversion times that no role has are chosen by hand', () => {
  const [long, short] = [imagesOf(1700), imagesOf(1500)];
  const images = [...long, ...short];
  const chosen = (role: 'ppi' | 'pei', time: number) =>
    selectImages(headerOf(), images, wishFor(role, 'hydrops-mi2', time));
  expect(chosen('ppi', 1700).images).toEqual(long);
  expect(chosen('pei', 1500).images).toEqual(short);
  expect(chosen('pei', 1500).left).toMatchObject([
    { count: 10, why: 'of Inversion Time (0018,0082) 1700 ms' },
  ]);
  expect(() => chosen('pei', 2050)).toThrow(
    /holds no images of Inversion Time \(0018,0082\) 2050 ms, but 10 of .* 1700 ms and 10 of .* 1500 ms/
  );
});

test('two roles may be in one series, but not on one image', () => {
  const of = (uid: string, from: string) => {
    const series = seriesOf(volume, { seriesInstanceUid: uid });
    series.sources.forEach((source, k) => (source.sopInstanceUid = `${from}.${k}`));
    return series;
  };
  const mrc = of('a', '1');
  expect(checkStudy({ mrc, ppi: of('b', '2'), pei: of('b', '3') }, 'hydrops-mi2')).toEqual([]);
  expect(() => checkStudy({ mrc, ppi: of('b', '2'), pei: of('b', '2') }, 'hydrops-mi2')).toThrow(
    /images have two roles/
  );
});

test.each<[string, Partial<SeriesHeader>, RegExp]>([
  ['with fewer images', { imageCount: 14 }, /it has 14 images instead of 40/],
  ['that is derived', { imageType: ['DERIVED', 'SECONDARY', 'M'] }, /DERIVED\\SECONDARY\\M/],
])('a second PPI %s is passed over with a word', (_, changes, why) => {
  const headers = [MRC, kind('b', 'PPI', 2250), kind('c', 'PEI', 2050)];
  const { roles, warnings } = recognizeRoles([
    ...headers,
    kind('d', 'PPI', 2250, { seriesNumber: 13, ...changes }),
  ]);
  expect(roles).toEqual({ mrc: 'a', ppi: 'b', pei: 'c' });
  expect(warnings).toMatchObject([
    { code: 'series-repeated', values: { role: 'ppi', series: 'b', others: 'd' } },
  ]);
  expect(warnings[0]?.message).toMatch(why);
  expect(recognizeRoles(headers).warnings).toEqual([]);
});
