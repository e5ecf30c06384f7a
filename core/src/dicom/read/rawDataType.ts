import { readValue } from './elementValue';
import type { Part10File } from './part10';

const CREATOR = 'GEMS_PARM_01';

/** Values of GE's Raw Data Type (0043,102F), in the words of Complex Image Component (0008,9208). */
const COMPONENTS = ['MAGNITUDE', 'PHASE', 'REAL', 'IMAGINARY'];

/**
 * Which part of the complex signal a GE image shows, by Raw Data Type (0043,102F), "Image Type" of the group's
 * GEMS_PARM_01 block: GE's Image Type (0008,0008) does not tell. Null where it is not stated.
 */
export function rawDataComponent({ elements: set, bytes }: Part10File): string | null {
  for (const [tag, creator] of set.elements) {
    if (!/^004300[1-9A-F].$/.test(tag) || readValue(creator, set, bytes).values[0] !== CREATOR) {
      continue;
    }
    const element = set.elements.get(`0043${tag.slice(6)}2F`);
    if (!element) continue;
    // Implicit data and archives without GE's dictionary know no VR: the value is a signed short.
    const vr = element.vr === 'UN' && element.length === 2 ? 'SS' : element.vr;
    const [value] = readValue({ ...element, vr }, set, bytes).values;
    return typeof value === 'number' ? (COMPONENTS[value] ?? null) : null;
  }
  return null;
}
