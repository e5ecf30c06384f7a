/** A signal that follows others, until it is let go. */
export interface EitherSignal {
  signal: AbortSignal;
  /** Those that it follows forget it: call it when the work is done, or a long-lived signal keeps every one. */
  release(): void;
}

/**
 * Aborts when one of the signals does, with its reason. `AbortSignal.any` is missing in browsers that hospitals
 * still run (docs/install.md).
 */
export function eitherSignal(...signals: (AbortSignal | undefined)[]): EitherSignal {
  const controller = new AbortController();
  const endings: (() => void)[] = [];
  const release = () => {
    for (const end of endings.splice(0)) end();
  };
  for (const signal of signals) {
    if (!signal) continue;
    const follow = () => {
      release();
      controller.abort(signal.reason);
    };
    if (signal.aborted) {
      follow();
      break;
    }
    signal.addEventListener('abort', follow, { once: true });
    endings.push(() => signal.removeEventListener('abort', follow));
  }
  return { signal: controller.signal, release };
}
