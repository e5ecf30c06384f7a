import type { NaturalizedDataset } from 'dcmjs';
import type { EarSide, Organ } from '../../types';

/** A coded concept (PS3.3 8.1). */
export interface Code {
  value: string;
  scheme: string;
  meaning: string;
}

/** Designator of the private scheme, declared in each object that uses it. */
export const PRIVATE_SCHEME = '99IEH';

export const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
export const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
export const own = (value: string, meaning: string): Code => ({
  value,
  scheme: PRIVATE_SCHEME,
  meaning,
});

export const CODES = {
  anatomicalStructure: sct('91723000', 'Anatomical Structure'),
  /** As the category stood in older context groups; read, not written. */
  anatomicalStructureOld: sct('123037004', 'Anatomical Structure'),
  innerEar: sct('22945000', 'Inner ear'),
  cochlea: sct('80169004', 'Cochlear structure'),
  left: sct('7771000', 'Left'),
  right: sct('24028007', 'Right'),
  sourceForProcessing: dcm('121322', 'Source image for image processing operation'),
  segmentation: dcm('113076', 'Segmentation'),
  subtraction: dcm('113062', 'Pixel by pixel subtraction'),
  multiplication: dcm('113053', 'Pixel by pixel multiplication'),
  processingEquipment: dcm('109102', 'Processing Equipment'),
  artificialIntelligence: dcm('123110', 'Artificial Intelligence'),
  vestibule: own('VESTIBULE', 'Vestibule of inner ear'),
  endolymphOfCochlea: own('ENDO-COCHLEA', 'Endolymphatic space of cochlea'),
  endolymphOfVestibule: own('ENDO-VESTIBULE', 'Endolymphatic space of vestibule'),
} satisfies Record<string, Code>;

/** No SNOMED code is confirmed for the vestibule or the endolymphatic spaces: those are our own. */
export const organCode = (organ: Organ): Code =>
  organ === 'cochlea' ? CODES.cochlea : CODES.vestibule;
export const endolymphCode = (organ: Organ): Code =>
  organ === 'cochlea' ? CODES.endolymphOfCochlea : CODES.endolymphOfVestibule;
export const lateralityCode = (ear: EarSide): Code => (ear === 'left' ? CODES.left : CODES.right);

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
