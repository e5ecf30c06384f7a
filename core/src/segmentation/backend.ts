import type * as Wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { RefusedInputError } from '../types';
import { registerFastConcat } from './wasmConcat';

export type BackendChoice = 'webgl' | 'wasm' | 'cpu' | 'auto';

export interface BackendOptions {
  /** `auto`: WebGL where a real GPU renders, otherwise WASM, otherwise plain JavaScript. */
  backend: BackendChoice;
  /** Folder (with a trailing slash) of the `tfjs-backend-wasm*.wasm` files; needed for WASM. */
  wasmPath?: string;
  /**
   * Makes sure of one of these files, by its name, before tfjs loads it, which says neither which file is
   * missing nor why. What it throws becomes the reason of `backend-unavailable`.
   */
  prepareWasm?: (file: string) => Promise<void>;
  /** Threads of the WASM backend; they need cross-origin isolation. 1: the build without threads. Default: half the cores. */
  wasmThreads?: number;
  /** WebGL is passed over where textures cannot be this wide. */
  minimumTextureSize?: number;
}

export interface StartedBackend {
  /** e.g. "wasm (2 threads)" or "webgl (NVIDIA …)". */
  backend: string;
  /** With `auto`, in sentences: each faster backend that was not taken, and why. Empty: none. */
  passedOver: string;
}

/**
 * Makes a tfjs backend ready. Safe to call again: a backend that runs stays.
 * @throws RefusedInputError `backend-unavailable` when a forced backend cannot start
 */
export async function setUpBackend(options: BackendOptions): Promise<StartedBackend> {
  const isAuto = options.backend === 'auto';
  const noWebgl = isAuto ? whyNoWebgl(options.minimumTextureSize) : null;
  const choices: ('webgl' | 'wasm' | 'cpu')[] =
    options.backend === 'auto'
      ? noWebgl
        ? ['wasm', 'cpu']
        : ['webgl', 'wasm', 'cpu']
      : [options.backend];
  const failures: Failure[] = [];
  for (const name of choices) {
    try {
      await LOAD[name](options);
      if (tf.getBackend() !== name) {
        if (name === 'wasm') await options.prepareWasm?.(await wasmFile());
        if (!(await tf.setBackend(name))) throw new Error('it could not start here');
      }
      await tf.ready();
      if (name === 'wasm') registerFastConcat();
      const passedOver = [
        ...(noWebgl ? [`WebGL is not used: ${noWebgl}.`] : []),
        ...failures.map((failure) => `${LABEL[failure.name]} is not used: ${reasonOf(failure)}.`),
        ...(isAuto && name === 'cpu' ? [SLOW] : []),
      ];
      return { backend: describe(name), passedOver: passedOver.join(' ') };
    } catch (error) {
      failures.push({ name, error });
    }
  }
  throw unavailable(options.backend, failures);
}

/** Loaded once it is used. */
let wasm: typeof Wasm | null = null;

/** Only the code of a backend that may run is loaded; it registers itself. */
const LOAD: Record<Failure['name'], (options: BackendOptions) => Promise<void>> = {
  // It hands the smallest tensors to plain JavaScript.
  webgl: async () =>
    void (await Promise.all([
      LOAD.cpu({ backend: 'cpu' }),
      import('@tensorflow/tfjs-backend-webgl'),
    ])),
  wasm: async ({ wasmPath, wasmThreads }) => {
    wasm = await import('@tensorflow/tfjs-backend-wasm');
    if (wasmPath) wasm.setWasmPaths(wasmPath);
    if (wasmThreads) wasm.setThreadsCount(wasmThreads);
    // The backend registers the flag, so that nobody can set it before.
    if (wasmThreads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  },
  cpu: async () => void (await import('@tensorflow/tfjs-backend-cpu')),
};

interface Failure {
  name: 'webgl' | 'wasm' | 'cpu';
  error: unknown;
}

const SLOW = 'The network runs in plain JavaScript, which is many times slower.';
const LABEL: Record<Failure['name'], string> = { webgl: 'WebGL', wasm: 'WASM', cpu: 'JavaScript' };

function reasonOf({ error }: Failure): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/\.$/, '');
}

/** A file that is missing is named first: another backend would hide that the site lacks it. */
function unavailable(backend: BackendChoice, failures: readonly Failure[]): RefusedInputError {
  const reasons = failures.map((failure) => `${failure.name}: ${reasonOf(failure)}`);
  const refused = failures
    .map(({ error }) => error)
    .find((error) => error instanceof RefusedInputError);
  return new RefusedInputError(
    'backend-unavailable',
    `The network cannot run on ${reasons.join('; nor on ')}.`,
    refused?.remedy ?? OTHER_BACKEND[backend],
    { ...refused?.values, backend, tfjs: tf.version_core }
  );
}

const OTHER_BACKEND: Record<BackendChoice, string> = {
  webgl: 'Set backend to auto or wasm: this computer does not draw with WebGL.',
  wasm: 'Set backend to auto, and check that the tfjs-backend-wasm files are where they belong.',
  cpu: 'Set backend to auto.',
  auto: 'Use another browser, or report the message with the browser console.',
};

/** The file that tfjs chooses here. */
async function wasmFile(): Promise<string> {
  const [simd, threads] = await Promise.all([
    tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'),
    tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'),
  ]);
  if (!simd) return 'tfjs-backend-wasm.wasm';
  return threads ? 'tfjs-backend-wasm-threaded-simd.wasm' : 'tfjs-backend-wasm-simd.wasm';
}

function describe(name: 'webgl' | 'wasm' | 'cpu'): string {
  if (name === 'webgl') return `webgl (${renderer()?.name ?? 'unknown renderer'})`;
  if (name === 'cpu') return 'cpu (JavaScript)';
  const threads = wasmThreads();
  return `wasm (${threads} ${threads === 1 ? 'thread' : 'threads'})`;
}

function wasmThreads(): number {
  try {
    return Math.max(wasm?.getThreadsCount() ?? 1, 1);
  } catch {
    return 1;
  }
}

/** Null where WebGL is drawn by a graphics processor and not by a program on the CPU, which is slower than WASM. */
function whyNoWebgl(minimumTextureSize = 0): string | null {
  const found = renderer();
  if (!found) return 'this browser offers no WebGL 2 to background workers';
  if (/swiftshader|llvmpipe|softpipe|software|basic render/i.test(found.name)) {
    return `no graphics processor draws it here, but ${found.name}`;
  }
  if (found.maximumTextureSize >= minimumTextureSize) return null;
  return `textures of ${found.name} reach ${found.maximumTextureSize} pixels, and the model needs ${minimumTextureSize}`;
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
