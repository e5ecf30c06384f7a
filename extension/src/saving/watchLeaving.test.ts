/** @jest-environment jsdom */
import { watchLeaving } from './watchLeaving';

function leaving(isUnsaved: boolean) {
  const keepNow = jest.fn();
  const end = watchLeaving({ isUnsaved: () => isUnsaved, keepNow });
  /** Whether the browser asks. */
  const unload = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  return { keepNow, end, unload };
}

it.each([true, false])('the browser asks before the page goes: %s', (isUnsaved) => {
  const { end, unload, keepNow } = leaving(isUnsaved);
  expect(unload()).toBe(isUnsaved);
  expect(keepNow).toHaveBeenCalledTimes(1);
  end();
});

it('work is kept when the page goes out of sight, as a phone or tablet never says more', () => {
  const { end, keepNow } = leaving(true);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(keepNow).not.toHaveBeenCalled();
  jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(new Event('pagehide'));
  expect(keepNow).toHaveBeenCalledTimes(2);
  jest.restoreAllMocks();
  end();
});

it('nothing is asked or kept once the mode is left', () => {
  const { end, unload, keepNow } = leaving(true);
  end();
  expect(unload()).toBe(false);
  window.dispatchEvent(new Event('pagehide'));
  expect(keepNow).not.toHaveBeenCalled();
});
