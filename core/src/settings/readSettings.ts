import * as z from 'zod/mini';
import { nearestName } from './nearestName';

// Zod's small build: these checks run on the viewer's main thread, whose bundle every user of a
// hospital's viewer downloads (13 kB, where the full build adds 440).

/** What a schema takes, in words that finish "… is not". */
const words = z.registry<{ allowed: string }>();

/**
 * A schema for one setting.
 * @param allowed what it takes, in words that finish "… is not": `one of auto, webgl, wasm`
 */
export function setting<S extends z.ZodMiniType>(allowed: string, schema: S): S {
  words.add(schema, { allowed });
  return schema;
}

export interface ReadSettings<T> {
  value: T;
  /** One sentence for each value or name that was not taken: its path, the value, what is allowed. */
  problems: string[];
}

type Schema = z.core.$ZodType;
type Group = Record<string, unknown>;

/** Stands for "no value could be read". */
const NOTHING = Symbol('nothing');

/**
 * Reads settings that people write by hand: each field by its own schema, so that a wrong field costs
 * only itself. Objects are read field by field, lists entry by entry; for a wrong value the fallback's
 * is used, for a wrong entry of a list the fallback's entries. `null` for an object counts as absent.
 *
 * @param given anything: what stands in the site's configuration
 * @param fallback complete and valid
 * @param path how the settings are called, for the sentences: `innerEarHydrops`
 */
export function readSettings<S extends z.ZodMiniObject>(
  schema: S,
  given: unknown,
  fallback: z.output<S>,
  path: string
): ReadSettings<z.output<S>> {
  const problems: string[] = [];
  const value = read(schema, given, { path, fallback, problems });
  return { value: z.parse(schema, value), problems };
}

interface Place {
  path: string;
  /** What is used for a wrong value; `NOTHING` inside an entry of a list. */
  fallback: unknown;
  problems: string[];
}

/** The value, the place's fallback, or `NOTHING` where there is neither. */
function read(schema: Schema, given: unknown, place: Place): unknown {
  if (given === undefined && place.fallback !== NOTHING) return place.fallback;
  if (schema instanceof z.ZodMiniObject) return readGroup(schema, given, place);
  if (schema instanceof z.ZodMiniArray) return readList(schema, given, place);
  if (schema instanceof z.ZodMiniNullable && given !== null && place.fallback !== null) {
    const inner: Schema = schema.def.innerType;
    if (inner instanceof z.ZodMiniObject) return readGroup(inner, given, place);
  }
  const parsed = z.safeParse(schema, given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  refuse(schema, given, place, issue?.code === 'custom' ? issue.message : '');
  return place.fallback;
}

function readGroup(schema: z.ZodMiniObject, given: unknown, place: Place): unknown {
  const { path, fallback, problems } = place;
  if (given === null && fallback !== NOTHING) return fallback;
  if (!isGroup(given)) {
    refuse(schema, given, place, '');
    return fallback;
  }
  const names = Object.keys(schema.shape);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    problems.push(
      `${path}.${name} is not a setting${near ? `; is "${near}" meant?` : `; there are ${names.join(', ')}.`}`
    );
  }
  const result: Group = {};
  for (const name of names) {
    const known = isGroup(fallback) ? fallback[name] : NOTHING;
    const place: Place = { path: `${path}.${name}`, fallback: known, problems };
    const value = read(schema.shape[name] as Schema, fieldOf(given, name, place), place);
    if (value === NOTHING) return NOTHING;
    result[name] = value;
  }
  return result;
}

/** A field of what a site wrote; one that throws when it is read costs only itself, as a wrong value does. */
function fieldOf(given: Group, name: string, { path, fallback, problems }: Place): unknown {
  try {
    return given[name];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    problems.push(`${path} could not be read (${words}); ${used(fallback)}.`);
    return fallback === NOTHING ? undefined : fallback;
  }
}

function readList(schema: z.ZodMiniArray, given: unknown, place: Place): unknown {
  const { path, fallback, problems } = place;
  if (!Array.isArray(given)) {
    refuse(schema, given, place, '');
    return fallback;
  }
  const entries = given.map((entry: unknown, index) =>
    read(schema.def.element, entry, { path: `${path}[${index}]`, fallback: NOTHING, problems })
  );
  const good = entries.filter((entry) => entry !== NOTHING);
  return good.length === entries.length ? good : [...good, ...(fallback as unknown[])];
}

function refuse(schema: Schema, given: unknown, place: Place, reason: string): void {
  const { path, fallback, problems } = place;
  const is = given === undefined ? 'is missing; it must be' : `${shown(given)} is not`;
  const consequence =
    fallback === NOTHING ? 'the built-in entries are used instead' : used(fallback);
  const why = reason ? ` (${reason})` : '';
  const colon = given === undefined ? ' ' : ': ';
  problems.push(`${path}${colon}${is} ${allowedBy(schema)}${why}; ${consequence}.`);
}

function allowedBy(schema: Schema): string {
  const known = words.get(schema)?.allowed;
  if (known) return known;
  if (schema instanceof z.ZodMiniObject) {
    return `an object with ${Object.keys(schema.shape).join(', ')}`;
  }
  if (schema instanceof z.ZodMiniArray) return 'a list';
  return 'of the right kind';
}

function used(fallback: unknown): string {
  const simple = fallback === null || typeof fallback !== 'object';
  return simple ? `${plain(fallback)} is used` : 'the built-in value is used';
}

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const SHOWN_LENGTH = 60;

/** A value as the site wrote it, cut where it is long. */
function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = String(value);
  }
  // JSON writes null for both.
  if (typeof value === 'number' && !Number.isFinite(value)) text = String(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : shown(value));
