export { setUpBackend, type BackendChoice, type BackendOptions } from './backend';
export { createSegmenter } from './createSegmenter';
export { loadNetwork } from './loadNetwork';
export { locateEars } from './locateEars';
export { createNetworkRunner, type NetworkRunner } from './networkRunner';
export { createClassMaps, runNetwork, type ClassMaps } from './runNetwork';
export { segmentEar, type EarLabels } from './segmentEar';
export {
  buildNetwork,
  buildUNet,
  buildVgg,
  describeNetwork,
  SCORE_LAYER,
  type NetworkPlan,
  type UNetOptions,
  type VggOptions,
  vggParameters,
} from './networks';
export * from '../ears';
