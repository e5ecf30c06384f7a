export interface LeavingParts {
  /** Whether the reader's work would be lost with the page. */
  isUnsaved(): boolean;
  /** Keeps what is due at once. */
  keepNow(): void;
}

/**
 * Has the browser ask before the page is left with unsaved work, and keeps that work when the page goes out of sight. For
 * the stay in our mode alone: other modes are no business of ours.
 * @returns the function that ends it
 */
export function watchLeaving({ isUnsaved, keepNow }: LeavingParts): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  window.addEventListener(
    'beforeunload',
    (event) => {
      keepNow();
      if (isUnsaved()) event.preventDefault();
    },
    options
  );
  window.addEventListener('pagehide', keepNow, options);
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') keepNow();
    },
    options
  );
  return () => listening.abort();
}
