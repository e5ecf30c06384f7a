// What runs the networks: a part of the worker that is loaded with the model.
import { backend, getBackend } from '@tensorflow/tfjs-core';
export { createSegmenter } from '@inner-ear-hydrops/core/segmentation';

export function contextLost(): boolean {
  if (getBackend() !== 'webgl') return false;
  const webgl = backend() as { getGPGPUContext?: () => { gl: WebGLRenderingContext } };
  return webgl.getGPGPUContext?.().gl.isContextLost() ?? false;
}
