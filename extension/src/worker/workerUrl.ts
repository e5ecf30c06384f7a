// A classic script (UMD build) has no import.meta.url; it knows its address only while it loads.
const scriptUrl =
  typeof document !== 'undefined' && document.currentScript instanceof HTMLScriptElement
    ? document.currentScript.src
    : undefined;

/** Address of the worker bundle, which lies beside the extension's. */
export function workerUrl(): string {
  const base: string | undefined = import.meta.url ?? scriptUrl;
  return new URL('./worker.js', base).href;
}
