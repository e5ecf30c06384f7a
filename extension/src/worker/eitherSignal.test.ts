import { eitherSignal } from './eitherSignal';

describe('a signal that follows two others', () => {
  it('aborts with the first of them, and keeps its reason', () => {
    const [first, other] = [new AbortController(), new AbortController()];
    const { signal } = eitherSignal(first.signal, other.signal);
    expect(signal.aborted).toBe(false);
    other.abort('the reader cancels');
    first.abort('too late');
    expect(signal.reason).toBe('the reader cancels');
  });

  it('is aborted from the start where one of them is', () => {
    const { signal } = eitherSignal(undefined, new AbortController().signal, AbortSignal.abort(7));
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(7);
  });

  it('lets go of the signals when the work is done', () => {
    const long = new AbortController();
    const added = jest.spyOn(long.signal, 'addEventListener');
    const removed = jest.spyOn(long.signal, 'removeEventListener');
    const { signal, release } = eitherSignal(long.signal);
    release();
    long.abort();
    expect(signal.aborted).toBe(false);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener)
    );
  });
});
