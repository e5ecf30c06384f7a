import { itemAt } from '../items';
import type { ImageTraits, SeriesHeader, SliceInput } from '../types';
import { refuseSeries } from './describeSeries';
import {
  componentOf,
  componentRank,
  isOfOtherRole,
  SPLITTING,
  timesRank,
  unfitness,
  type ImageWish,
} from './imageKinds';
import { covers, doubled, hasSpacing, isEven, isOfStack } from './imagePlaces';
import { leftImages, type LeftImages } from './leftImages';
import { list } from './sliceName';

/** Fewer images of a kind than this share of the most frequent kind are strays. */
const STRAY_SHARE = 0.5;
/** A kind of image needs this many to be a stack. */
const MIN_IMAGES = 3;

export interface Selection {
  /** Images of one kind, one a place unless nothing tells them apart. */
  images: SliceInput[];
  left: LeftImages[];
}

/**
 * Of a series that holds several kinds of images, those that fit a role: never colour, projections or localisers; the
 * wanted component of the complex signal; the planes and matrix of the stack; then, where several images still lie at
 * one place, by inversion time, echo time, Image Type, acquisition and temporal position. A series of one kind is
 * returned as it is.
 *
 * @throws RefusedInputError `images-ambiguous` where two kinds fit equally well, `inversion-time-missing`
 */
export function selectImages(
  header: SeriesHeader,
  images: readonly SliceInput[],
  wish: ImageWish
): Selection {
  const left: Selection['left'] = [];
  let chosen: SliceInput[] = [...images];
  if (wish.inversionTime !== undefined) {
    const selection = ofInversionTime(header, chosen, wish.inversionTime);
    chosen = selection.images;
    left.push(...selection.left);
  }
  for (const select of [withoutUnfit, ofWantedComponent, ofOneStack]) {
    const selection = select(chosen, wish);
    chosen = selection.images;
    left.push(...selection.left);
  }
  const kinds = splitByTraits(chosen);
  const best = kinds.length === 1 ? itemAt(kinds, 0) : bestKind(header, kinds, wish);
  for (const kind of kinds) if (kind !== best) left.push(leftImages(kind.images, kind.words));
  return withoutDerivedBetween({ images: best.images, left });
}

/** Relative difference of the times of one sequence, by rounding. */
const SAME_TIME = 0.01;

function ofInversionTime(header: SeriesHeader, images: SliceInput[], wanted: number): Selection {
  const timeOf = ({ traits }: SliceInput) => traits?.inversionTime ?? null;
  const words = (image: SliceInput) => {
    const time = timeOf(image);
    return `of Inversion Time (0018,0082) ${time === null ? 'not stated' : `${time} ms`}`;
  };
  const fits = (image: SliceInput) =>
    Math.abs((timeOf(image) ?? -Infinity) - wanted) <= SAME_TIME * wanted;
  const selection = split(images, fits, words);
  if (selection.images.length > 0) return selection;
  const held = selection.left.map(({ count, why }) => `${count} ${why}`);
  throw refuseSeries(
    'inversion-time-missing',
    header,
    `it holds no images of Inversion Time (0018,0082) ${wanted} ms, but ${new Intl.ListFormat('en').format(held)}.`,
    'Name an inversion time that the series holds.',
    { wanted }
  );
}

function withoutUnfit(images: SliceInput[]): Selection {
  const groups = groupBy(images, ({ traits }) => (traits && unfitness(traits)) ?? '');
  const fit = groups.get('') ?? [];
  // A series of nothing else is refused, or measured, as what it is.
  if (fit.length < MIN_IMAGES) return { images, left: [] };
  groups.delete('');
  return { images: fit, left: countsOf(groups) };
}

function ofWantedComponent(images: SliceInput[], wish: ImageWish): Selection {
  const rank = ({ traits }: SliceInput) => (traits ? componentRank(traits, wish) : 0);
  const groups = groupBy(images, rank);
  if (groups.size < 2) return { images, left: [] };
  const most = Math.max(...[...groups.values()].map((some) => some.length));
  const stacks = [...groups].filter(([, some]) => some.length >= STRAY_SHARE * most);
  const best = Math.min(...stacks.map(([of]) => of));
  return split(
    images,
    (image) => rank(image) === best,
    ({ traits }) => {
      const component = traits ? componentOf(traits) : null;
      return component
        ? `${component} ${component === 'real' ? '(signed) ' : ''}images`
        : 'without a stated component';
    }
  );
}

/** Images of the planes, matrix and pixel spacing that most have; all where there is no such majority. */
function ofOneStack(images: SliceInput[]): Selection {
  const stacks: SliceInput[][] = [];
  for (const image of images) {
    const stack = stacks.find((some) => isOfStack(itemAt(some, 0), image));
    if (stack) stack.push(image);
    else stacks.push([image]);
  }
  const largest = stacks.reduce((a, b) => (b.length > a.length ? b : a), []);
  const others = images.length - largest.length;
  if (others === 0 || largest.length < MIN_IMAGES || others > STRAY_SHARE * largest.length) {
    return { images, left: [] };
  }
  const kept = new Set(largest);
  const { rows, columns, pixelSpacing } = itemAt(largest, 0);
  return split(
    images,
    (image) => kept.has(image),
    (image) =>
      image.rows !== rows || image.columns !== columns
        ? `of ${image.rows} × ${image.columns} pixels`
        : hasSpacing(image, pixelSpacing)
          ? 'in other planes'
          : `of Pixel Spacing (0028,0030) ${list(image.pixelSpacing)} mm`
  );
}

interface Kind {
  images: SliceInput[];
  words: string;
}

/** Splits by one trait after the other, each where images at one place differ in it, until each place has one image. */
function splitByTraits(images: SliceInput[]): Kind[] {
  let kinds: Kind[] = [{ images, words: '' }];
  for (const trait of SPLITTING) {
    kinds = kinds.flatMap((kind) => {
      const value = (image: SliceInput) => (image.traits ? trait.value(image.traits) : '');
      if (!doubled(kind.images).some(([a, b]) => value(a) !== value(b))) return [kind];
      return [...groupBy(kind.images, value).values()].map((some) => ({
        images: some,
        words: [kind.words, trait.words(itemAt(some, 0).traits as ImageTraits)]
          .filter(Boolean)
          .join(', '),
      }));
    });
  }
  return kinds;
}

function bestKind(header: SeriesHeader, kinds: Kind[], wish: ImageWish): Kind {
  const most = Math.max(...kinds.map((kind) => kind.images.length));
  const rank = ({ images }: Kind): number[] => {
    const traits = itemAt(images, 0).traits as ImageTraits;
    return [
      images.length >= STRAY_SHARE * most ? 0 : 1,
      ...timesRank(traits, wish),
      traits.imageType[0] === 'DERIVED' ? 1 : 0,
    ];
  };
  const ranked = [...kinds].sort((a, b) => compareRanks(rank(a), rank(b)));
  const [best, second] = [itemAt(ranked, 0), itemAt(ranked, 1)];
  // What is left may not reach beyond what is taken: an end of the stack would be lost with it.
  const uncovered = kinds.filter((kind) => {
    const { traits } = itemAt(kind.images, 0);
    if (kind === best || (traits && isOfOtherRole(traits, wish))) return false;
    return !covers(best.images, kind.images);
  });
  const rivals = [
    best,
    ...(compareRanks(rank(best), rank(second)) === 0 ? [second] : []),
    ...uncovered.filter((kind) => kind !== second || compareRanks(rank(best), rank(second)) !== 0),
  ];
  if (rivals.length === 1) return best;
  const names = new Intl.ListFormat('en').format(
    rivals.map(({ images, words }) => `${images.length} ${words}`)
  );
  throw refuseSeries(
    'images-ambiguous',
    header,
    `several images lie at the same places, and it cannot be told which are meant: ${names}.`,
    'Leave out the images that are not meant, or split the series so that each place has one image.',
    { kinds: names }
  );
}

function compareRanks(a: number[], b: number[]): number {
  const n = a.findIndex((value, index) => value !== b[index]);
  return n < 0 ? 0 : a[n]! < b[n]! ? -1 : 1;
}

/**
 * Derived images between the slices of an original stack (averages, reformations) are left out; where they are slices
 * of it themselves, nothing is.
 */
function withoutDerivedBetween(selection: Selection): Selection {
  const { images, left } = selection;
  const isDerived = ({ traits }: SliceInput) => traits?.imageType[0] === 'DERIVED';
  const originals = images.filter((image) => !isDerived(image));
  const derived = images.filter(isDerived);
  if (derived.length === 0 || originals.length < MIN_IMAGES) return selection;
  if (isEven(images) || !isEven(originals) || !covers(originals, derived)) return selection;
  const why = 'whose Image Type (0008,0008) says DERIVED';
  return { images: originals, left: [...left, leftImages(derived, why)] };
}

function split(
  images: SliceInput[],
  isKept: (image: SliceInput) => boolean,
  why: (image: SliceInput) => string
): Selection {
  const others = groupBy(
    images.filter((image) => !isKept(image)),
    why
  );
  return { images: images.filter(isKept), left: countsOf(others) };
}

function countsOf(groups: Map<string, SliceInput[]>): LeftImages[] {
  return [...groups].map(([why, images]) => leftImages(images, why));
}

function groupBy<Key>(images: SliceInput[], keyOf: (image: SliceInput) => Key) {
  const groups = new Map<Key, SliceInput[]>();
  for (const image of images) {
    const key = keyOf(image);
    const group = groups.get(key);
    if (group) group.push(image);
    else groups.set(key, [image]);
  }
  return groups;
}
