import { version_cpu } from '@tensorflow/tfjs-backend-cpu';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { version_webgl } from '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import { RefusedInputError } from '../types';
import { registerFastConcat } from './wasmConcat';

export type BackendChoice = 'webgl' | 'wasm' | 'cpu' | 'auto';

export interface BackendOptions {
  /** `auto`: WebGL where a real GPU renders, otherwise WASM, otherwise plain JavaScript. */
  backend: BackendChoice;
  /** Folder (with a trailing slash) of the `tfjs-backend-wasm*.wasm` files; needed for WASM. */
  wasmPath?: string;
  /** Threads of the WASM backend; they need cross-origin isolation. Default: half the cores. */
  wasmThreads?: number;
  /** WebGL is passed over where textures cannot be this wide. */
  minimumTextureSize?: number;
}

/**
 * Makes a tfjs backend ready and says which backend it is, e.g. "wasm (2 threads)" or
 * "webgl (NVIDIA …)". Safe to call again: a backend that runs stays.
 * @throws RefusedInputError `backend-unavailable` when a forced backend cannot start
 */
export async function setUpBackend(options: BackendOptions): Promise<string> {
  if (options.wasmPath) wasm.setWasmPaths(options.wasmPath);
  if (options.wasmThreads) wasm.setThreadsCount(options.wasmThreads);
  const choices: ('webgl' | 'wasm' | 'cpu')[] =
    options.backend === 'auto'
      ? isRealGpu(options.minimumTextureSize)
        ? ['webgl', 'wasm', 'cpu']
        : ['wasm', 'cpu']
      : [options.backend];
  const failures: string[] = [];
  for (const name of choices) {
    try {
      if (tf.getBackend() === name || (await tf.setBackend(name))) {
        await tf.ready();
        if (name === 'wasm') registerFastConcat();
        return describe(name);
      }
      failures.push(name);
    } catch (error) {
      failures.push(`${name} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  throw new RefusedInputError(
    'backend-unavailable',
    `The network cannot run: ${failures.join(', ')} could not start here.`,
    'Choose another backend in the configuration (auto, wasm, webgl or cpu), and check that the ' +
      'tfjs-backend-wasm files are served beside the worker.',
    // Naming the versions also keeps bundlers from dropping the backends, which register
    // themselves when imported but whose packages declare their files free of side effects.
    { backend: options.backend, cpu: version_cpu, webgl: version_webgl, wasm: wasm.version_wasm }
  );
}

function describe(name: 'webgl' | 'wasm' | 'cpu'): string {
  if (name === 'webgl') return `webgl (${renderer()?.name ?? 'unknown renderer'})`;
  if (name === 'cpu') return 'cpu (JavaScript)';
  const threads = wasmThreads();
  return `wasm (${threads} ${threads === 1 ? 'thread' : 'threads'})`;
}

function wasmThreads(): number {
  try {
    return Math.max(wasm.getThreadsCount(), 1);
  } catch {
    return 1;
  }
}

/** True where WebGL is drawn by a graphics processor and not by a program on the CPU. */
function isRealGpu(minimumTextureSize = 0): boolean {
  const found = renderer();
  if (!found || found.maximumTextureSize < minimumTextureSize) return false;
  return !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(found.name);
}

let cachedRenderer: { name: string; maximumTextureSize: number } | null | undefined;

function renderer(): { name: string; maximumTextureSize: number } | null {
  if (cachedRenderer === undefined) cachedRenderer = askRenderer();
  return cachedRenderer;
}

function askRenderer(): { name: string; maximumTextureSize: number } | null {
  if (typeof OffscreenCanvas === 'undefined') return null;
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!context) return null;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name = context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  const maximumTextureSize = Number(context.getParameter(context.MAX_TEXTURE_SIZE));
  // Browsers hold few contexts at a time: give this context back.
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return { name: String(name), maximumTextureSize };
}
