import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { storeObjects, type StoreOptions, type StoreTarget } from './storeObjects';
import { archiveError, retryAfterOf } from '../host/archiveError';
import { parseStowAnswer, type StowAnswer } from '../host/stowAnswer';

const object = (uid: string, bytes = 100): EncodedObject => ({
  sopClassUid: '1.2',
  sopInstanceUid: uid,
  seriesInstanceUid: '1.3',
  description: `object ${uid}`,
  file: new ArrayBuffer(bytes),
  dataset: {},
});
const THREE = ['1', '2', '3'].map((uid) => object(uid));

const accepts = (objects: EncodedObject[]): StowAnswer => ({
  accepted: new Set(objects.map(({ sopInstanceUid }) => sopInstanceUid)),
  failed: new Map(),
  unidentified: 0,
});
const status = (code: number): RefusedInputError =>
  new RefusedInputError('archive-error', `HTTP ${code}`, 'Retry.', { status: code });

/** An archive that answers by turns as it is told; what it has kept counts once. */
class Archive implements StoreTarget {
  readonly kept = new Set<string>();
  readonly requests: string[][] = [];
  constructor(
    private readonly turns: ((objects: EncodedObject[]) => StowAnswer | null)[],
    private readonly held: string[] = []
  ) {}
  post = async (objects: EncodedObject[]): Promise<StowAnswer | null> => {
    this.requests.push(objects.map(({ sopInstanceUid }) => sopInstanceUid));
    const answer = (this.turns.shift() ?? accepts)(objects);
    answer?.accepted.forEach((uid) => this.kept.add(uid));
    return answer;
  };
  holds = async ({ sopInstanceUid }: EncodedObject) => this.held.includes(sopInstanceUid);
  listed = async () => new Set([...this.kept, ...this.held]);
}

const raise = (error: Error) => (): never => {
  throw error;
};
const refuse =
  (uid: string, reason: number) =>
  (objects: EncodedObject[]): StowAnswer => {
    const answer = accepts(objects);
    answer.accepted.delete(uid);
    answer.failed.set(uid, reason);
    return answer;
  };

async function store(archive: Archive, change: Partial<StoreOptions> = {}, objects = THREE) {
  const stored: string[] = [];
  const failures = await storeObjects(archive, objects, {
    attempts: 3,
    pause: () => 0,
    together: true,
    onStored: ({ sopInstanceUid }) => stored.push(sopInstanceUid),
    ...change,
  });
  return { stored, failures };
}

describe('storing', () => {
  it.each([500, 503, 429, 408])('asks again after %d', async (code) => {
    const { stored, failures } = await store(new Archive([raise(status(code))]));
    expect([stored, failures]).toEqual([['1', '2', '3'], []]);
  });

  it('waits as long as the archive asks, and leaves it to the reader where that is long', async () => {
    const busy = (retryAfter: number) =>
      raise(
        new RefusedInputError('archive-error', 'HTTP 503', 'Retry.', { status: 503, retryAfter })
      );
    const waited: number[] = [];
    const wait = async (milliseconds: number) => void waited.push(milliseconds);
    const { stored } = await store(new Archive([busy(7)]), { wait });
    expect([stored, waited]).toEqual([['1', '2', '3'], [7000]]);
    const closed = new Archive([busy(3600)]);
    await expect(store(closed, { wait })).rejects.toThrow('503');
    expect([closed.requests.length, waited]).toEqual([1, [7000]]);
  });

  it('does not ask again where it is not permitted', async () => {
    const archive = new Archive([raise(status(401))]);
    await expect(store(archive)).rejects.toThrow('401');
    expect(archive.requests).toHaveLength(1);
  });

  it('gives up after the attempts that it has', async () => {
    const archive = new Archive([1, 2, 3, 4].map(() => raise(status(500))));
    await expect(store(archive)).rejects.toThrow('500');
    expect(archive.requests).toHaveLength(3);
  });

  it('sends again only what was not accepted, when that may pass', async () => {
    const archive = new Archive([refuse('2', 0xa700)]);
    const { stored, failures } = await store(archive);
    expect(archive.requests).toEqual([['1', '2', '3'], ['2']]);
    expect([stored, failures]).toEqual([['1', '3', '2'], []]);
  });

  it('names an object that is refused in a successful answer, and why', async () => {
    const { stored, failures } = await store(new Archive([refuse('2', 0x0122)]));
    expect(stored).toEqual(['1', '3']);
    expect(failures).toMatchObject([
      { object: { sopInstanceUid: '2' }, reason: expect.stringContaining('0122H') },
    ]);
  });

  it.each([
    ['the same object counts as stored', ['2'], []],
    ['another object under its UID does not', [], ['2']],
  ])('already there (0111H): %s', async (_name, held, failed) => {
    const { failures } = await store(new Archive([refuse('2', 0x0111)], held));
    expect(failures.map((failure) => failure.object.sopInstanceUid)).toEqual(failed);
  });

  it('409 without a word: what the archive holds counts as stored', async () => {
    const { stored, failures } = await store(new Archive([raise(status(409))], ['1', '3']));
    expect(stored).toEqual(['1', '3']);
    expect(failures).toMatchObject([{ code: 'archive-conflict' }]);
  });

  it('believes a success without a word only when the archive lists the objects', async () => {
    const silent = () => null;
    const believed = await store(new Archive([silent], ['1', '2', '3']));
    expect(believed.stored).toEqual(['1', '2', '3']);
    const doubted = await store(new Archive([silent, silent, silent]));
    expect(doubted.stored).toEqual([]);
    expect(doubted.failures.map(({ code }) => code)).toEqual(Array(3).fill('archive-unconfirmed'));
  });

  it('halves what is too large, and names the object that alone is', async () => {
    const limit = (most: number) => (objects: EncodedObject[]) => {
      if (objects.reduce((sum, { file }) => sum + file.byteLength, 0) > most) throw status(413);
      return accepts(objects);
    };
    const halved = await store(new Archive(Array(9).fill(limit(200)) as never));
    expect(halved).toEqual({ stored: ['1', '2', '3'], failures: [] });
    const objects = [object('1'), object('2', 900), object('3')];
    const { failures } = await store(new Archive(Array(9).fill(limit(200)) as never), {}, objects);
    expect(failures).toMatchObject([
      { object: { sopInstanceUid: '2' }, code: 'archive-too-large' },
    ]);
  });

  it('keeps requests to their size, and sends nothing after a refusal', async () => {
    const archive = new Archive([refuse('1', 0xc000)]);
    await store(archive, { bytes: 150 });
    expect(archive.requests).toEqual([['1']]);
    const alone = new Archive([]);
    await store(alone, { together: false });
    expect(alone.requests).toEqual([['1'], ['2'], ['3']]);
  });
});

test('Retry-After is read as seconds or as a date, and named to the reader', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  expect(retryAfterOf(' 120 ', now)).toBe(120);
  expect(retryAfterOf('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30);
  for (const nothing of [null, '', 'soon']) expect(retryAfterOf(nothing, now)).toBeNull();
  const { remedy, values } = archiveError({ status: 503 }, 'store', 'the report', 120);
  expect(remedy).toContain('Wait 120 s and retry');
  expect(values).toEqual({ status: 503, retryAfter: 120 });
});

describe("an archive's answer", () => {
  const json = {
    '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.1'] } }] },
    '00081198': {
      vr: 'SQ',
      Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] }, '00081197': { vr: 'US', Value: [272] } }],
    },
  };
  it.each([
    ['an object', json],
    ['text', JSON.stringify(json)],
    ['an array in text', JSON.stringify([json])],
    ['bytes', new TextEncoder().encode(JSON.stringify(json)).buffer],
  ])('is read from %s', (_name, body) => {
    expect(parseStowAnswer(body)).toEqual({
      accepted: new Set(['1.1']),
      failed: new Map([['1.2', 272]]),
      unidentified: 0,
    });
  });

  it.each([
    ['an error message', '{"message":"out of memory"}'],
    ['half an answer', JSON.stringify(json).slice(0, 60)],
    ['nothing', ''],
    ['a page', 'Bad gateway'],
  ])('is not made up from %s', (_name, body) => {
    expect(parseStowAnswer(body)).toBeNull();
  });
});
