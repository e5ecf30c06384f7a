/** Milliseconds that a notice of the viewer stays: long enough to read two sentences. */
export const NOTICE_MS = 8000;
