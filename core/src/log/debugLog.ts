/** Hears one line of the debug log at a time. */
export type LogSink = (line: string) => void;

/** Ours are letters, spaces and hyphens: neither an identifier nor a date passes for a name. */
const WORDS = /^[A-Za-z][A-Za-z -]*$/;

let sink: LogSink | null = null;
let begun = 0;

/**
 * Switches the debug log on, or off (as it is at first) with null. It holds steps, their durations and the codes of
 * refusals; never what was read, such as names, identifiers, dates, descriptions or messages that quote them.
 */
export function logTo(next: LogSink | null): void {
  sink = next;
  begun = performance.now();
}

/**
 * Runs a step, and notes its begin, its end and how long it took.
 *
 * @param step fixed words of this program ("read series"), nothing that comes from data.
 * @returns what `work` returns; throws or rejects as it does.
 */
export function logged<T>(step: string, work: () => T): T {
  if (!sink) return work();
  const since = performance.now();
  write(step, 'begun');
  const done = () => write(step, `done in ${milliseconds(since)}`);
  const failed = (error: unknown) => write(step, `${reasonOf(error)} after ${milliseconds(since)}`);
  try {
    const result = work();
    if (result instanceof Promise) void result.then(done, failed);
    else done();
    return result;
  } catch (error) {
    failed(error);
    throw error;
  }
}

/** A progress listener that also notes each stage when it begins. */
export function loggedStages<P extends { stage: string }>(
  listener: (progress: P) => void
): (progress: P) => void {
  let stage: string | null = null;
  return (progress) => {
    if (progress.stage !== stage) write(`stage ${progress.stage}`, 'begun');
    stage = progress.stage;
    listener(progress);
  };
}

function write(step: string, what: string): void {
  const words = WORDS.test(step) ? step : 'a step without a proper name';
  sink?.(`inner-ear-hydrops +${milliseconds(begun)} ${words}: ${what}`);
}

function milliseconds(since: number): string {
  return `${Math.round(performance.now() - since)} ms`;
}

/** The code of a refusal, or the kind of error; its message may quote what was read. */
function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  const reason = typeof code === 'string' ? code : name;
  return typeof reason === 'string' && WORDS.test(reason) ? `failed (${reason})` : 'failed';
}
