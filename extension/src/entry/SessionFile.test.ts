import { SessionFile, type SessionFileParts } from './SessionFile';

beforeEach(() => jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

type Ask = SessionFileParts<string>['ask'];

function fileOf(ask: Ask, patience?: number) {
  const told: unknown[] = [];
  const file = new SessionFile<string>({
    ask,
    explain: async (error, attempt) => ({
      message: `${attempt}: ${(error as Error).message}`,
      remedy: '',
    }),
    patience,
  });
  file.onChange(() => told.push(file.contents ?? file.fault?.message ?? 'asked'));
  return { file, told };
}

it('is asked for once, however often, and never again once it is there', async () => {
  const ask = jest.fn<Promise<string>, [number]>(async () => 'here');
  const { file, told } = fileOf(ask);
  await Promise.all([file.load(), file.load()]);
  await file.load();
  expect(ask.mock.calls).toEqual([[1]]);
  expect(told).toEqual(['asked', 'here']);
});

it('says why it did not come, and is asked for under another number the next time', async () => {
  const { file, told } = fileOf(async (attempt) => {
    if (attempt === 1) throw new Error('404');
    return `attempt ${attempt}`;
  });
  await file.load();
  expect(file.fault).toEqual({ message: '1: 404', remedy: '' });
  expect(file.isAsked).toBe(false);
  await file.load();
  expect([file.contents, file.fault]).toEqual(['attempt 2', null]);
  expect(told).toEqual(['asked', '1: 404', 'asked', 'attempt 2']);
});

it('is given up where the server never answers', async () => {
  const { file } = fileOf(() => new Promise(() => undefined), 20);
  await file.load();
  expect(file.fault?.message).toBe('1: it has not arrived within 0.02 seconds');
});
