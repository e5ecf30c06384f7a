/** @jest-environment jsdom */
import { logged } from '@inner-ear-hydrops/core';
import { DEBUG_KEY, switchDebugLog } from './debugSwitch';

let heard: jest.SpyInstance;
beforeEach(() => {
  heard = jest.spyOn(console, 'debug').mockImplementation(() => undefined);
});
afterEach(() => {
  localStorage.clear();
  jest.restoreAllMocks();
});

/** Whether a step within a stay in the mode is logged. */
function isOn(setting: boolean): boolean {
  const end = switchDebugLog(setting);
  logged('align', () => undefined);
  end();
  const lines = heard.mock.calls.length;
  logged('align', () => undefined);
  expect(heard.mock.calls.length).toBe(lines);
  return lines > 0;
}

it('is off unless the site or this browser asks for it, and always off after the stay', () => {
  expect(isOn(false)).toBe(false);
  expect(isOn(true)).toBe(true);
});

it.each([
  ['1', true],
  ['true', true],
  ['0', false],
  ['', false],
])('follows the local storage: %p', (value, expected) => {
  localStorage.setItem(DEBUG_KEY, value);
  expect(isOn(false)).toBe(expected);
});

it('does without a storage that the browser forbids', () => {
  jest.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
    throw new Error('denied');
  });
  expect(isOn(false)).toBe(false);
});
