import * as z from 'zod/mini';
import {
  DEFAULT_ROLE_RULES,
  readSettings,
  roleRulesSchema,
  setting,
} from '@inner-ear-hydrops/core';
import { INITIAL_STATE, type SavePart } from './state/HydropsState';
import { fromViewer, isAddress, shippedModel } from './worker/addresses';
import type { CustomizationService } from './host/types';

/** The value of `window.config` field and customization `innerEarHydrops`. */
const CONFIG_KEY = 'innerEarHydrops';

const yesNo = setting('true or false', z.boolean());
/** Browsers take a longer wait for none at all. */
const MAX_WAIT_MS = 2 ** 31 - 1;

const schema = z.object({
  /** Address of the model's manifest.json; a relative one counts from the viewer's own address on; may pin it (`splitPin`). */
  modelUrl: setting(
    'the address of a manifest.json',
    z.string().check(
      z.minLength(1),
      z.refine((url) => isAddress(url), { error: 'it cannot be read as an address' })
    )
  ),
  /** `auto`: WebGL on a real GPU, WASM otherwise. */
  backend: setting('one of auto, webgl, wasm', z.enum(['auto', 'webgl', 'wasm'])),
  /** Rules for telling series' roles; null for the built-in rules. */
  roleRules: roleRulesSchema,
  /** Restore the newest stored result when a study is opened, instead of offering it. */
  autoRestore: yesNo,
  /** Milliseconds without an answer after which reading or storing is given up. */
  archiveTimeout: setting(
    `a number of milliseconds from 1 to ${MAX_WAIT_MS}`,
    z.number().check(z.gte(1), z.lte(MAX_WAIT_MS))
  ),
  /** Stored with a result as its author, when the site's login gives no name. */
  readerName: setting(
    'null or a name such as "Family^Given" (at most 64 characters, no backslash)',
    z.nullable(z.string().check(z.maxLength(64), z.regex(/^[^\\\p{Cc}]*$/u)))
  ),
  /** Whether Save results stores each part, until the reader chooses otherwise. */
  saveParts: z.object({
    hydrops: yesNo,
    'hydrops-mi2': yesNo,
    segmentation: yesNo,
    report: yesNo,
    summary: yesNo,
    'parametric-map': yesNo,
  } satisfies Record<SavePart, typeof yesNo>),
  /** `labelmap` for archives and workstations that prefer it. */
  segmentationType: setting('one of binary, labelmap', z.enum(['binary', 'labelmap'])),
  /** Attempts to store an object before the reader is told. */
  storeAttempts: setting('a whole number from 1 to 100', z.int().check(z.gte(1), z.lte(100))),
  /** Keep results in the browser until the archive has confirmed them. */
  keepUnsaved: yesNo,
  /** Steps and durations in the browser's console; also by `localStorage['inner-ear-hydrops.debug'] = '1'`. */
  debug: yesNo,
});

/**
 * What a site can set: `window.config.innerEarHydrops = {…}`, or the customization
 * `innerEarHydrops`, which wins field by field.
 */
export type HydropsConfig = z.output<typeof schema>;

export const DEFAULT_CONFIG: HydropsConfig = {
  modelUrl: shippedModel(),
  backend: 'auto',
  roleRules: DEFAULT_ROLE_RULES,
  autoRestore: false,
  archiveTimeout: 30_000,
  readerName: null,
  saveParts: INITIAL_STATE.saveParts,
  segmentationType: 'binary',
  storeAttempts: 3,
  keepUnsaved: true,
  debug: false,
};

/** Fields of a customization that are the host's own. */
const OF_THE_HOST = ['id', 'inheritsFrom', 'customizationType', '$transform'];

/**
 * The settings in force (`modelUrl` in full), and a sentence for each that was not taken. Never throws: a wrong setting
 * costs only itself.
 *
 * @param appConfig the application's configuration as the host hands it to extensions.
 */
export function readConfig(
  appConfig: Record<string, unknown> | undefined,
  customizationService: CustomizationService | undefined
): { config: HydropsConfig; problems: string[] } {
  const ofSite = readSettings(schema, appConfig?.[CONFIG_KEY], DEFAULT_CONFIG, CONFIG_KEY);
  const problems = [...ofSite.problems];
  let given: unknown;
  try {
    given = withoutHostFields(customizationService?.getCustomization(CONFIG_KEY));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    problems.push(`The customization ${CONFIG_KEY} could not be read (${words}).`);
  }
  const path = `customization ${CONFIG_KEY}`;
  const ofCustomization = readSettings(schema, given, ofSite.value, path);
  const config = ofCustomization.value;
  return {
    config: { ...config, modelUrl: fromViewer(config.modelUrl) },
    problems: [...problems, ...ofCustomization.problems],
  };
}

function withoutHostFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !OF_THE_HOST.includes(name)));
}
