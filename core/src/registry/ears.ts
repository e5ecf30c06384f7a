import { sct, type Code } from './codes';

/** What is known of an ear. */
export interface EarEntry {
  label: string;
  code: Code;
  /** As older objects name the side (SNOMED RT); read, not written. */
  olderCode: string;
  /** Words of a stored segment's label that name the side; of scripts without spaces also within a longer word. */
  words: readonly string[];
  /** Sign of the x axis (LPS) that points away from the middle of the head. */
  lateral: 1 | -1;
  /** What the ear's values in an anatomy volume have above those of `ANATOMY`. */
  anatomyOffset: number;
}

const ENTRIES = {
  left: {
    label: 'Left',
    code: sct('7771000', 'Left'),
    olderCode: 'G-A101',
    words: [
      ...['left', 'l', 'lt', 'links', 'linke', 'linkes', 'gauche', 'sinister', 'sinistra'],
      ...['sinistro', 'izquierda', 'izquierdo', '왼쪽', '좌측', '左'],
    ],
    lateral: 1,
    anatomyOffset: 0,
  },
  right: {
    label: 'Right',
    code: sct('24028007', 'Right'),
    olderCode: 'G-A100',
    words: [
      ...['right', 'r', 'rt', 'rechts', 'rechte', 'rechtes', 'droite', 'droit', 'dexter'],
      ...['dextra', 'destra', 'destro', 'derecha', 'derecho', '오른쪽', '우측', '右'],
    ],
    lateral: -1,
    anatomyOffset: 10,
  },
} satisfies Record<string, EarEntry>;

export type EarSide = keyof typeof ENTRIES;

export const EARS: Readonly<Record<EarSide, EarEntry>> = ENTRIES;

/** An inner ear ends within this distance of its middle, mm. What a network sees of it is in its manifest. */
export const EAR_REACH = 25;

/** In the order in which they are shown. */
export const EAR_SIDES = Object.keys(EARS) as readonly EarSide[];
