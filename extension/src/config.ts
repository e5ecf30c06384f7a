import type { BackendChoice } from './worker';
import { isSavePart } from './saving/parts';
import type { CustomizationService } from './hostTypes';
import type { SavePart } from './state';

/**
 * What a site can set: `window.config.innerEarHydrops = {…}`, or the customization
 * `innerEarHydrops`, which wins field by field.
 */
export interface HydropsConfig {
  /** Address of the model's manifest.json, absolute or relative to the page. */
  modelUrl: string;
  /** `auto`: WebGL on a real GPU, WASM otherwise. */
  backend: BackendChoice;
  /** Rules for telling series' roles, in the form of core's `RoleRules`; null for the built-in ones. */
  roleRules: unknown;
  /** Restore the newest stored result when a study is opened, instead of offering it. */
  autoRestore: boolean;
  /** Milliseconds without an answer after which reading or storing is given up. */
  archiveTimeout: number;
  /** Stored with a result as its author, when the site's login gives no name. */
  readerName: string | null;
  /** Whether Save results stores each part, until the reader chooses otherwise. */
  saveParts: Partial<Record<SavePart, boolean>>;
  /** `labelmap` for archives and workstations that prefer it. */
  segmentationType: 'binary' | 'labelmap';
  /** Attempts to store an object before the reader is told. */
  storeAttempts: number;
  /** Keep results in the browser until the archive has confirmed them. */
  keepUnsaved: boolean;
}

export const DEFAULT_CONFIG: HydropsConfig = {
  modelUrl: '/models/inner-ear-unet/manifest.json',
  backend: 'auto',
  roleRules: null,
  autoRestore: false,
  archiveTimeout: 30_000,
  readerName: null,
  saveParts: {},
  segmentationType: 'binary',
  storeAttempts: 3,
  keepUnsaved: true,
};

/** The value of `window.config` field and customization `innerEarHydrops`. */
export const CONFIG_KEY = 'innerEarHydrops';

/** @param appConfig the application's configuration as the host hands it to extensions. */
export function readConfig(
  appConfig: Record<string, unknown> | undefined,
  customizationService: CustomizationService | undefined
): HydropsConfig {
  return {
    ...DEFAULT_CONFIG,
    ...valid(appConfig?.[CONFIG_KEY]),
    ...valid(customizationService?.getCustomization(CONFIG_KEY)),
  };
}

/** Fields of the right type; others are left to the default and named in the console. */
function valid(value: unknown): Partial<HydropsConfig> {
  if (value === null || typeof value !== 'object') return {};
  const given = value as Record<string, unknown>;
  const result: Partial<HydropsConfig> = {};
  const wrong: string[] = [];
  const take = <K extends keyof HydropsConfig>(key: K, isRight: (value: unknown) => boolean) => {
    if (given[key] === undefined) return;
    if (isRight(given[key])) result[key] = given[key] as HydropsConfig[K];
    else wrong.push(key);
  };
  take('modelUrl', (v) => typeof v === 'string' && v.length > 0);
  take('backend', (v) => v === 'auto' || v === 'webgl' || v === 'wasm');
  take('roleRules', (v) => typeof v === 'object');
  take('autoRestore', (v) => typeof v === 'boolean');
  take('archiveTimeout', (v) => typeof v === 'number' && v > 0);
  take('readerName', (v) => v === null || typeof v === 'string');
  take(
    'saveParts',
    (v) =>
      v !== null &&
      typeof v === 'object' &&
      Object.entries(v).every(([part, on]) => isSavePart(part) && typeof on === 'boolean')
  );
  take('segmentationType', (v) => v === 'binary' || v === 'labelmap');
  take('storeAttempts', (v) => Number.isInteger(v) && (v as number) > 0);
  take('keepUnsaved', (v) => typeof v === 'boolean');
  if (wrong.length > 0) {
    console.warn(
      `innerEarHydrops configuration: ignored ${wrong.join(', ')} (wrong type or value)`
    );
  }
  return result;
}
