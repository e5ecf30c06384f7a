import type { ImageTraits, Method, Role } from '../types';
import { METHODS, ROLE_KEYS } from '../registry';
import { complexComponent, type ComplexComponent } from './complexComponent';
import { DEFAULT_ROLE_RULES } from './roleRules';

/** What the images of a series are wanted for: of several at one place those are taken that fit it. */
export interface ImageWish {
  role: Role;
  /** Phase-sensitive images are wanted, not magnitude images. */
  signed: boolean;
  /** Milliseconds: only images of this inversion time, where someone chose them of a series that holds several. */
  inversionTime?: number;
}

/** What a method wants in the place of a role. */
export function wishFor(role: Role, method: Method, inversionTime?: number): ImageWish {
  const wish = { role, signed: METHODS[method].signed && role !== 'mrc' };
  return inversionTime === undefined ? wish : { ...wish, inversionTime };
}

/** Whether an image's inversion time is that of another role: it is no part of the stack that is wanted. */
export function isOfOtherRole({ inversionTime: time }: ImageTraits, { role }: ImageWish): boolean {
  if (time === null) return false;
  const { roles } = DEFAULT_ROLE_RULES;
  const fits = (candidate: Role): boolean => {
    const range = roles[candidate].inversionTime;
    return range !== null && time >= range.minimum && time < range.maximum;
  };
  return !fits(role) && ROLE_KEYS.some((other) => other !== role && fits(other));
}

export function componentOf({ imageType, component }: ImageTraits): ComplexComponent | null {
  return complexComponent({
    imageType: [...imageType],
    attributes: component === null ? {} : { ComplexImageComponent: component },
  });
}

/** 0 for the component of the complex signal that is wanted, more the less an image will do. */
export function componentRank(traits: ImageTraits, { signed }: ImageWish): number {
  const component = componentOf(traits);
  if (component === 'phase' || component === 'imaginary') return 3;
  if (signed) return component === 'real' ? 0 : component === null ? 1 : 2;
  return component === 'real' ? 2 : 0;
}

/** Why an image can never be part of a stack that is measured, in words; null where it may be. */
export function unfitness({ imageType, colour }: ImageTraits): string | null {
  if (colour) return 'in colour';
  const word = imageType.find((type) => DEFAULT_ROLE_RULES.excludeImageTypes.includes(type));
  return word ? `whose Image Type (0008,0008) says ${word}` : null;
}

/** Traits by which images at one place are told apart, the first that does so before the others. */
export const SPLITTING: readonly {
  /** Two images with the same text are alike. */
  value(traits: ImageTraits): string;
  /** "of Echo Time (0018,0081) 90 ms". */
  words(traits: ImageTraits): string;
}[] = [
  {
    value: ({ inversionTime }) => rounded(inversionTime),
    words: ({ inversionTime }) => `of Inversion Time (0018,0082) ${milliseconds(inversionTime)}`,
  },
  {
    value: ({ echoTime }) => rounded(echoTime),
    words: ({ echoTime }) => `of Echo Time (0018,0081) ${milliseconds(echoTime)}`,
  },
  {
    value: ({ imageType }) => imageType.join('\\'),
    words: ({ imageType }) => `of Image Type (0008,0008) ${imageType.join('\\') || 'not stated'}`,
  },
  {
    value: ({ acquisitionNumber }) => String(acquisitionNumber),
    words: ({ acquisitionNumber }) =>
      `of Acquisition Number (0020,0012) ${acquisitionNumber ?? 'not stated'}`,
  },
  {
    value: ({ temporalPosition }) => String(temporalPosition),
    words: ({ temporalPosition }) =>
      `of Temporal Position (0020,0100) ${temporalPosition ?? 'not stated'}`,
  },
];

/** 0 where the times are those of the role, more the less they are. */
export function timesRank(traits: ImageTraits, { role }: ImageWish): number[] {
  const { inversionTime: range, echoTime } = DEFAULT_ROLE_RULES.roles[role];
  const fits = (time: number, { minimum, maximum }: { minimum: number; maximum: number }) =>
    time >= minimum && time < maximum;
  const time = traits.inversionTime;
  const inversion = range ? (time === null ? 1 : fits(time, range) ? 0 : 2) : time === null ? 0 : 2;
  const echo = traits.echoTime;
  // Of echoes that are all too short, the longest shows fluid best.
  const short = echo === null ? Infinity : fits(echo, echoTime) ? 0 : 1 + 1e6 / Math.max(echo, 1);
  return [inversion, short];
}

function rounded(time: number | null): string {
  // Echo times of one sequence differ by rounding.
  return time === null ? 'none' : Number(time.toPrecision(3)).toString();
}

function milliseconds(time: number | null): string {
  return time === null ? 'not stated' : `${Number(time.toPrecision(5))} ms`;
}
