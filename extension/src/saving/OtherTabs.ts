/** How long another tab has to answer; one that shows nothing draws nothing, and answers at once. */
const ANSWER_MS = 500;
/** A tab that crashed says no farewell: while others are known, they are asked again. */
const ASK_AGAIN_MS = 10_000;

const CHANNEL = 'inner-ear-hydrops unsaved results';

/** What is used of a BroadcastChannel, which needs no secure context, as Web Locks do. */
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>;

export interface OtherTabsParts {
  /** Ids of the kept results that this tab works on. */
  held(): string[];
  /** Another tab holds others than before, or has changed what is kept. */
  onChange(): void;
  /** Null where the browser has none: then no other tab is known. */
  channel?: Channel | null;
}

type Message = { kind: 'asked' } | { kind: 'held'; tab: string; ids: string[]; isAnswer: boolean };

/** Which kept results are open in other tabs of this browser, where their work goes on. */
export class OtherTabs {
  private readonly me = `${Date.now()} ${Math.random()}`;
  private readonly channel: Channel | null;
  private readonly known = new Map<string, string[]>();
  private readonly answered = new Set<string>();
  private readonly listening = new AbortController();
  private asking: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly parts: OtherTabsParts) {
    this.channel = parts.channel === undefined ? openChannel() : parts.channel;
    if (!this.channel) return;
    this.channel.onmessage = ({ data }) => this.receive(data as Message);
    if (typeof window !== 'undefined') this.watchPage();
    void this.ask();
  }

  /** As far as is known at this moment. */
  holds(id: string): boolean {
    return [...this.known.values()].some((ids) => ids.includes(id));
  }

  /** The same after the other tabs were asked. */
  async confirmHeld(id: string): Promise<boolean> {
    await this.ask();
    return this.holds(id);
  }

  /** What this tab holds has changed, or what is kept. */
  tell(): void {
    this.post(this.parts.held(), false);
  }

  end(): void {
    this.post([], false);
    this.listening.abort();
    clearTimeout(this.timer);
    this.channel?.close();
    this.known.clear();
  }

  private ask(): Promise<void> {
    this.asking ??= this.askAll().finally(() => (this.asking = null));
    return this.asking;
  }

  private async askAll(): Promise<void> {
    if (!this.channel || this.listening.signal.aborted) return;
    clearTimeout(this.timer);
    this.answered.clear();
    this.channel.postMessage({ kind: 'asked' } satisfies Message);
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    if (this.listening.signal.aborted) return;
    const gone = [...this.known.keys()].filter((tab) => !this.answered.has(tab));
    for (const tab of gone) this.known.delete(tab);
    if (gone.length > 0) this.parts.onChange();
    if (this.known.size > 0) this.timer = setTimeout(() => void this.ask(), ASK_AGAIN_MS);
  }

  private receive(message: Message): void {
    if (message.kind === 'asked') {
      this.post(this.parts.held(), true);
      return;
    }
    const { tab, ids, isAnswer } = message;
    const before = this.known.get(tab) ?? [];
    this.answered.add(tab);
    if (ids.length > 0) this.known.set(tab, ids);
    else this.known.delete(tab);
    if (!isAnswer || String(before) !== String(ids)) this.parts.onChange();
  }

  private post(ids: string[], isAnswer: boolean): void {
    if (this.listening.signal.aborted) return;
    this.channel?.postMessage({ kind: 'held', tab: this.me, ids, isAnswer } satisfies Message);
  }

  private watchPage(): void {
    const { signal } = this.listening;
    window.addEventListener('pagehide', () => this.post([], false), { signal });
    // From the browser's cache of pages.
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.tell(), { signal });
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.visibilityState !== 'visible') return;
        // It may have been frozen, and its work discarded elsewhere meanwhile.
        this.parts.onChange();
        void this.ask();
      },
      { signal }
    );
  }
}

function openChannel(): Channel | null {
  return typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);
}
