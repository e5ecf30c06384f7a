export {
  setUpBackend,
  type BackendChoice,
  type BackendOptions,
  type StartedBackend,
} from './backend';
export { createSegmenter } from './createSegmenter';
export type { InferenceEngine, LoadedNetwork, PatchShape } from './engine';
export { loadNetwork } from './loadNetwork';
export { locateEars } from './locateEars';
export { createTfjsEngine, tfjsNetwork } from './tfjsEngine';
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
} from './networks';
export * from '../ears';
