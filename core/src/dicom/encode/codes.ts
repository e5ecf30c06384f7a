import type { NaturalizedDataset } from 'dcmjs';
import { PRIVATE_SCHEME, dcm, own, sct, type Code } from '../../registry/codes';
import { EARS } from '../../registry/ears';
import { ORGANS, isOrgan, type OrganEntry } from '../../registry/organs';
import type { EarSide, Organ } from '../../types';

export { PRIVATE_SCHEME, dcm, own, sct, type Code };

export const CODES = {
  anatomicalStructure: sct('91723000', 'Anatomical Structure'),
  /** As the category stood in older context groups; read, not written. */
  anatomicalStructureOld: sct('123037004', 'Anatomical Structure'),
  innerEar: sct('22945000', 'Inner ear'),
  sourceForProcessing: dcm('121322', 'Source image for image processing operation'),
  segmentation: dcm('113076', 'Segmentation'),
  subtraction: dcm('113062', 'Pixel by pixel subtraction'),
  multiplication: dcm('113053', 'Pixel by pixel multiplication'),
  processingEquipment: dcm('109102', 'Processing Equipment'),
  artificialIntelligence: dcm('123110', 'Artificial Intelligence'),
} satisfies Record<string, Code>;

export const organCode = (organ: Organ): Code => entryOf(organ).code;
export const endolymphCode = (organ: Organ): Code => entryOf(organ).endolymphCode;
export const lateralityCode = (ear: EarSide): Code => EARS[ear].code;

/** @throws Error for what is no organ: it must not be stored under the code of another. */
function entryOf(organ: Organ): OrganEntry {
  if (!isOrgan(organ)) throw new Error(`There is no code for the organ "${String(organ)}".`);
  return ORGANS[organ];
}

/** A code as the item of a code sequence. */
export function codeItem(code: Code): NaturalizedDataset {
  return {
    CodeValue: code.value,
    CodingSchemeDesignator: code.scheme,
    CodeMeaning: code.meaning,
  };
}

/** Coding Scheme Identification Sequence item (PS3.3 C.12.1) that declares the private scheme. */
export const PRIVATE_SCHEME_DECLARATION: NaturalizedDataset = {
  CodingSchemeDesignator: PRIVATE_SCHEME,
  CodingSchemeName: 'Inner Ear Hydrops private codes',
  CodingSchemeResponsibleOrganization: 'Inner Ear Hydrops (research software)',
};
