import { RefusedInputError } from '../../types';
import { personName } from './part10';

/** Characters of one component group of a name (PS3.5 6.2, PN). */
const MAX_NAME_LENGTH = 64;

/**
 * The reader's name as a value of PN.
 * @throws RefusedInputError `reader-name-unsuitable` where DICOM cannot hold it: nothing is cut off or split in silence
 */
export function readerName(reader: string): string {
  const name = personName(reader);
  const groups = name.split('=');
  const fault =
    (name.includes('\\') && 'a backslash, which separates names') ||
    (hasControl(name) && 'a control character') ||
    (groups.length > 3 && 'more than two signs "="') ||
    (groups.some((group) => group.split('^').length > 5) && 'more than four signs "^"') ||
    (groups.some((group) => [...group].length > MAX_NAME_LENGTH) &&
      `${Math.max(...groups.map((group) => [...group].length))} characters where ${MAX_NAME_LENGTH} are allowed`);
  if (!fault) return name;
  throw new RefusedInputError(
    'reader-name-unsuitable',
    `The reader’s name "${name.replace(/\p{Cc}/gu, '?')}" cannot be stored: it holds ${fault}.`,
    'Correct the name of the reader, then save again.',
    { name }
  );
}

/** @throws RefusedInputError `reader-text-unsuitable` for characters that no text of DICOM may hold */
export function requireText(field: string, text: string): void {
  if (!hasControl(text.replace(/[\t\n\f\r]/g, ''))) return;
  throw new RefusedInputError(
    'reader-text-unsuitable',
    `The field "${field}" holds a control character, which DICOM cannot store.`,
    `Type the text of "${field}" again instead of pasting it, then save again.`,
    { field }
  );
}

const hasControl = (text: string): boolean => /\p{Cc}/u.test(text);
