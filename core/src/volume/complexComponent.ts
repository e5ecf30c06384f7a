import type { SeriesHeader } from '../types';

export type ComplexComponent = 'magnitude' | 'real' | 'imaginary' | 'phase';

const TOKENS: Record<string, ComplexComponent> = {
  M: 'magnitude',
  MAGNITUDE: 'magnitude',
  M_IR: 'magnitude',
  M_SE: 'magnitude',
  M_FFE: 'magnitude',
  R: 'real',
  REAL: 'real',
  R_IR: 'real',
  R_SE: 'real',
  R_FFE: 'real',
  PSIR: 'real',
  I: 'imaginary',
  IMAGINARY: 'imaginary',
  I_IR: 'imaginary',
  I_SE: 'imaginary',
  P: 'phase',
  PHASE: 'phase',
  'PHASE MAP': 'phase',
  P_IR: 'phase',
  P_SE: 'phase',
};

/**
 * Which part of the complex MR signal a series shows, from Complex Image Component (0008,9208;
 * PS3.3 C.8.13.3.1.1) or the values of Image Type (0008,0008) after the second, where vendors put
 * it; null when neither says.
 */
export function complexComponent(
  header: Pick<SeriesHeader, 'imageType' | 'attributes'>
): ComplexComponent | null {
  const stated = header.attributes.ComplexImageComponent;
  const single: unknown = Array.isArray(stated) ? stated[0] : stated;
  if (typeof single === 'string') {
    const component = TOKENS[single.trim().toUpperCase()];
    if (component) return component;
  }
  const found = header.imageType
    .slice(2)
    .map((token) => TOKENS[token.trim().toUpperCase()])
    .filter((component) => component !== undefined);
  // "M\PSIR": the specific word outweighs the general word.
  return found.find((component) => component !== 'magnitude') ?? found[0] ?? null;
}
