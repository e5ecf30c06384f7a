/** dicom-character-set 1.0.5 has no types of its own. */
declare module 'dicom-character-set' {
  export interface CharacterSet {
    encoding?: string;
    extension?: boolean;
    /** Codes of more than one byte; without `extension` the set stands alone. */
    multiByte?: boolean;
    elements?: {
      codeElement: 'G0' | 'G1';
      escapeSequence: number[];
      encoding: string;
      isASCII?: boolean;
      bytesPerCodePoint: number;
    }[];
  }
  /** By defined term; sets that are added are used. */
  export const characterSets: Record<string, CharacterSet>;
  /** @throws Error for an unknown character set or escape sequence */
  export function convertBytes(
    specificCharacterSet: string,
    bytes: Uint8Array,
    options?: { vr?: string }
  ): string;
}
