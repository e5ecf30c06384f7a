import { logTo } from '@inner-ear-hydrops/core';

/** Key of the browser's local storage by which one reader switches the log on, whatever the site has set. */
export const DEBUG_KEY = 'inner-ear-hydrops.debug';

/**
 * Switches the debug log on for a stay in the mode, where the site's setting or this browser asks for it. Its lines go
 * to the console at level "debug", which browsers show only when it is chosen ("Verbose").
 *
 * @returns the function that switches it off.
 */
export function switchDebugLog(setting: boolean): () => void {
  const isOn = setting || isAskedFor();
  logTo(isOn ? (line) => console.debug(line) : null);
  return () => logTo(null);
}

function isAskedFor(): boolean {
  try {
    return !['', '0', 'false'].includes(localStorage.getItem(DEBUG_KEY) ?? '');
  } catch {
    // Storage that the browser forbids asks for nothing.
    return false;
  }
}
