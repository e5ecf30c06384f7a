import { itemAt } from '../../items';
import * as tfl from '@tensorflow/tfjs-layers';
import { apply, SCORE_LAYER } from './layers';

export interface VggOptions {
  /** `3into3vgg`: a branch for each of three slices; `concat3into1vgg`: one branch for all three. */
  architecture: '3into3vgg' | 'concat3into1vgg';
  classes: number;
  /** Channels of the first convolutions; VGG-19 has 64, and later ones 2, 4, 8 and 8 times as many. */
  width: number;
  /** Channels of the first two of the three convolutions after VGG; 4096 in FCN-8s. */
  head: number;
  /** Share of the head's activations that is dropped while training. */
  dropout: number;
  /** `fcn8`: the paper's three deconvolutions with two skips; `unet`: joined with every level of the main branch. */
  decoder?: 'fcn8' | 'unet';
  seed?: number;
}

/** Convolutions of VGG-19's five blocks (Simonyan and Zisserman, 2015), and channels in units of the width. */
const BLOCKS = [
  { convolutions: 2, channels: 1 },
  { convolutions: 2, channels: 2 },
  { convolutions: 4, channels: 4 },
  { convolutions: 4, channels: 8 },
  // The 16th convolution is left out: "the front part (up to the 15th convolutional layer)".
  { convolutions: 3, channels: 8 },
];
/** Of our patches; 100 pools to 50, 25, 13, 7 and 4. */
const PATCH = 100;

/**
 * The networks of INHEARIT (Cho et al., 2020): VGG-19 up to its 15th convolution and its pooling,
 * three convolutions (7 × 7, 1 × 1, 1 × 1) with dropout, summed over the branches, then three
 * deconvolutions of which the first two are joined with the main slice's fourth and third pooling, as
 * in FCN-8s (Long et al., 2015). [n, 100, 100, 3] → class probabilities [n, 100, 100, classes]. Padding
 * keeps sizes, odd ones are rounded up by pooling and cropped again after each deconvolution.
 */
export function buildVgg(options: VggOptions): tfl.LayersModel {
  const nextSeed = counter(options.seed ?? 1);
  const input = tfl.input({ shape: [PATCH, PATCH, 3], name: 'slices' });
  const slices = options.architecture === '3into3vgg' ? [0, 1, 2] : [null];
  const branches = slices.map((slice) => {
    const name = slice === null ? '' : `slice${slice}_`;
    const image = slice === null ? input : oneSlice(input, slice, name);
    return buildBranch(image, name, options, nextSeed);
  });
  const main = itemAt(branches, Math.floor(branches.length / 2));
  const heads = branches.map((branch) => branch.head);
  const joined =
    heads.length > 1 ? apply(tfl.layers.add({ name: 'sum_of_slices' }), heads) : itemAt(heads, 0);
  const scores =
    options.decoder === 'unet'
      ? unetDecoder(joined, main.levels, options, nextSeed)
      : fcnDecoder(joined, main.pools, options, nextSeed);
  const probabilities = apply(
    tfl.layers.activation({ name: 'probabilities', activation: 'softmax' }),
    scores
  );
  return tfl.model({ inputs: input, outputs: probabilities, name: 'vgg' });
}

function counter(start: number): () => number {
  let value = start;
  return () => value++;
}

/** One channel of the input; cropping cuts rows and columns only, so the channels become rows first. */
function oneSlice(input: tfl.SymbolicTensor, slice: number, name: string): tfl.SymbolicTensor {
  const turned = apply(tfl.layers.permute({ name: `${name}last`, dims: [3, 1, 2] }), input);
  const cropped = apply(
    tfl.layers.cropping2D({
      name: `${name}only`,
      cropping: [
        [slice, 2 - slice],
        [0, 0],
      ],
    }),
    turned
  );
  return apply(tfl.layers.permute({ name: `${name}image`, dims: [2, 3, 1] }), cropped);
}

interface Branch {
  head: tfl.SymbolicTensor;
  /** After the third and fourth pooling. */
  pools: { third: tfl.SymbolicTensor; fourth: tfl.SymbolicTensor };
  /** Last features before each pooling, finest first. */
  levels: tfl.SymbolicTensor[];
}

function buildBranch(
  image: tfl.SymbolicTensor,
  name: string,
  options: VggOptions,
  nextSeed: () => number
): Branch {
  const levels: tfl.SymbolicTensor[] = [];
  const pools: tfl.SymbolicTensor[] = [];
  let features = image;
  BLOCKS.forEach(({ convolutions, channels }, block) => {
    for (let n = 1; n <= convolutions; n++) {
      const filters = channels * options.width;
      features = apply(
        convolution(`${name}conv${block + 1}_${n}`, filters, 3, nextSeed()),
        features
      );
    }
    levels.push(features);
    features = apply(
      tfl.layers.maxPooling2d({
        name: `${name}pool${block + 1}`,
        poolSize: 2,
        strides: 2,
        padding: 'same',
      }),
      features
    );
    pools.push(features);
  });
  const headSizes = options.decoder === 'unet' ? [options.head] : [options.head, options.head];
  headSizes.forEach((filters, n) => {
    const size = n === 0 ? 7 : 1;
    features = apply(convolution(`${name}head${n + 1}`, filters, size, nextSeed()), features);
    features = apply(
      tfl.layers.dropout({ name: `${name}dropout${n + 1}`, rate: options.dropout }),
      features
    );
  });
  if (options.decoder !== 'unet')
    features = apply(linear(`${name}head3`, options.classes, nextSeed()), features);
  return { head: features, pools: { third: itemAt(pools, 2), fourth: itemAt(pools, 3) }, levels };
}

/**
 * Deconvolutions to the channels of the pooling that is then added (4 × 4, stride 2, twice) and to the
 * classes (16 × 16, stride 8).
 */
function fcnDecoder(
  joined: tfl.SymbolicTensor,
  pools: Branch['pools'],
  options: VggOptions,
  nextSeed: () => number
): tfl.SymbolicTensor {
  const deconvolution = (
    name: string,
    from: tfl.SymbolicTensor,
    filters: number,
    stride: number
  ): tfl.SymbolicTensor =>
    apply(
      tfl.layers.conv2dTranspose({
        name,
        filters,
        kernelSize: 2 * stride,
        strides: stride,
        padding: 'same',
        kernelInitializer: tfl.initializers.glorotNormal({ seed: nextSeed() }),
      }),
      from
    );
  let features = joined;
  [pools.fourth, pools.third].forEach((pool, n) => {
    const name = `deconvolution${n + 1}`;
    const large = deconvolution(name, features, channelsOf(pool), 2);
    const fitting = crop(large, sideOf(pool), `${name}_cropped`);
    features = apply(tfl.layers.add({ name: `joined${n + 1}` }), [fitting, pool]);
  });
  return crop(deconvolution('deconvolution3', features, options.classes, 8), PATCH, SCORE_LAYER);
}

function unetDecoder(
  joined: tfl.SymbolicTensor,
  levels: tfl.SymbolicTensor[],
  options: VggOptions,
  nextSeed: () => number
): tfl.SymbolicTensor {
  let features = joined;
  for (let level = levels.length - 1; level >= 0; level--) {
    const filters = itemAt(BLOCKS, level).channels * options.width;
    const skip = itemAt(levels, level);
    const large = apply(
      tfl.layers.upSampling2d({ name: `up${level + 1}`, size: [2, 2] }),
      features
    );
    features = crop(large, sideOf(skip), `up${level + 1}_cropped`);
    features = apply(convolution(`up${level + 1}a`, filters, 3, nextSeed()), features);
    features = apply(tfl.layers.concatenate({ name: `join${level + 1}` }), [skip, features]);
    features = apply(convolution(`up${level + 1}b`, filters, 3, nextSeed()), features);
  }
  return apply(linear(SCORE_LAYER, options.classes, nextSeed()), features);
}

function convolution(name: string, filters: number, kernelSize: number, seed: number) {
  return tfl.layers.conv2d({
    name,
    filters,
    kernelSize,
    padding: 'same',
    activation: 'relu',
    kernelInitializer: tfl.initializers.heNormal({ seed }),
  });
}

/** A 1 × 1 convolution without activation. */
function linear(name: string, filters: number, seed: number) {
  return tfl.layers.conv2d({
    name,
    filters,
    kernelSize: 1,
    kernelInitializer: tfl.initializers.glorotNormal({ seed }),
  });
}

function sideOf(tensor: tfl.SymbolicTensor): number {
  return tensor.shape[1] as number;
}

function channelsOf(tensor: tfl.SymbolicTensor): number {
  return tensor.shape[3] as number;
}

/** Cuts a square map to `side`, evenly where it can. */
function crop(tensor: tfl.SymbolicTensor, side: number, name: string): tfl.SymbolicTensor {
  const excess = sideOf(tensor) - side;
  if (excess === 0) return tensor;
  const before = Math.floor(excess / 2);
  return apply(
    tfl.layers.cropping2D({
      name,
      cropping: [
        [before, excess - before],
        [before, excess - before],
      ],
    }),
    tensor
  );
}
