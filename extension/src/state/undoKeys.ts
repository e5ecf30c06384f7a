type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * Whether a key is for the viewer's undo and redo (Ctrl+Z, Ctrl+Y, Ctrl+Shift+Z; Command on a Mac), wherever the focus
 * is: what is done in the panel is taken back there too. A field of text has an undo of its own.
 *
 * @param focused what has the focus
 */
export function isUndoKey({ key, ctrlKey, metaKey, altKey }: Pressed, focused: unknown): boolean {
  return (ctrlKey || metaKey) && !altKey && /^[zy]$/i.test(key) && !isText(focused);
}

/** Inputs that hold no text to be undone. */
const NO_TEXT = new Set(['button', 'checkbox', 'radio', 'range', 'reset', 'submit']);

function isText(element: unknown): boolean {
  if (element instanceof HTMLTextAreaElement) return true;
  if (element instanceof HTMLInputElement) return !NO_TEXT.has(element.type);
  return element instanceof HTMLElement && element.isContentEditable;
}
