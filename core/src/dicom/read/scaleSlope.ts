import type { ElementSet } from './elements';
import { readValue } from './elementValue';
import type { Part10File } from './part10';

const CREATOR = 'Philips MR Imaging DD 001';
const PER_FRAME = '52009230';
const SHARED = '52009229';

/**
 * Philips' Scale Slope (2005,100E) of a frame (0-based): measured signal = stored value / Scale Slope, whatever
 * Rescale Slope says for display (Chenevert et al., Transl Oncol 2014;7:65). Null where there is none above zero.
 */
export function scaleSlope({ elements, bytes }: Part10File, frame: number): number | null {
  const perFrame = elements.elements.get(PER_FRAME)?.items?.[frame];
  const shared = elements.elements.get(SHARED)?.items?.[0];
  for (const set of [perFrame, shared, elements]) {
    const found = set ? (inSet(set, bytes) ?? inPrivateItem(set, bytes)) : null;
    if (found !== null) return found;
  }
  return null;
}

/** Enhanced MR keeps Philips' attributes of a frame in a sequence of their own, (2005,xx0F). */
function inPrivateItem(set: ElementSet, bytes: Uint8Array): number | null {
  for (const [tag, { items }] of set.elements) {
    if (!/^2005..0F$/.test(tag) || !items?.[0]) continue;
    const found = inSet(items[0], bytes);
    if (found !== null) return found;
  }
  return null;
}

function inSet(set: ElementSet, bytes: Uint8Array): number | null {
  for (const [tag, creator] of set.elements) {
    if (!/^200500[1-9A-F].$/.test(tag) || readValue(creator, set, bytes).values[0] !== CREATOR) {
      continue;
    }
    const element = set.elements.get(`2005${tag.slice(6)}0E`);
    if (!element) continue;
    // Implicit data and archives without Philips' dictionary know no VR: the value is a 32-bit float.
    const vr = element.vr === 'UN' && element.length === 4 ? 'FL' : element.vr;
    const [value] = readValue({ ...element, vr }, set, bytes).values;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  }
  return null;
}
