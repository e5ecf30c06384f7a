/** @jest-environment jsdom */
import { isUndoKey } from './undoKeys';

const made = (tag: string, type?: string) =>
  Object.assign(document.createElement(tag), type ? { type } : {});
const press = (key: string, held: KeyboardEventInit = { ctrlKey: true }) =>
  new KeyboardEvent('keydown', { key, ...held });

it('undo and redo reach the viewer from every control without text', () => {
  for (const focused of [made('button'), made('select'), made('input', 'checkbox'), null]) {
    for (const key of ['z', 'Z', 'y']) expect(isUndoKey(press(key), focused)).toBe(true);
    expect(isUndoKey(press('z', { metaKey: true }), focused)).toBe(true);
  }
});

it('a field of text keeps them for its own text', () => {
  for (const field of [made('textarea'), made('input', 'text'), made('input', 'number')])
    expect(isUndoKey(press('z'), field)).toBe(false);
});

it('no other key does', () => {
  const button = made('button');
  expect(isUndoKey(press('z', {}), button)).toBe(false);
  expect(isUndoKey(press('ArrowUp'), button)).toBe(false);
  expect(isUndoKey(press('z', { ctrlKey: true, altKey: true }), button)).toBe(false);
});
