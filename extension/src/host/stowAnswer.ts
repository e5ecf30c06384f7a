/** What an archive says of each instance of a STOW-RS request (PS3.18 10.5.3). */
export interface StowAnswer {
  /** SOP Instance UIDs of the Referenced SOP Sequence (0008,1199). */
  accepted: Set<string>;
  /** Failure Reason (0008,1197) by SOP Instance UID, from the Failed SOP Sequence (0008,1198). */
  failed: Map<string, number>;
  /** Instances that the archive could not even identify, Other Failures Sequence (0008,119A). */
  unidentified: number;
}

/**
 * The answer from DICOM JSON or the Native DICOM Model in XML; null when there is none that can be
 * understood, which says nothing about the instances.
 */
export function parseStowAnswer(body: unknown): StowAnswer | null {
  const text = textOf(body).trim();
  if (text.startsWith('{') || text.startsWith('[')) return fromJson(text);
  if (text.startsWith('<')) return fromXml(text);
  return null;
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  // Also a buffer of another realm.
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]') {
    return new TextDecoder().decode(body as ArrayBuffer);
  }
  if (Array.isArray(body) && body.length === 1) return textOf(body[0]);
  return body !== null && typeof body === 'object' ? JSON.stringify(body) : '';
}

type Element = { Value?: unknown[] } | undefined;
type Item = Record<string, Element>;

function fromJson(text: string): StowAnswer | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const dataset = (Array.isArray(parsed) ? parsed[0] : parsed) as Item | null | undefined;
  if (!dataset || typeof dataset !== 'object') return null;
  const items = (tag: string) => (dataset[tag]?.Value ?? []) as Item[];
  const uid = (item: Item) => String(item['00081155']?.Value?.[0] ?? '');
  // An error message in JSON, say, is no answer about instances.
  if (!['00081198', '00081199', '0008119A'].some((tag) => tag in dataset)) return null;
  return {
    accepted: new Set(items('00081199').map(uid)),
    failed: new Map(
      items('00081198').map((item) => [uid(item), Number(item['00081197']?.Value?.[0] ?? 0)])
    ),
    unidentified: items('0008119A').length,
  };
}

function fromXml(text: string): StowAnswer | null {
  const document = new DOMParser().parseFromString(text, 'application/xml');
  if (document.querySelector('parsererror')) return null;
  const items = (tag: string) => [
    ...document.querySelectorAll(`DicomAttribute[tag="${tag}"] > Item`),
  ];
  const value = (item: globalThis.Element, tag: string) =>
    item.querySelector(`DicomAttribute[tag="${tag}"] > Value`)?.textContent?.trim() ?? '';
  if (!document.querySelector('NativeDicomModel')) return null;
  return {
    accepted: new Set(items('00081199').map((item) => value(item, '00081155'))),
    failed: new Map(
      items('00081198').map((item) => [value(item, '00081155'), Number(value(item, '00081197'))])
    ),
    unidentified: items('0008119A').length,
  };
}

/** A Failure Reason in words (PS3.18 table 10.5.3-2, PS3.4 annex B.2.3). */
export function failureWords(reason: number): string {
  const code = `${reason.toString(16).toUpperCase().padStart(4, '0')}H`;
  const known: [(reason: number) => boolean, string][] = [
    [(r) => r === 0x0110, 'failed while processing it'],
    [(r) => r === 0x0111, 'holds another object under the same UID'],
    [(r) => r === 0x0117, 'finds its UID invalid'],
    [(r) => r === 0x0122, 'does not take objects of this kind'],
    [(r) => r === 0x0124, 'does not permit it'],
    [(r) => r === 0x0131, 'asks for other authorisation'],
    [(r) => (r & 0xff00) === 0xa700, 'is out of space or memory'],
    [(r) => (r & 0xff00) === 0xa900, 'finds that the data set does not fit its kind'],
    [(r) => (r & 0xf000) === 0xc000, 'cannot understand it'],
  ];
  const words = known.find(([fits]) => fits(reason))?.[1] ?? 'did not accept it';
  return `${words} (failure reason ${code})`;
}

/** Reasons that may pass by themselves. */
export const mayPass = (reason: number): boolean =>
  reason === 0x0110 || (reason & 0xff00) === 0xa700;

export const DUPLICATE = 0x0111;
