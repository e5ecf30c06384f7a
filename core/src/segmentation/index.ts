export { setUpBackend, isRealGpu, type BackendChoice, type BackendOptions } from './backend';
export { createSegmenter } from './createSegmenter';
export { loadNetwork } from './loadNetwork';
export { locateEars, locatorInput } from './locateEars';
export { runNetwork } from './runNetwork';
export { segmentEar, type EarLabels } from './segmentEar';
export { buildUNet, SCORE_LAYER, type UNetOptions } from './networks/unet';
export * from '../ears';
