import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildUNet, type UNetOptions } from './unet';
import { buildVgg, type VggOptions } from './vgg';

export { SCORE_LAYER } from './layers';
export { buildUNet, type UNetOptions } from './unet';
export { buildVgg, type VggOptions } from './vgg';

/** Architecture and sizes of a network, without its seed: what a training plan names. */
export type NetworkPlan =
  ({ architecture: 'unet' } & Omit<UNetOptions, 'seed'>) | Omit<VggOptions, 'seed'>;

/** Builds a network with fresh weights drawn from the seed. */
export function buildNetwork(plan: NetworkPlan, seed: number): LayersModel {
  return plan.architecture === 'unet' ? buildUNet({ ...plan, seed }) : buildVgg({ ...plan, seed });
}

/** One line for people. */
export function describeNetwork(plan: NetworkPlan): string {
  if (plan.architecture === 'unet')
    return (
      `2.5D U-Net, ${plan.slices} slices, ${plan.width} base channels, ${plan.depth} poolings` +
      (plan.blocks === 'residual' ? ', residual blocks' : '')
    );
  const name = plan.architecture === '3into3vgg' ? '3into3VGG' : 'concat3into1VGG';
  const decoder = plan.decoder === 'unet' ? ', U-Net decoder' : '';
  return `${name}, ${plan.width} base channels (VGG-19: 64), head of ${plan.head}${decoder}`;
}
