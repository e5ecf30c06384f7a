import {
  dictionaryVr,
  isKnownVr,
  isLongForm,
  isPrivate,
  ITEM,
  ITEM_END,
  SEQUENCE_END,
  UNDEFINED_LENGTH,
  type Encoding,
} from './elements';

/** Where an element's value lies and how it is to be read. */
export interface ElementHeader {
  vr: string;
  valueAt: number;
  length: number;
  problem: string | null;
}

/** What holds an element: a data set, or an item of a sequence. */
export interface Surroundings {
  encoding: Encoding;
  /** No element of the set goes beyond. */
  end: number;
  /** An item of undefined length ends with a delimiter before `end`. */
  delimited: boolean;
  /** What `end` is: that of the file, or of an item. */
  outermost: boolean;
}

/** Bytes that are searched for the element after an element whose length is wrong. */
const MAX_SEARCH_LENGTH = 1 << 16;
/** Elements in a row that fit, before a place is taken for the next element. */
const CHAIN = 3;

/**
 * Reads element headers (PS3.5 7.1) in files that are not quite right: unknown VRs, the wrong form
 * of a known one, and lengths that are wrong. What follows an element decides: after a right one
 * stands another element with a greater tag, or the end.
 */
export class HeaderReader {
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  tagAt(at: number, littleEndian: boolean): string {
    const number =
      this.view.getUint16(at, littleEndian) * 0x10000 + this.view.getUint16(at + 2, littleEndian);
    return number.toString(16).toUpperCase().padStart(8, '0');
  }

  /** The header of the element at `at`, or null where none can be made out. */
  read(at: number, tag: string, among: Surroundings): ElementHeader | null {
    const forms = this.forms(at, tag, among);
    const [stated] = forms;
    const good = forms.find((form) => this.isFollowed(form, tag, among, true));
    if (good) return good === stated ? this.withoutSwallowed(good, tag, among) : good;
    if (stated && this.isFollowed(stated, tag, among, false)) return stated;
    for (const form of forms) {
      const next = this.findNext(form.valueAt, tag, among);
      if (next !== null) return damaged(form, next - form.valueAt);
    }
    return stated && this.fits(stated, among) ? stated : null;
  }

  /** Whether a few elements in a row start at `at`. */
  isWellPlaced(at: number, among: Surroundings): boolean {
    return this.isChain(at, '00000000', among, CHAIN);
  }

  /** As stated first, then as other writers' faults would have it. */
  private forms(at: number, tag: string, among: Surroundings): ElementHeader[] {
    const { littleEndian, explicit } = among.encoding;
    const known = dictionaryVr(tag);
    if (!explicit) {
      if (at + 8 > among.end) return [];
      const length = this.view.getUint32(at + 4, littleEndian);
      return withOdd({ vr: known ?? 'UN', valueAt: at + 8, length, problem: null });
    }
    if (at + 8 > among.end) return [];
    const statedVr = String.fromCharCode(this.bytes[at + 4]!, this.bytes[at + 5]!);
    const vr = isKnownVr(statedVr) && statedVr !== 'UN' ? statedVr : (known ?? 'UN');
    const short: ElementHeader = {
      vr,
      valueAt: at + 8,
      length: this.view.getUint16(at + 6, littleEndian),
      problem: null,
    };
    const forms = [short];
    if (at + 12 <= among.end) {
      const length = this.view.getUint32(at + 8, littleEndian);
      const long = { vr, valueAt: at + 12, length, problem: null };
      // New VRs have the long form (PS3.5 6.2).
      const isLong = isKnownVr(statedVr) ? isLongForm(statedVr) : /^[A-Z]{2}$/.test(statedVr);
      if (isLong) forms.unshift(long);
      else forms.push(long);
    }
    return forms.flatMap(withOdd);
  }

  private fits(header: ElementHeader, among: Surroundings): boolean {
    return (
      header.valueAt <= among.end &&
      (header.length === UNDEFINED_LENGTH || header.valueAt + header.length <= among.end)
    );
  }

  private isFollowed(
    header: ElementHeader,
    tag: string,
    among: Surroundings,
    strictly: boolean
  ): boolean {
    if (!this.fits(header, among)) return false;
    const { littleEndian } = among.encoding;
    if (header.length === UNDEFINED_LENGTH) {
      if (header.valueAt + 8 > among.end) return false;
      const first = this.tagAt(header.valueAt, littleEndian);
      return first === ITEM || first === SEQUENCE_END;
    }
    return this.mayStand(header.valueAt + header.length, tag, among, strictly);
  }

  /** Whether at `at` stands an element behind `tag`, or the end of the set. */
  private mayStand(at: number, tag: string, among: Surroundings, strictly: boolean): boolean {
    if (at === among.end) return !among.delimited;
    if (at + 8 > among.end) return among.outermost && this.isZero(at, among.end);
    const { littleEndian, explicit } = among.encoding;
    const next = this.tagAt(at, littleEndian);
    if (next === ITEM_END) return !among.outermost;
    if (next.startsWith('0000')) return among.outermost && this.isZero(at, among.end);
    if (next.startsWith('FFFE')) return false;
    const inOrder = next > tag;
    const vr = explicit ? String.fromCharCode(this.bytes[at + 4]!, this.bytes[at + 5]!) : '';
    if (strictly && explicit) return inOrder && isKnownVr(vr);
    const known = isPrivate(next) || dictionaryVr(next) !== null;
    // Without order it takes a VR, and without a VR something right behind.
    if (!strictly) {
      if (!known || isKnownVr(vr)) return known;
      const forms = inOrder ? this.forms(at, next, among) : [];
      return forms.some((form) => this.isFollowed(form, next, among, true));
    }
    const length = this.view.getUint32(at + 4, littleEndian);
    return inOrder && known && (length === UNDEFINED_LENGTH || at + 8 + length <= among.end);
  }

  /** The next place from `from` on where several elements stand in a row. */
  private findNext(from: number, tag: string, among: Surroundings): number | null {
    const last = Math.min(among.end - 8, from + MAX_SEARCH_LENGTH);
    for (let at = from; at <= last; at += 2) {
      if (this.isChain(at, tag, among, CHAIN)) return at;
    }
    return null;
  }

  private isChain(at: number, tag: string, among: Surroundings, count: number): boolean {
    if (!this.mayStand(at, tag, among, true)) return false;
    if (count === 0 || at + 8 > among.end) return true;
    const { littleEndian } = among.encoding;
    const next = this.tagAt(at, littleEndian);
    if (next === ITEM_END || next.startsWith('0000')) return true;
    const form = this.forms(at, next, among)[0];
    if (!form || !this.fits(form, among)) return false;
    if (form.length === UNDEFINED_LENGTH) return this.isFollowed(form, next, among, true);
    return this.isChain(form.valueAt + form.length, next, among, count - 1);
  }

  /**
   * A length that is too great by just the elements that follow hides them. No value ends with
   * elements in order that lead up to the next element, so such a length is taken for wrong.
   */
  private withoutSwallowed(header: ElementHeader, tag: string, among: Surroundings): ElementHeader {
    const { length, valueAt } = header;
    if (
      length === UNDEFINED_LENGTH ||
      length < 8 ||
      length > MAX_SEARCH_LENGTH ||
      header.vr === 'SQ'
    ) {
      return header;
    }
    const { littleEndian } = among.encoding;
    const end = valueAt + length;
    const group = parseInt(tag.slice(0, 4), 16);
    const following = end + 8 <= among.end ? this.tagAt(end, littleEndian) : ITEM_END;
    const lastGroup = parseInt(following.slice(0, 4), 16);
    for (let at = valueAt; at + 8 <= end; at += 2) {
      const candidate = this.view.getUint16(at, littleEndian);
      if (candidate < group || candidate > lastGroup) continue;
      if (this.leadsTo(at, end, tag, following, among)) return damaged(header, at - valueAt);
    }
    return header;
  }

  private leadsTo(
    from: number,
    end: number,
    before: string,
    following: string,
    among: Surroundings
  ): boolean {
    let tag = before;
    let at = from;
    while (at < end) {
      if (!this.mayStand(at, tag, { ...among, end, delimited: false, outermost: false }, true))
        return false;
      const next = this.tagAt(at, among.encoding.littleEndian);
      if (next >= following) return false;
      const form = this.forms(at, next, among)[0];
      if (!form || form.length === UNDEFINED_LENGTH) return false;
      tag = next;
      at = form.valueAt + form.length;
    }
    return at === end;
  }

  private isZero(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.bytes[at] !== 0) return false;
    return true;
  }
}

/** Odd lengths are padded by some writers without being counted; an old writer states 13 for 10. */
function withOdd(header: ElementHeader): ElementHeader[] {
  if (header.length === UNDEFINED_LENGTH || header.length % 2 === 0) return [header];
  const padded = { ...header, length: header.length + 1 };
  return header.length === 13 ? [header, padded, { ...header, length: 10 }] : [header, padded];
}

function damaged(header: ElementHeader, length: number): ElementHeader {
  const problem = `states a length of ${header.length} bytes where there are ${length}`;
  return { ...header, length, problem };
}
