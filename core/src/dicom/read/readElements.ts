import { textDecoding, ascii, type TextDecoding } from './characterSets';
import { HeaderReader, type Surroundings } from './elementHeader';
import {
  isKnownVr,
  ITEM,
  ITEM_END,
  PIXEL_DATA,
  SEQUENCE_END,
  SPECIFIC_CHARACTER_SET,
  tagText,
  UNDEFINED_LENGTH,
  type DataElement,
  type ElementSet,
  type Encoding,
  type Fragments,
} from './elements';

/** Where the reading of a file ended before its end. */
export interface Stop {
  tag: string;
  /** `cut`: the file ends within the element; `damaged`: what stands there is no element. */
  kind: 'cut' | 'damaged';
  reason: string;
}

export interface ReadElements extends ElementSet {
  /** Null when every element was read. */
  stop: Stop | null;
  /** Behind the last element. */
  offset: number;
}

/** Deepest nesting of sequences; structured reports have about ten. */
const MAX_DEPTH = 32;
const IMPLICIT: Encoding = { littleEndian: true, explicit: false };

/**
 * The elements of a data set from `offset` on, as far as they can be read. A value is not looked at,
 * and a fault within a sequence of stated length stays there (`problem`): it is stepped over.
 *
 * @param group only elements of this group (0002, the file meta information)
 */
export function readElements(
  bytes: Uint8Array,
  offset: number,
  encoding: Encoding,
  group: string | null = null
): ReadElements {
  return new ElementReader(bytes, offset).readAll(encoding, group);
}

class StopError extends Error {
  constructor(
    readonly kind: Stop['kind'],
    message: string
  ) {
    super(message);
  }
}

class ElementReader {
  private readonly headers: HeaderReader;
  private tag = '';

  constructor(
    private readonly bytes: Uint8Array,
    private offset: number
  ) {
    this.headers = new HeaderReader(bytes);
  }

  readAll(encoding: Encoding, group: string | null): ReadElements {
    const set: ElementSet = { elements: new Map(), encoding, text: textDecoding([]) };
    const end = this.bytes.length;
    let stop: Stop | null = null;
    try {
      this.readSet(set, { encoding, end, delimited: false, outermost: true }, 0, group);
    } catch (error) {
      if (!(error instanceof StopError)) throw error;
      stop = { tag: this.tag, kind: error.kind, reason: error.message };
    }
    return { ...set, stop, offset: this.offset };
  }

  private readSet(set: ElementSet, among: Surroundings, depth: number, group: string | null): void {
    const { littleEndian } = among.encoding;
    let previous: DataElement | null = null;
    while (this.offset < among.end) {
      if (this.offset + 8 > among.end) return this.leaveRest(among);
      const at = this.offset;
      const tag = this.headers.tagAt(at, littleEndian);
      if (group !== null && !tag.startsWith(group)) return;
      if (tag === ITEM_END && !among.outermost) {
        this.offset += 8;
        return;
      }
      if (tag.startsWith('0000') || tag.startsWith('FFFE')) return this.leaveRest(among);
      this.tag = tag;
      const element = this.readElement(set, tag, among, depth);
      this.keep(set, element, previous);
      previous = element;
    }
    if (among.delimited) throw new StopError('cut', 'the item does not end');
  }

  /** Zeros may follow the last element; anything else means that the place is lost. */
  private leaveRest(among: Surroundings): void {
    const rest = this.bytes.subarray(this.offset, among.end);
    if (!among.outermost || rest.some((byte) => byte !== 0)) {
      throw rest.length < 8
        ? new StopError('cut', 'the element is too short to hold its length')
        : new StopError('damaged', `there is no element at byte ${this.offset}`);
    }
    this.offset = among.end;
  }

  private keep(set: ElementSet, element: DataElement, previous: DataElement | null): void {
    const { tag } = element;
    const twin = set.elements.get(tag);
    if (twin && !this.isSame(twin, element)) {
      twin.problem = 'is present twice with different values';
      return;
    }
    if (previous && tag < previous.tag) {
      element.outOfOrder = true;
      previous.outOfOrder = true;
    }
    set.elements.set(tag, element);
    if (tag === SPECIFIC_CHARACTER_SET && element.problem === null) {
      const value = this.bytes.subarray(element.offset, element.offset + element.length);
      set.text = textDecoding(ascii(value).replace(/\0/g, '').split('\\'));
    }
  }

  private isSame(a: DataElement, b: DataElement): boolean {
    if (a.length !== b.length || a.items || b.items || a.fragments || b.fragments) return false;
    for (let n = 0; n < a.length; n++) {
      if (this.bytes[a.offset + n] !== this.bytes[b.offset + n]) return false;
    }
    return true;
  }

  private readElement(
    set: ElementSet,
    tag: string,
    among: Surroundings,
    depth: number
  ): DataElement {
    if (tag === PIXEL_DATA && depth === 0) return this.readPixelData(among);
    const header = this.headers.read(this.offset, tag, among);
    if (!header) {
      throw among.end === this.bytes.length
        ? new StopError('cut', 'the file ends within its value')
        : new StopError('damaged', 'it is longer than the item or file that holds it');
    }
    const statedVr = among.encoding.explicit
      ? String.fromCharCode(this.bytes[this.offset + 4]!, this.bytes[this.offset + 5]!)
      : '';
    this.offset = header.valueAt;
    const element: DataElement = {
      tag,
      vr: header.vr,
      offset: header.valueAt,
      length: header.length,
      problem: header.problem,
    };
    const undefinedLength = header.length === UNDEFINED_LENGTH;
    const isSequence = header.vr === 'SQ' || (undefinedLength && !['OB', 'OW'].includes(header.vr));
    if (isSequence && header.problem === null) {
      element.vr = 'SQ';
      // PS3.5 6.2.2: a sequence that went through a system without its VR is implicit little endian.
      const unknown = among.encoding.explicit && statedVr === 'UN';
      const inner = unknown ? this.encodingOfUnknown(header.valueAt) : among.encoding;
      this.readSequence(element, set.text, inner, among, depth);
    } else if (undefinedLength) {
      element.fragments = this.readFragments(among);
      element.length = this.offset - element.offset;
    } else {
      this.offset = header.valueAt + header.length;
      if (header.problem && header.vr === 'SQ') element.items = [];
    }
    return element;
  }

  private readSequence(
    element: DataElement,
    text: TextDecoding,
    encoding: Encoding,
    among: Surroundings,
    depth: number
  ): void {
    const stated = element.length;
    const isOpen = stated === UNDEFINED_LENGTH;
    const end = isOpen ? among.end : element.offset + stated;
    const { tag } = element;
    element.items = [];
    try {
      this.readItems(element.items, text, encoding, { end, isOpen }, depth);
    } catch (error) {
      if (isOpen || !(error instanceof StopError)) throw error;
      element.items = [];
      element.problem = `cannot be read: ${error.message} (${tagText(this.tag)})`;
      this.offset = end;
    }
    this.tag = tag;
    element.length = this.offset - element.offset;
  }

  private readItems(
    items: ElementSet[],
    text: TextDecoding,
    encoding: Encoding,
    sequence: { end: number; isOpen: boolean },
    depth: number
  ): void {
    if (depth >= MAX_DEPTH)
      throw new StopError('damaged', `sequences nest deeper than ${MAX_DEPTH}`);
    while (this.offset < sequence.end) {
      if (this.offset + 8 > sequence.end) throw new StopError('cut', 'its items do not end');
      const tag = this.headers.tagAt(this.offset, encoding.littleEndian);
      const length = this.u32(this.offset + 4, encoding.littleEndian);
      if (tag === SEQUENCE_END) {
        this.offset += 8;
        return;
      }
      if (tag !== ITEM) {
        throw new StopError('damaged', `${tagText(tag)} is in the place of an item`);
      }
      this.offset += 8;
      const delimited = length === UNDEFINED_LENGTH;
      const end = delimited ? sequence.end : this.offset + length;
      if (end > sequence.end) throw new StopError('cut', 'an item is longer than its sequence');
      const item: ElementSet = { elements: new Map(), encoding, text };
      this.readSet(item, { encoding, end, delimited, outermost: false }, depth + 1, null);
      if (!delimited && this.offset !== end) {
        throw new StopError('damaged', 'an item ends before its length');
      }
      items.push(item);
    }
    if (sequence.isOpen) throw new StopError('cut', 'its items do not end');
  }

  /** Some writers keep the explicit VRs inside: the first element shows it. */
  private encodingOfUnknown(at: number): Encoding {
    const first = at + 8;
    if (first + 8 > this.bytes.length) return IMPLICIT;
    const vr = String.fromCharCode(this.bytes[first + 4]!, this.bytes[first + 5]!);
    return { littleEndian: true, explicit: isKnownVr(vr) };
  }

  private readPixelData(among: Surroundings): DataElement {
    const { littleEndian, explicit } = among.encoding;
    const valueAt = this.offset + (explicit ? 12 : 8);
    if (valueAt > among.end) throw new StopError('cut', 'the file ends before its value');
    const vr = explicit
      ? String.fromCharCode(this.bytes[this.offset + 4]!, this.bytes[this.offset + 5]!)
      : 'OW';
    const length = this.u32(valueAt - 4, littleEndian);
    const element: DataElement = { tag: PIXEL_DATA, vr, offset: valueAt, length, problem: null };
    this.offset = valueAt;
    if (length === UNDEFINED_LENGTH) {
      element.fragments = this.readFragments(among);
      element.length = this.offset - valueAt;
    } else {
      // The rest of a file that was cut off: the reader of the pixels compares the two.
      this.offset = Math.min(valueAt + length, among.end);
    }
    return element;
  }

  private readFragments(among: Surroundings): Fragments {
    const fragments: Fragments = { offsetTable: [], list: [], complete: false };
    let first: number | null = null;
    while (this.offset + 8 <= among.end) {
      const at = this.offset;
      const tag = this.headers.tagAt(at, true);
      const length = this.u32(at + 4, true);
      if (tag !== ITEM) {
        if (tag !== SEQUENCE_END) break;
        fragments.complete = true;
        this.offset += 8;
        return fragments;
      }
      const valueAt = at + 8;
      if (valueAt + length > among.end) break;
      this.offset = valueAt + length;
      if (first === null) {
        for (let n = 0; n + 4 <= length; n += 4) {
          fragments.offsetTable.push(this.u32(valueAt + n, true));
        }
        first = this.offset;
      } else {
        fragments.list.push({ offset: valueAt, length, start: at - first });
      }
    }
    if (!among.outermost) throw new StopError('cut', 'encapsulated data does not end');
    // Nothing can follow; the reader of the pixels says what is missing.
    this.offset = among.end;
    return fragments;
  }

  private u32(at: number, littleEndian: boolean): number {
    const b = this.bytes;
    const value = littleEndian
      ? b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)
      : b[at + 3]! | (b[at + 2]! << 8) | (b[at + 1]! << 16) | (b[at]! << 24);
    return value >>> 0;
  }
}
