import { MEASUREMENT } from '../../test/testState';
import { Keeper, type ResultStore } from './Keeper';
import type { KeptResult } from './keptResults';
import { OtherTabs, type Channel } from './OtherTabs';
import { openStudy, savedResult, SEGMENTATION, STUDY } from '../../test/testResults';

// Tabs of one browser, which share what is kept: none takes another's work while it goes on.

/** The channels of a browser's tabs: each hears what the others say, a moment later. A frozen tab hears nothing. */
class Channels {
  private readonly open = new Set<Channel>();
  readonly frozen = new Set<Channel>();

  make(): Channel {
    const channel: Channel = {
      onmessage: null,
      postMessage: (data: unknown) => {
        if (this.frozen.has(channel)) return;
        for (const other of this.open) {
          if (other === channel || this.frozen.has(other)) continue;
          queueMicrotask(() => {
            (other.onmessage as ((event: MessageEvent) => void) | null)?.(
              new MessageEvent('message', { data: structuredClone(data) })
            );
          });
        }
      },
      close: () => this.open.delete(channel),
    };
    this.open.add(channel);
    return channel;
  }
}

function browserOf(channels = new Channels()) {
  const results = new Map<string, KeptResult>();
  const kept: ResultStore = {
    list: async () => [...results.values()],
    get: async (id) => results.get(id) ?? null,
    file: async () => null,
    put: async (result) => void results.set(result.id, result),
    removeObject: async () => undefined,
    remove: async (id) => void results.delete(id),
    close: () => undefined,
  };
  const tab = () => {
    const store = openStudy();
    const channel = channels.make();
    const onLost = jest.fn();
    const keeper = new Keeper({
      store,
      open: async () => kept,
      isWanted: true,
      tabs: (parts) => new OtherTabs({ ...parts, channel }),
      onLost,
    });
    const offered = () =>
      store.getState().unsavedResults.map(({ id, isOpenElsewhere }) => [id, isOpenElsewhere]);
    return { keeper, store, onLost, offered, channel };
  };
  return { tab, results, channels };
}
const work = (uid: string) => ({ ...SEGMENTATION, sopInstanceUid: uid });
/** Until all has been said and kept. */
async function rest(): Promise<void> {
  // In steps, each of which lets what was said be acted on.
  for (let step = 0; step < 20; step++) await jest.advanceTimersByTimeAsync(1_000);
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('the work of an open tab is marked in the others, and can be neither discarded nor opened there', async () => {
  const { tab, results } = browserOf();
  const [a, c] = [tab(), tab()];
  await c.keeper.keepDraft(STUDY, work('c'), savedResult());
  await a.keeper.offer(STUDY);
  await rest();
  expect(a.offered()).toEqual([['draft c', true]]);
  const discarded = a.keeper.discard('draft c');
  const opened = expect(a.keeper.read('draft c')).rejects.toMatchObject({ code: 'open-elsewhere' });
  await rest();
  await Promise.all([discarded, opened]);
  expect([...results.keys()]).toEqual(['draft c']);
});

it('a tab that comes later learns of it, and of the draft that takes its place', async () => {
  const { tab } = browserOf();
  const c = tab();
  await c.keeper.keepDraft(STUDY, work('c'), savedResult());
  const a = tab();
  await a.keeper.offer(STUDY);
  await rest();
  expect(a.offered()).toEqual([['draft c', true]]);
  await c.keeper.keepDraft(STUDY, work('c2'), savedResult());
  await rest();
  expect(a.offered()).toEqual([['draft c2', true]]);
});

it.each(['ended', 'crashed'])(
  'the work of a tab that has %s is offered to be opened or discarded',
  async (how) => {
    const { tab, results } = browserOf();
    const [a, c] = [tab(), tab()];
    await c.keeper.keepDraft(STUDY, work('c'), savedResult());
    await rest();
    expect(a.offered()).toEqual([['draft c', true]]);
    if (how === 'ended') c.keeper.end();
    else c.channel.close();
    await rest();
    expect(a.offered()).toEqual([['draft c', false]]);
    const discarded = a.keeper.discard('draft c');
    await rest();
    await discarded;
    expect(results.size).toBe(0);
  }
);

it('a tab whose work was discarded while it could not answer keeps it again', async () => {
  const { tab, results, channels } = browserOf();
  const [a, c] = [tab(), tab()];
  await c.keeper.keepDraft(STUDY, work('c'), savedResult());
  await rest();
  channels.frozen.add(c.channel);
  const discarded = a.keeper.discard('draft c');
  await rest();
  await discarded;
  expect(results.size).toBe(0);
  // A slice up and down again: the same content is not taken for kept.
  await c.keeper.keepDraft(STUDY, work('c'), savedResult());
  expect([...results.keys()]).toEqual(['draft c']);
  results.clear();
  channels.frozen.clear();
  await a.keeper.keepDraft(STUDY, work('a'), savedResult({ measurement: MEASUREMENT }));
  await rest();
  expect(c.onLost).toHaveBeenCalledTimes(1);
});
