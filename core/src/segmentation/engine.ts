import type { ModelFiles, NetworkDescription } from '../model';

/** Patches, rows, columns, channels. */
export type PatchShape = readonly [number, number, number, number];

/** One network of a model, ready to run in some library. */
export interface LoadedNetwork {
  readonly classes: number;
  /**
   * @param patches normalised values in the order [patches, rows, columns, channels]
   * @returns class probabilities in the order [patches, rows, columns, classes]
   */
  run(patches: Float32Array, shape: PatchShape): Promise<Float32Array>;
  dispose(): void;
}

/**
 * A library that runs networks: tfjs by default (`createTfjsEngine`). Whoever brings another library implements
 * this and hands it to `createSegmenter`; nothing else here knows in which library a network runs.
 */
export interface InferenceEngine {
  /** Goes into results and warnings, e.g. "wasm (2 threads)". */
  readonly backend: string;
  /** As `StartedBackend.passedOver`; absent where there was no choice. */
  readonly passedOver?: string;
  /** @throws RefusedInputError with the model's own codes (`model-…`) */
  load(model: ModelFiles, description: NetworkDescription): Promise<LoadedNetwork>;
}
