const EVERY_MS = 50;
const LIMIT_MS = 20_000;

/**
 * Reads until what is read is as wanted, and returns it.
 * @throws Error with what was read last, after 20 s
 */
export async function becomes<T>(
  read: () => Promise<T>,
  wanted: (value: T) => boolean
): Promise<T> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const value = await read();
    if (wanted(value)) return value;
    if (Date.now() > end) throw new Error(`It stayed ${JSON.stringify(value)}.`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** Reads until eight readings, 50 ms apart, are the same: for what others follow a moment later. */
export async function settles<T>(read: () => Promise<T>): Promise<T> {
  let before = '';
  let same = 0;
  return becomes(read, (value) => {
    const now = JSON.stringify(value);
    same = now === before ? same + 1 : 0;
    before = now;
    return same >= 8;
  });
}
