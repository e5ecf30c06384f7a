import type { NaturalizedDataset } from 'dcmjs';
import { codeItem, type Code } from '../encode/codes';
import { readerName } from '../encode/readersWords';

/** Relationship of a content item to its parent (PS3.3 C.17.3). */
export type Relationship =
  'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS ACQ CONTEXT' | 'HAS CONCEPT MOD' | 'HAS PROPERTIES';

type Item = NaturalizedDataset;

const base = (relationship: Relationship, type: string, name: Code, children: Item[]): Item => ({
  RelationshipType: relationship,
  ValueType: type,
  ConceptNameCodeSequence: [codeItem(name)],
  ContentSequence: children.length > 0 ? children : undefined,
});

/** A CONTAINER; `template` is the number of its template in DCMR. */
export function container(name: Code, children: Item[], template?: string): Item {
  return { ...base('CONTAINS', 'CONTAINER', name, children), ...containerAttributes(template) };
}

export function containerAttributes(template?: string): Item {
  return {
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: template
      ? [{ MappingResource: 'DCMR', TemplateIdentifier: template }]
      : undefined,
  };
}

export function codeContent(
  relationship: Relationship,
  name: Code,
  value: Code,
  children: Item[] = []
): Item {
  return { ...base(relationship, 'CODE', name, children), ConceptCodeSequence: [codeItem(value)] };
}

export function textContent(relationship: Relationship, name: Code, value: string): Item {
  return { ...base(relationship, 'TEXT', name, []), TextValue: value };
}

export function uidContent(relationship: Relationship, name: Code, uid: string): Item {
  return { ...base(relationship, 'UIDREF', name, []), UID: uid };
}

export function personContent(relationship: Relationship, name: Code, person: string): Item {
  return { ...base(relationship, 'PNAME', name, []), PersonName: readerName(person) };
}

/** @param date YYYYMMDD */
export function dateContent(relationship: Relationship, name: Code, date: string): Item {
  return { ...base(relationship, 'DATE', name, []), Date: date };
}

/** @param time HHMMSS.FFFFFF, or its beginning */
export function timeContent(relationship: Relationship, name: Code, time: string): Item {
  return { ...base(relationship, 'TIME', name, []), Time: time };
}

/** A NUM; the floating point value keeps what the Decimal String rounds. */
export function numberContent(
  name: Code,
  value: number,
  units: Code,
  children: Item[] = [],
  relationship: Relationship = 'CONTAINS'
): Item {
  return {
    ...base(relationship, 'NUM', name, children),
    MeasuredValueSequence: [
      {
        NumericValue: value,
        FloatingPointValue: value,
        MeasurementUnitsCodeSequence: [codeItem(units)],
      },
    ],
  };
}

/** A NUM without a value, and the reason (PS3.3 C.18.1). */
export function absentNumber(name: Code, qualifier: Code, children: Item[]): Item {
  return {
    ...base('CONTAINS', 'NUM', name, children),
    MeasuredValueSequence: [],
    NumericValueQualifierCodeSequence: [codeItem(qualifier)],
  };
}

export interface ReferencedImage {
  sopClassUid: string;
  sopInstanceUid: string;
  /** 1-based. */
  frameNumber?: number;
  /** Of a segmentation, instead of a frame. */
  segmentNumber?: number;
}

export function imageContent(
  relationship: Relationship,
  name: Code,
  image: ReferencedImage,
  children: Item[] = []
): Item {
  return {
    ...base(relationship, 'IMAGE', name, children),
    ReferencedSOPSequence: [
      {
        ReferencedSOPClassUID: image.sopClassUid,
        ReferencedSOPInstanceUID: image.sopInstanceUid,
        ReferencedFrameNumber: image.frameNumber,
        ReferencedSegmentNumber: image.segmentNumber,
      },
    ],
  };
}
