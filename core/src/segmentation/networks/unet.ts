import { itemAt } from '../../items';
import * as tfl from '@tensorflow/tfjs-layers';
import { apply, SCORE_LAYER } from './layers';

export interface UNetOptions {
  /** Consecutive slices that enter as channels. */
  slices: number;
  classes: number;
  /** Channels of the finest level; each coarser level has twice as many. */
  width: number;
  /** Number of poolings; patch sides must be multiples of 2^depth. */
  depth: number;
  /**
   * `plain`: two convolutions a level; `residual`: with a shortcut past the second convolution and the first
   * (He et al., CVPR 2016). Default `plain`.
   */
  blocks?: 'plain' | 'residual';
  seed?: number;
}

/**
 * A 2.5D U-Net (after Ronneberger et al., MICCAI 2015): consecutive slices in as channels, class
 * probabilities of the middle slice out. Fully convolutional: [n, rows, columns, slices] →
 * [n, rows, columns, classes]. Pooling follows ReLU only, since the gradient of WASM's max-pooling
 * picks a wrong element in windows that are negative throughout.
 */
export function buildUNet(options: UNetOptions): tfl.LayersModel {
  let seed = options.seed ?? 1;
  const convolution = (name: string, filters: number, linear = false) =>
    tfl.layers.conv2d({
      name,
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: linear ? 'linear' : 'relu',
      kernelInitializer: tfl.initializers.heNormal({ seed: seed++ }),
    });
  const pair = (names: [string, string], filters: number, from: tfl.SymbolicTensor) => {
    const first = apply(convolution(names[0], filters), from);
    if (options.blocks !== 'residual') return apply(convolution(names[1], filters), first);
    const second = apply(convolution(names[1], filters, true), first);
    const shortcut = tfl.layers.conv2d({
      name: `${names[1]}shortcut`,
      filters,
      kernelSize: 1,
      kernelInitializer: tfl.initializers.glorotNormal({ seed: seed++ }),
    });
    const sum = tfl.layers.add({ name: `${names[1]}sum` });
    const relu = tfl.layers.activation({ name: `${names[1]}relu`, activation: 'relu' });
    return apply(relu, apply(sum, [second, apply(shortcut, from)]));
  };
  const input = tfl.input({ shape: [null, null, options.slices], name: 'slices' });
  const skips: tfl.SymbolicTensor[] = [];
  let features = input;
  for (let level = 0; level < options.depth; level++) {
    const filters = options.width * 2 ** level;
    features = pair([`down${level}a`, `down${level}b`], filters, features);
    skips.push(features);
    features = apply(tfl.layers.maxPooling2d({ poolSize: 2, name: `pool${level}` }), features);
  }
  const widest = options.width * 2 ** options.depth;
  features = pair(['bottoma', 'bottomb'], widest, features);
  for (let level = options.depth - 1; level >= 0; level--) {
    const filters = options.width * 2 ** level;
    features = apply(tfl.layers.upSampling2d({ size: [2, 2], name: `up${level}` }), features);
    features = apply(convolution(`up${level}a`, filters), features);
    features = apply(tfl.layers.concatenate({ name: `join${level}` }), [
      itemAt(skips, level),
      features,
    ]);
    features = apply(convolution(`up${level}b`, filters), features);
  }
  // Training takes the class scores themselves: the logarithm of a saturated softmax has no gradient.
  const scores = apply(
    tfl.layers.conv2d({
      name: SCORE_LAYER,
      filters: options.classes,
      kernelSize: 1,
      kernelInitializer: tfl.initializers.glorotNormal({ seed: seed++ }),
    }),
    features
  );
  const probabilities = apply(
    tfl.layers.activation({ name: 'probabilities', activation: 'softmax' }),
    scores
  );
  return tfl.model({ inputs: input, outputs: probabilities, name: 'unet' });
}
