import dcmjs from 'dcmjs';
import { textOf, type DicomJson, type JsonElement } from './dicomJson';
import type { InstanceIds } from './parseInstance';
import type { IndexedInstance, InstanceStore } from './store';

export type QueryLevel = 'study' | 'series' | 'instance';

/** A query that cannot be answered; becomes HTTP 400. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

// PS3.18 tables 10.6.3-3 to 10.6.3-5, and what OHIF shows in its lists besides.
const STUDY_TAGS = (
  '00080005 00080020 00080030 00080050 00080056 00080090 00080201 00081030 00100010 00100020 ' +
  '00100030 00100040 0020000D 00200010'
).split(' ');
const SERIES_TAGS = (
  '00080005 00080021 00080031 00080060 00080070 0008103E 00080201 00181030 0020000E 00200011 ' +
  '00400244 00400245'
).split(' ');
const INSTANCE_TAGS =
  '00080005 00080008 00080016 00080018 00080056 00080201 00200013 00280008 00280010 00280011 00280100'.split(
    ' '
  );

const LEVELS: Record<QueryLevel, { tags: string[]; key: keyof InstanceIds }> = {
  study: { tags: STUDY_TAGS, key: 'studyInstanceUid' },
  series: { tags: SERIES_TAGS, key: 'seriesInstanceUid' },
  instance: { tags: INSTANCE_TAGS, key: 'sopInstanceUid' },
};
/** Characters of a pattern, and of a value that it is compared with: those of ST and LT (PS3.5 table 6.2-1). */
const MAX_PATTERN = 1024;
const MAX_SEARCHED = 10_240;
const CONTROL = new Set(['limit', 'offset', 'includefield', 'fuzzymatching', 'orderby']);

/** Query parameters of a QIDO-RS request; a repeated parameter has several values. */
export type QueryParameters = Record<string, string | string[] | undefined>;

/**
 * QIDO-RS (PS3.18 section 10.6): the studies, series or instances within `scope` that match.
 * @param base address of the service, for Retrieve URL.
 * @throws QueryError for a keyword or number that means nothing.
 */
export function query(
  store: InstanceStore,
  level: QueryLevel,
  scope: Partial<InstanceIds>,
  parameters: QueryParameters,
  base: string
): DicomJson[] {
  const include = includedTags(parameters);
  const filters = Object.entries(parameters)
    .filter(
      ([name, value]) => !CONTROL.has(name.toLowerCase()) && value !== undefined && value !== ''
    )
    .map(([name, value]) => ({ tag: tagOf(name), wanted: [value].flat().join(',') }));

  const groups = new Map<string, IndexedInstance[]>();
  for (const instance of store.list(scope)) {
    const key = instance[LEVELS[level].key];
    const group = groups.get(key);
    if (group) group.push(instance);
    else groups.set(key, [instance]);
  }
  const results: DicomJson[] = [];
  for (const group of groups.values()) {
    const answer = describe(level, scope, group, include, base);
    const searchable = { ...group[0]!.attributes, ...answer.all };
    if (filters.every(({ tag, wanted }) => matches(searchable[tag], wanted))) {
      results.push(answer.shown);
    }
  }
  results.sort((a, b) => order(a, level) - order(b, level));
  const offset = count(parameters.offset, 'offset') ?? 0;
  const limit = count(parameters.limit, 'limit') ?? results.length;
  return results.slice(offset, offset + limit);
}

function describe(
  level: QueryLevel,
  scope: Partial<InstanceIds>,
  group: IndexedInstance[],
  include: Set<string> | 'all',
  base: string
): { shown: DicomJson; all: DicomJson } {
  const first = group[0]!;
  const all: DicomJson = { ...first.attributes };
  const tags = new Set(LEVELS[level].tags);
  // A search over a wider scope says which study and series a match belongs to.
  if (level !== 'study' && scope.studyInstanceUid === undefined) addAll(tags, STUDY_TAGS);
  if (level === 'instance' && scope.seriesInstanceUid === undefined) addAll(tags, SERIES_TAGS);
  tags.add('0020000D');
  if (level !== 'study') tags.add('0020000E');

  const set = (tag: string, vr: string, value: unknown[]) => {
    all[tag] = value.length > 0 ? { vr, Value: value } : { vr };
    tags.add(tag);
  };
  let url = `${base}/studies/${first.studyInstanceUid}`;
  if (level === 'study') {
    set('00080061', 'CS', distinct(group, '00080060'));
    set('00080062', 'UI', distinct(group, '00080016'));
    set('00201206', 'IS', [new Set(group.map((instance) => instance.seriesInstanceUid)).size]);
    set('00201208', 'IS', [group.length]);
  } else {
    url += `/series/${first.seriesInstanceUid}`;
    if (level === 'series') set('00201209', 'IS', [group.length]);
    else url += `/instances/${first.sopInstanceUid}`;
  }
  set('00080056', 'CS', ['ONLINE']);
  set('00081190', 'UR', [url]);

  const shown: DicomJson = {};
  for (const tag of Object.keys(all).sort()) {
    if (include === 'all' || tags.has(tag) || include.has(tag)) shown[tag] = all[tag]!;
  }
  return { shown, all };
}

function addAll(set: Set<string>, values: string[]): void {
  for (const value of values) set.add(value);
}

function distinct(group: IndexedInstance[], tag: string): string[] {
  return [...new Set(group.map((instance) => textOf(instance.attributes, tag)))].filter(
    (text) => text !== ''
  );
}

function order(json: DicomJson, level: QueryLevel): number {
  if (level === 'study') return 0;
  return Number(textOf(json, level === 'series' ? '00200011' : '00200013') || 0);
}

function count(value: string | string[] | undefined, name: string): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = Number([value].flat()[0]);
  if (!Number.isInteger(number) || number < 0) {
    throw new QueryError(`"${String(value)}" is not a number of results (${name}).`);
  }
  return number;
}

function includedTags(parameters: QueryParameters): Set<string> | 'all' {
  const fields = [parameters.includefield ?? []].flat().flatMap((field) => field.split(','));
  if (fields.some((field) => field.toLowerCase() === 'all')) return 'all';
  return new Set(fields.filter((field) => field !== '').map((field) => tagOf(field)));
}

/** Tag of an attribute given as eight digits or as a keyword of the data dictionary. */
function tagOf(name: string): string {
  // An attribute inside a sequence is answered with the whole sequence left out, as we keep none.
  const last = name.split('.')[0]!;
  if (/^[0-9a-f]{8}$/i.test(last)) return last.toUpperCase();
  const { nameMap } = dcmjs.data.DicomMetaDictionary;
  // Own entries only: "constructor" is a name of every object.
  const entry = Object.hasOwn(nameMap, last) ? nameMap[last] : undefined;
  if (!entry) throw new QueryError(`"${name}" is not a DICOM attribute.`);
  return entry.tag.replace(/[^0-9A-Fa-f]/g, '').toUpperCase();
}

/** Attribute matching of PS3.4 section C.2.2.2: list of UIDs, range, wildcard, single value. */
function matches(element: JsonElement | undefined, wanted: string): boolean {
  if (wanted === '*') return true;
  const values = (element?.Value ?? []).map(valueText);
  const vr = element?.vr ?? '';
  if (vr === 'UI') return wanted.split(/[,\\]/).some((uid) => values.includes(uid.trim()));
  if (['DA', 'TM', 'DT'].includes(vr) && wanted.includes('-')) {
    const [from = '', to = ''] = wanted.split('-');
    return values.some((value) => value >= from && (to === '' || value.slice(0, to.length) <= to));
  }
  if (/[*?]/.test(wanted)) requireShort(wanted, values);
  return wanted
    .split(vr === 'PN' ? '\\' : /[,\\]/)
    .some((pattern) => values.some((value) => isLike(value, pattern)));
}

/** The time that wildcards take grows with both lengths. */
function requireShort(pattern: string, values: string[]): void {
  if (pattern.length > MAX_PATTERN) {
    throw new QueryError(`A query with wildcards has at most ${MAX_PATTERN} characters.`);
  }
  if (values.some((value) => value.length > MAX_SEARCHED)) {
    throw new QueryError(
      `Values of more than ${MAX_SEARCHED} characters are not searched with wildcards.`
    );
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Object.values(value).join('=');
  return String(value ?? '');
}

/**
 * Wildcard matching without regard to case: `*` any characters, `?` one. A regular expression with
 * many asterisks takes exponential time; here the last asterisk is all that is ever gone back to.
 */
function isLike(value: string, pattern: string): boolean {
  const text = [...value.toLowerCase()];
  const wanted = [...pattern.toLowerCase()];
  let at = 0;
  let next = 0;
  let asterisk = -1;
  let resume = 0;
  while (at < text.length) {
    if (wanted[next] === '*') {
      asterisk = next++;
      resume = at;
    } else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === text[at])) {
      next++;
      at++;
    } else if (asterisk >= 0) {
      next = asterisk + 1;
      at = ++resume;
    } else return false;
  }
  return wanted.slice(next).every((char) => char === '*');
}
