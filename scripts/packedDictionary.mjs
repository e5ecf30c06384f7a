// The data dictionary of dcmjs for browsers. dcmjs as a whole is a third of what they would load, and reading needs of it
// no more than tags, VRs and keywords.
import { createRequire } from 'node:module';
import { dictionary as generated } from 'dcmjs/dictionary';

/** Entries of these groups stand for all groups up to the second number. */
const RANGES = [
  [0x5000, 0x50ff],
  [0x6000, 0x60ff],
  [0x7f00, 0x7fff],
];

/** The module that stands in the place of core/src/dicom/read/dictionary.ts, with the same exports. */
export function packedDictionary(root) {
  const { data } = createRequire(`${root}/core/package.json`)('dcmjs');
  const { dictionary, nameMap } = data.DicomMetaDictionary;
  const tags = new Set([
    ...Object.keys(generated).filter((tag) => /^\([0-9A-F]{4},[0-9A-F]{4}\)$/.test(tag)),
    ...Object.values(nameMap).map(({ tag }) => tag),
  ]);
  const known = [...tags].sort().filter((tag) => dictionary[tag]);
  const own = Object.fromEntries(
    Object.entries(nameMap)
      .filter(([name, { tag }]) => dictionary[tag]?.name !== name)
      .map(([name, { tag }]) => [name, tag])
  );
  if (known.length < 5000) throw new Error(`dcmjs' dictionary has only ${known.length} entries.`);
  return `
let entries, tags;
function unpack() {
  entries = new Map();
  tags = new Map(Object.entries(${JSON.stringify(own)}));
  let group = '';
  let element = 0;
  for (const line of ${JSON.stringify(packed(known, dictionary))}.split('\\n')) {
    if (line[0] === '(') {
      group = line.slice(1);
      element = 0;
      continue;
    }
    const at = line.search(/\\D/);
    element += Number(line.slice(0, at));
    const hex = element.toString(16).toUpperCase().padStart(4, '0');
    const entry = { vr: line.slice(at, at + 2), name: line.slice(at + 2) };
    entries.set(group + hex, entry);
    tags.set(entry.name, '(' + group + ',' + hex + ')');
  }
}
export function entryOfTag(tag) {
  if (!entries) unpack();
  const found = entries.get(tag);
  if (found) return found;
  const group = parseInt(tag.slice(0, 4), 16);
  const range = ${JSON.stringify(RANGES)}.find(([from, to]) => group >= from && group <= to);
  return range && entries.get(range[0].toString(16).toUpperCase() + tag.slice(4));
}
export function tagOfKeyword(keyword) {
  if (!entries) unpack();
  return tags.get(keyword);
}`;
}

/** For each group a line "(0010", then for each element how far it is from the last, its VR and keyword. */
function packed(tags, dictionary) {
  let group = '';
  let last = 0;
  return tags
    .flatMap((tag) => {
      const element = parseInt(tag.slice(6, 10), 16);
      const head = tag.slice(1, 5) === group ? [] : [tag.slice(0, 5)];
      if (head.length > 0) last = 0;
      group = tag.slice(1, 5);
      const { vr, name } = dictionary[tag];
      const line = `${element - last}${vr}${name}`;
      last = element;
      return [...head, line];
    })
    .join('\n');
}
