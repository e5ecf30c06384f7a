import { ANATOMY } from '../types';
import { EARS, EAR_SIDES } from './ears';
import { METHODS, METHOD_KEYS } from './methods';
import { ORGANS, ORGAN_KEYS, SEGMENTS } from './organs';
import { LISTED_PARTS, PARTS, RESULT_PARTS } from './parts';
import { STRUCTURES, STRUCTURE_KEYS, STRUCTURE_SEGMENTS } from './structures';

test('numbers of segments are those of every stored result, and none is used twice', () => {
  const stored = SEGMENTS.map(({ label, number }) => [label, number]);
  // What is stored is read by these numbers. Add to the list; never change it.
  expect(stored).toEqual([
    ['Left cochlea', 1],
    ['Left vestibule', 2],
    ['Right cochlea', 3],
    ['Right vestibule', 4],
  ]);
  expect(STRUCTURE_SEGMENTS.map(({ number, ear, structure }) => [number, ear, structure])).toEqual([
    [9, 'left', 'lateralCanal'],
    [10, 'left', 'otherCanals'],
    [11, 'left', 'internalAuditoryCanal'],
    [12, 'right', 'lateralCanal'],
    [13, 'right', 'otherCanals'],
    [14, 'right', 'internalAuditoryCanal'],
  ]);
  const used = ORGAN_KEYS.flatMap((organ) =>
    EAR_SIDES.flatMap((ear) => {
      const { number, endolymph } = ORGANS[organ].segments[ear];
      return [number, endolymph];
    })
  ).concat(STRUCTURE_SEGMENTS.map(({ number }) => number));
  expect(new Set(used).size).toBe(used.length);
  expect(Math.min(...used)).toBeGreaterThan(0);
  expect(Math.max(...used)).toBeLessThan(256);
});

test('every code names one thing, and DICOM has room for it', () => {
  const codes = [
    ...EAR_SIDES.map((ear) => EARS[ear].code),
    ...ORGAN_KEYS.flatMap((organ) => [ORGANS[organ].code, ORGANS[organ].endolymphCode]),
    ...STRUCTURE_KEYS.map((structure) => STRUCTURES[structure].code),
  ];
  expect(new Set(codes.map(({ scheme, value }) => `${scheme} ${value}`)).size).toBe(codes.length);
  // Code Value is SH, Code Meaning LO.
  expect(codes.filter(({ value, meaning }) => value.length > 16 || meaning.length > 64)).toEqual(
    []
  );
});

test('every organ and structure has a place in the anatomy of either ear, which no other structure has', () => {
  const highest = Math.max(...Object.values(ANATOMY));
  const places = [...ORGAN_KEYS, ...STRUCTURE_KEYS].map((key) => ANATOMY[key]);
  expect([...places].sort()).toEqual(Object.values(ANATOMY).filter((code) => code > 0));
  const [first, second] = EAR_SIDES.map((ear) => EARS[ear].anatomyOffset).sort((a, b) => a - b);
  expect(second! - first!).toBeGreaterThan(highest);
});

test('a part is stored after those that it refers to', () => {
  RESULT_PARTS.forEach((part, at) => {
    const needs: readonly string[] = PARTS[part].needs;
    for (const needed of needs) expect(RESULT_PARTS.slice(0, at)).toContain(needed);
  });
  expect([...LISTED_PARTS].sort()).toEqual([...RESULT_PARTS].sort());
});

test('every method measures a ratio, and reads MRC', () => {
  for (const method of METHOD_KEYS) {
    expect(METHODS[method].allows).toContain('ratio');
    expect(METHODS[method].roles).toContain('mrc');
  }
});
