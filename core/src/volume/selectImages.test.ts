import { firstItems } from '../items';
import { RefusedInputError, type ImageTraits, type SliceInput, type Volume } from '../types';
import { axialGrid, headerOf, slicesOf, volumeOf } from '../../test/testGrids';
import { assembleSeries } from './assembleSeries';
import type { ImageWish } from './imageKinds';
import { leftOutWarnings } from './leftImages';
import { selectImages } from './selectImages';

const header = headerOf({ seriesDescription: 'hT2w 3D FLAIR', seriesNumber: 8 });
const VOLUME = volumeOf(axialGrid([4, 3, 10], [1, 1, 1]), ([x, y, z]) => x + 10 * y + 100 * z);
const MAGNITUDE: ImageTraits = {
  imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
  component: null,
  echoTime: 540,
  inversionTime: 2250,
  acquisitionNumber: 1,
  temporalPosition: null,
  colour: false,
};
const PPI: ImageWish = { role: 'ppi', signed: false };

let made = 0;
/** The slices of a volume with other pixels, as images of a kind. */
function imagesOf(traits: Partial<ImageTraits>, volume: Volume = VOLUME): SliceInput[] {
  made++;
  return slicesOf(volume).map((slice, k) => ({
    ...slice,
    sopInstanceUid: `2.25.${made}.${k}`,
    pixels: Float32Array.from(slice.pixels, (value) => value + made),
    traits: { ...MAGNITUDE, ...traits },
  }));
}

const wanted = imagesOf({});

/** What is used and what the warning says, with the images in two orders. */
function selected(images: SliceInput[], wish = PPI): { used: SliceInput[]; warning: string } {
  const [inOrder, other] = firstItems(
    [images, [...images].reverse()].map((order) => {
      const selection = selectImages(header, order, wish);
      const [warning] = leftOutWarnings(header, selection);
      const uids = selection.images.map(({ sopInstanceUid }) => sopInstanceUid).sort();
      return { uids, used: selection.images, warning: warning?.message ?? '' };
    }),
    2
  );
  expect(other.uids).toEqual(inOrder.uids);
  expect(other.warning).toBe(inOrder.warning);
  expect(() => assembleSeries(header, inOrder.used)).not.toThrow();
  return inOrder;
}

test('a series of one kind is used as it is, without a word', () => {
  expect(selected(wanted)).toMatchObject({ used: wanted, warning: '' });
  const noTraits = slicesOf(VOLUME);
  expect(selectImages(header, noTraits, PPI).images).toEqual(noTraits);
});

const stack = (z: number) => volumeOf(axialGrid([4, 3, 10], [1, 1, 1], [0, 0, z]), () => 1);
const upright: Volume = {
  ...volumeOf(axialGrid([4, 3, 4], [1, 1, 1]), () => 1),
  direction: [1, 0, 0, 0, 0, -1, 0, 1, 0],
};
const smaller = volumeOf(axialGrid([2, 2, 3], [1, 1, 1]), () => 1);
test.each<[string, SliceInput[], RegExp]>([
  [
    'phase, by Image Type',
    imagesOf({ imageType: ['ORIGINAL', 'PRIMARY', 'PHASE MAP', 'P'] }),
    /10 phase images/,
  ],
  ['phase, by Complex Image Component', imagesOf({ component: 'PHASE' }), /10 phase images/],
  [
    'real',
    imagesOf({ imageType: ['ORIGINAL', 'PRIMARY', 'R_IR', 'R'] }),
    /10 real \(signed\) images/,
  ],
  ['a short echo', imagesOf({ echoTime: 90 }), /10 of Echo Time \(0018,0081\) 90 ms/],
  [
    'another inversion time',
    imagesOf({ inversionTime: 2050 }),
    /Inversion Time \(0018,0082\) 2050 ms/,
  ],
  [
    'a MIP',
    imagesOf({ imageType: ['DERIVED', 'PRIMARY', 'PROJECTION IMAGE', 'MIP'] }, stack(0.3)),
    /10 whose Image Type \(0008,0008\) says PROJECTION IMAGE/,
  ],
  [
    'a derived copy',
    imagesOf({ imageType: ['DERIVED', 'SECONDARY'] }).slice(4, 5),
    /1 of Image Type \(0008,0008\) DERIVED\\SECONDARY/,
  ],
  [
    'averages between the slices',
    imagesOf({ imageType: ['DERIVED', 'SECONDARY'] }, stack(0.3)).slice(0, 9),
    /9 whose Image Type \(0008,0008\) says DERIVED/,
  ],
  ['other planes', imagesOf({}, upright), /4 in other planes/],
  ['another matrix', imagesOf({}, smaller), /3 of 2 × 2 pixels/],
  ['colour', imagesOf({ colour: true }), /10 in colour/],
])('%s beside the images: left out, and said', (_, others, words) => {
  const { used, warning } = selected([...others, ...wanted]);
  expect(new Set(used)).toEqual(new Set(wanted));
  expect(warning).toMatch(words);
  expect(warning).toMatch(
    new RegExp(`^10 images of series 8 "hT2w 3D FLAIR" were used; ${others.length} other`)
  );
});

test('the role decides: signed images for a signed method, the other inversion time for PEI', () => {
  const real = imagesOf({ component: 'REAL' });
  expect(new Set(selected([...wanted, ...real], { role: 'ppi', signed: true }).used)).toEqual(
    new Set(real)
  );
  const pei = imagesOf({ inversionTime: 2050 });
  expect(new Set(selected([...wanted, ...pei], { role: 'pei', signed: false }).used)).toEqual(
    new Set(pei)
  );
});

test('several reasons at once are all counted', () => {
  const phase = imagesOf({ component: 'PHASE' });
  const echo = imagesOf({ echoTime: 90 });
  const { warning } = selected([...phase, ...wanted, ...echo]);
  expect(warning).toContain('20 other images were left out');
  expect(warning).toMatch(/10 of Echo Time .*; 10 phase images/);
});

/** Refusal by its code. */
const refusal = (images: SliceInput[]): RefusedInputError => {
  try {
    selectImages(header, images, PPI);
  } catch (error) {
    if (error instanceof RefusedInputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('two that fit equally are named, not chosen from', () => {
  const again = imagesOf({ acquisitionNumber: 2 });
  const { code, message } = refusal([...wanted, ...again]);
  expect(code).toBe('images-ambiguous');
  expect(message).toMatch(
    /8 "hT2w 3D FLAIR".*10 of Acquisition Number \(0020,0012\) 1 and 10 of Acquisition Number \(0020,0012\) 2/
  );
});

test('of two slabs that overlap neither is taken: an end would be lost with the other', () => {
  const slab = imagesOf({ acquisitionNumber: 2 }, stack(6)).slice(0, 7);
  expect(refusal([...wanted, ...slab]).code).toBe('images-ambiguous');
});

test('kinds that share no place are no matter: every slice may state its own acquisition', () => {
  const numbered = wanted.map((slice, k) => ({
    ...slice,
    traits: { ...MAGNITUDE, acquisitionNumber: k, echoTime: 540 + (k % 3) },
  }));
  expect(selected(numbered)).toMatchObject({ used: numbered, warning: '' });
});

test('a hole is not covered up by leaving out what lies beyond it', () => {
  const derived = { ...MAGNITUDE, imageType: ['DERIVED', 'SECONDARY'] };
  const holed = wanted
    .filter((_, k) => k !== 5)
    .map((slice, k) => (k < 5 ? slice : { ...slice, traits: derived }));
  const { images } = selectImages(header, holed, PPI);
  expect(images).toHaveLength(9);
  expect(() => assembleSeries(header, images)).toThrow(/1 slice is missing/);
});

test('images at one place that nothing tells apart stay, to be refused by name', () => {
  const { images } = selectImages(header, [...wanted, ...imagesOf({})], PPI);
  expect(() => assembleSeries(header, images)).toThrow(/two different images lie at the same/);
});
