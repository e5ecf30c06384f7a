import { Hold } from './Hold';
import { openStudy } from '../../test/testStudy';

it('while a result is made or opened, a change is refused with a word', () => {
  const notify = jest.fn();
  const store = openStudy({ status: 'ready' });
  const hold = new Hold({ store, notify });
  expect(hold.refuses()).toBe(false);
  store.apply(() => ({ status: 'running' }));
  expect(hold.isOn()).toBe(true);
  expect(notify).not.toHaveBeenCalled();
  expect(hold.refuses()).toBe(true);
  expect(notify).toHaveBeenCalledWith(
    expect.objectContaining({ title: 'Nothing was changed', allowDuplicates: true })
  );
});
