/** Rejects when nothing has come within `milliseconds`, or when the signal aborts. */
export function within<T>(
  promise: Promise<T>,
  milliseconds: number,
  signal?: AbortSignal
): Promise<T> {
  return unlessSilent(() => promise, milliseconds, signal);
}

/** Rejects when the signal aborts, whatever becomes of the work. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * As `within`, but slow is not silent: each call of `alive` begins the time anew.
 * @param start begins the work and says when it moves.
 */
export function unlessSilent<T>(
  start: (alive: () => void) => Promise<T>,
  milliseconds: number,
  signal?: AbortSignal
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(
        () => reject(new Error(`no answer within ${Math.round(milliseconds / 1000)} s`)),
        milliseconds
      );
    };
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    alive();
    start(alive)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      });
  });
}
