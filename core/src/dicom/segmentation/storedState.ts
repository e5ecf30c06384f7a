import type { EarSide, Measurement, Method, ModelIdentity, Organ } from '../../types';
import type { PrivateBlock } from '../encode/part10';
import type { ElementSet } from '../read/elements';
import { readValue } from '../read/elementValue';
import type { Part10File } from '../read/part10';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What objects stored by earlier versions hold: of `measurement@1`, the part that a restore reads. */
export interface OlderMeasurement {
  schema: 'inner-ear-hydrops/measurement@1';
  study: Measurement['study'];
  model: ModelIdentity | null;
  method: Method;
  ears: Record<EarSide, Record<Organ, OlderOrgan | null> | null>;
  warnings: { code: string; message: string; ear: EarSide | null }[];
  timings: Record<string, number>;
}
interface OlderOrgan {
  area: { ratio: number; sopInstanceUid: string } | null;
  volume: { ratio: number };
}

/** What a restore needs beside the voxels; travels as JSON in a private element of the SEG. */
export interface StoredState {
  format: 'inner-ear-hydrops/state@1';
  /** Null where nothing of the result is the reader's: the object's own date says when. */
  created: string | null;
  /** Whether anything is the reader's: region, slice, role, method or ear position. */
  edited: boolean;
  model: ModelIdentity | null;
  backend: string | null;
  reader: string | null;
  /** Without timings; told apart by `schema`. */
  measurement: Measurement | OlderMeasurement | null;
  representativeSlices: Json;
  /** The viewer's own state (reader's fields, method, …), returned as it was given. */
  state: Json;
}

const CREATOR = 'INNER EAR HYDROPS 1';
const GROUP = 0x0077;
const STATE_OFFSET = 0x01;

export function privateStateBlock(state: StoredState): PrivateBlock {
  const text = withoutBackslash(JSON.stringify(state));
  return {
    creator: CREATOR,
    group: GROUP,
    elements: { [STATE_OFFSET]: { vr: 'UT', Value: [text] } },
  };
}

/**
 * The state from the elements of a file; null when there is none. An archive may have moved the private
 * block or, through Implicit VR, turned UT into UN.
 */
export function readPrivateState({
  elements: set,
  bytes,
}: Pick<Part10File, 'elements' | 'bytes'>): StoredState | null {
  for (let block = 0x10; block <= 0xff; block++) {
    if (elementText(set, tag(block), bytes) !== CREATOR) continue;
    const text = elementText(set, tag(block * 256 + STATE_OFFSET), bytes);
    if (text === null) continue;
    try {
      const state = JSON.parse(withBackslash(text)) as StoredState;
      if (state.format === 'inner-ear-hydrops/state@1') return state;
    } catch {
      return null;
    }
  }
  return null;
}

/**
 * A backslash may stand in UT, but readers (dcmjs among them) split values at it, so the text goes
 * without: %5C, and %25 for the percent sign.
 */
const withoutBackslash = (text: string): string => text.replace(/%/g, '%25').replace(/\\/g, '%5C');
const withBackslash = (text: string): string => text.replace(/%5C/g, '\\').replace(/%25/g, '%');

function tag(element: number): string {
  return (
    GROUP.toString(16).padStart(4, '0') + element.toString(16).padStart(4, '0')
  ).toUpperCase();
}

function elementText(set: ElementSet, at: string, bytes: Uint8Array): string | null {
  const element = set.elements.get(at);
  if (!element) return null;
  const { offset, length } = element;
  const value =
    element.vr === 'UN'
      ? new TextDecoder().decode(bytes.subarray(offset, offset + length))
      : readValue(element, set, bytes).values[0];
  return typeof value === 'string' ? value.replace(/[\0 ]+$/, '') : null;
}
