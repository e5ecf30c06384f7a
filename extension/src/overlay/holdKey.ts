/** The key that hides the region while it is held: "o" as in outline, free in the viewer's defaults. */
export const HIDING_KEY = 'o';

/**
 * Tells while a key is held down. Not while the reader types, nor with a modifier; when the window loses the
 * keyboard the key counts as released, since its release is then told to another window.
 * @returns the function that ends the watch; a key that is still held is told as released.
 */
export function watchHeldKey(
  key: string,
  onHeld: (held: boolean) => void,
  target: Document = document
): () => void {
  let held = false;
  const set = (now: boolean) => {
    if (now === held) return;
    held = now;
    onHeld(now);
  };
  const is = (event: KeyboardEvent) => event.key.toLowerCase() === key;
  const down = (event: KeyboardEvent) => {
    if (!is(event) || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    set(true);
  };
  const up = (event: KeyboardEvent) => {
    if (is(event)) set(false);
  };
  const release = () => set(false);
  const view = target.defaultView;
  target.addEventListener('keydown', down, true);
  target.addEventListener('keyup', up, true);
  target.addEventListener('visibilitychange', release);
  view?.addEventListener('blur', release);
  return () => {
    release();
    target.removeEventListener('keydown', down, true);
    target.removeEventListener('keyup', up, true);
    target.removeEventListener('visibilitychange', release);
    view?.removeEventListener('blur', release);
  };
}

/** Fields that take no letters. */
const NOT_TYPED = ['button', 'checkbox', 'color', 'radio', 'range', 'submit'];

/** Whether a key goes into a field, also a field inside a custom element. */
function isTyping(event: Event): boolean {
  const [inner] = event.composedPath();
  if (!(inner instanceof HTMLElement)) return false;
  if (inner instanceof HTMLInputElement) return !NOT_TYPED.includes(inner.type);
  return inner.isContentEditable || /^(TEXTAREA|SELECT)$/.test(inner.tagName);
}
