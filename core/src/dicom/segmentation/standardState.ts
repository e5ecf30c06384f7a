import {
  EARS,
  EAR_SIDES,
  METHOD_KEYS,
  ORGAN_KEYS,
  ROLES,
  ROLE_KEYS,
  perEar,
  perOrgan,
  perRole,
} from '../../registry';
import type { EarAbsence, EarFinding } from '../../study';
import type {
  AreaMeasurement,
  AutomaticChoices,
  AutomaticRatios,
  Choices,
  ChosenBy,
  EarSide,
  ImageReference,
  Method,
  ModelIdentity,
  Organ,
  Role,
  Vector3,
} from '../../types';
import { knownAutomatic } from '../../measurement/automaticChoices';
import { imageName } from '../../volume/imageName';
import type { SegmentationInput } from './segmentationInput';

/**
 * What a restore needs, as sentences in standard attributes that a person can read: an archive may remove the private
 * block, and the same numbers must come out without it. Each writer stands beside its reader.
 */

/** A slice as it is named within a segmentation. */
export interface NamedSlice {
  /** `series 4, image 25`. */
  name: string;
  /** A frame of the object that lies on it, from 1; null where none does. */
  frame: number | null;
}

/** A frame of the object that lies on a slice. */
export interface NamedFrame {
  /** From 1. */
  frame: number;
  /** Whether it shows the segment itself, not only its slice. */
  isOwn: boolean;
}

export interface DescribedSlice extends NamedSlice {
  chosenBy: ChosenBy;
  /** What the software chose where the reader's slice stands; null where that is not known. */
  automatic: NamedSlice | null;
}

/** For Segment Description: on which slice the area was measured, and who chose it. */
export function sliceSentence(
  { image, chosenBy, automaticImage }: AreaMeasurement,
  frameOf: (image: ImageReference) => NamedFrame | null
): string {
  const named = (shown: ImageReference): string => {
    const found = frameOf(shown);
    if (!found) return imageName(shown);
    return `${imageName(shown)} (${found.isOwn ? '' : 'slice of '}frame ${found.frame} here)`;
  };
  const who = chosenBy === 'reader' ? 'reader' : 'software';
  const other =
    chosenBy === 'reader' && automaticImage ? `; the software chose ${named(automaticImage)}` : '';
  return `Area on ${named(image)}, chosen by the ${who}${other}`;
}

const SLICE = '(.+?)(?: \\((?:slice of )?frame (\\d+) here\\))?';
const SLICE_SENTENCE = new RegExp(
  `Area on ${SLICE}, chosen by the (software|reader)(?:; the software chose ${SLICE})?(?:\\. |$)`
);

export function readSliceSentence(description: string): DescribedSlice | null {
  const found = SLICE_SENTENCE.exec(description);
  if (!found) return null;
  const [, name, frame, who, otherName, otherFrame] = found;
  const slice = (called: string, number: string | undefined): NamedSlice => ({
    name: called,
    frame: number === undefined ? null : Number(number),
  });
  return {
    ...slice(name!, frame),
    chosenBy: who === 'reader' ? 'reader' : 'automatic',
    automatic: otherName === undefined ? null : slice(otherName, otherFrame),
  };
}

/** For Segment Description of an edited region: what it gave before. */
export function ratiosSentence({ areaRatio, volumeRatio }: AutomaticRatios): string {
  const area = areaRatio === null ? '' : `area ratio ${areaRatio}, `;
  return `Before it was edited: ${area}volume ratio ${volumeRatio}`;
}

export function readRatiosSentence(description: string): AutomaticRatios | null {
  const number = '(\\d[\\d.e-]*\\d|\\d)';
  const sentence = new RegExp(
    `Before it was edited: (?:area ratio ${number}, )?volume ratio ${number}`
  );
  const found = sentence.exec(description);
  if (!found) return null;
  const [, area, volume] = found;
  return { areaRatio: area === undefined ? null : Number(area), volumeRatio: Number(volume) };
}

/** How sure the network was of an organ. */
export interface StatedConfidence {
  confidence: number;
  /** What it is judged by; null where the manifest states nothing; undefined where that is not known. */
  threshold?: number | null;
}

/** For Algorithm Parameters of an organ's segment. */
export function confidenceText(
  findings: readonly EarFinding[],
  ear: EarSide,
  organ: Organ
): string {
  const finding = findings.find(({ side }) => side === ear);
  if (!finding) return '';
  const text = `; mean probability ${finding.confidence[organ]}`;
  if (finding.confidenceThresholds === undefined) return text;
  const threshold = finding.confidenceThresholds?.[organ];
  return threshold === undefined ? `${text}, not judged` : `${text}, warned of below ${threshold}`;
}

export function readConfidence(parameters: string): StatedConfidence | null {
  const found =
    /mean probability ([\d.e-]+)(?:, (?:(not judged)|warned of below ([\d.e-]+)))?/.exec(
      parameters
    );
  if (!found) return null;
  const [, confidence, notJudged, threshold] = found;
  return {
    confidence: Number(confidence),
    ...(notJudged ? { threshold: null } : {}),
    ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
  };
}

/** What holds for a result as a whole. */
export interface Provenance {
  method: Method;
  choices: Choices;
  /** Series Instance UID of each role. */
  series: Partial<Record<Role, string>>;
  /** LPS mm: the middles around which motion was estimated. */
  centers: Partial<Record<EarSide, Vector3>>;
  absent: EarAbsence[];
  backend: string | null;
}

function automaticSentences(automatic: AutomaticChoices | undefined): string[] {
  if (!automatic) return [];
  const ofRole = (role: Role): string[] => {
    const before = automatic.series[role];
    return before === undefined
      ? []
      : [`${ROLES[role].label}: the software had ${before ?? 'none'} instead.`];
  };
  const ofEar = (side: EarSide): string[] => {
    const before = automatic.ears[side];
    return before
      ? [`${EARS[side].label} ear: the software had ${before.join(', ')} mm instead.`]
      : [];
  };
  return [...ROLE_KEYS.flatMap(ofRole), ...EAR_SIDES.flatMap(ofEar)];
}

function readAutomatic(text: string): AutomaticChoices {
  const automatic: AutomaticChoices = { series: {}, ears: {} };
  for (const role of ROLE_KEYS) {
    const sentence = `\\b${ROLES[role].label}: the software had ([\\d.]+|none) instead\\.`;
    const before = new RegExp(sentence).exec(text)?.[1];
    if (before) automatic.series[role] = before === 'none' ? null : before;
  }
  for (const side of EAR_SIDES) {
    const sentence = `\\b${EARS[side].label} ear: the software had (\\S+), (\\S+), (\\S+) mm instead\\.`;
    const before = new RegExp(sentence).exec(text);
    if (before) automatic.ears[side] = before.slice(1, 4).map(Number) as Vector3;
  }
  return automatic;
}

/** For Contribution Description, behind model and backend. */
export function provenanceText({ measurement, ears = [], absent = [] }: SegmentationInput): string {
  if (!measurement) return '';
  const { method, choices, study } = measurement;
  const ofRole = (role: Role): string[] => {
    const uid = study[role];
    return uid ? [`${ROLES[role].label} ${uid} (${choices.roles[role]}).`] : [];
  };
  const ofEar = (side: EarSide): string[] => {
    const center = ears.find((ear) => ear.side === side)?.center;
    const missing = absent.find((ear) => ear.side === side);
    if (center)
      return [`${EARS[side].label} ear at ${center.join(', ')} mm (${choices.ears[side]}).`];
    return missing
      ? [`${EARS[side].label} ear not found: ${missing.reason} (${choices.ears[side]}).`]
      : [];
  };
  return [
    `Method ${method} (${choices.method}).`,
    ...ROLE_KEYS.flatMap(ofRole),
    ...EAR_SIDES.flatMap(ofEar),
    // Last: the attribute has room for so many characters, and a restore does without these.
    ...automaticSentences(choices.automatic),
  ].join(' ');
}

export function readProvenance(text: string): Provenance | null {
  const method = /\bMethod (\S+) \((automatic|reader)\)/.exec(text);
  const known = METHOD_KEYS.find((key) => key === method?.[1]);
  if (!known) return null;
  const role = (key: Role) =>
    new RegExp(`\\b${ROLES[key].label} ([\\d.]+) \\((\\w+)\\)`).exec(text);
  const ear = (side: EarSide) =>
    new RegExp(
      `\\b${EARS[side].label} ear (?:at (\\S+), (\\S+), (\\S+) mm|not found: (\\S+)) \\((\\w+)\\)`
    ).exec(text);
  const centers: Partial<Record<EarSide, Vector3>> = {};
  const absent: EarAbsence[] = [];
  for (const side of EAR_SIDES) {
    const found = ear(side);
    if (!found) continue;
    if (found[4]) absent.push({ side, reason: found[4] as EarAbsence['reason'] });
    else centers[side] = found.slice(1, 4).map(Number) as Vector3;
  }
  return {
    method: known,
    choices: {
      method: chosenBy(method?.[2]),
      roles: perRole((key) => chosenBy(role(key)?.[2])),
      ears: perEar((side) => chosenBy(ear(side)?.[5])),
      ...knownAutomatic(readAutomatic(text)),
    },
    series: Object.fromEntries(
      ROLE_KEYS.flatMap((key) => {
        const uid = role(key)?.[1];
        return uid ? [[key, uid]] : [];
      })
    ),
    centers,
    absent,
    backend: /\bBackend (.+?)\. /.exec(text)?.[1] ?? null,
  };
}

function chosenBy(word: string | undefined): ChosenBy {
  return word === 'reader' ? 'reader' : 'automatic';
}

/** From `modelText`, which names it in each object. */
export function readModel(text: string): ModelIdentity | null {
  const found = /\bModel (.+) (\S+), SHA-256 ([0-9a-f]{64})/.exec(text);
  return found ? { name: found[1]!, version: found[2]!, sha256: found[3]! } : null;
}

/** What the network found, as far as it is stated: centres by ear, confidence by ear and organ. */
export function findingsOf(
  { centers }: Provenance,
  stated: Partial<Record<EarSide, Partial<Record<Organ, StatedConfidence>>>>
): EarFinding[] {
  return EAR_SIDES.flatMap((side): EarFinding[] => {
    const center = centers[side];
    if (!center) return [];
    const organs = ORGAN_KEYS.flatMap((organ) => stated[side]?.[organ] ?? []);
    // An organ without a voxel, or drawn, is not judged.
    const finding: EarFinding = {
      side,
      center,
      confidence: perOrgan((organ) => stated[side]?.[organ]?.confidence ?? 1),
    };
    if (organs.some(({ threshold }) => threshold === null))
      return [{ ...finding, confidenceThresholds: null }];
    if (organs.some(({ threshold }) => typeof threshold === 'number'))
      return [
        {
          ...finding,
          confidenceThresholds: perOrgan((organ) => stated[side]?.[organ]?.threshold ?? 0),
        },
      ];
    return [finding];
  });
}
