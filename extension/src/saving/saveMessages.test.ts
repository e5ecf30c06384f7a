import { RefusedInputError } from '@inner-ear-hydrops/core';
import { archiveTarget } from './archiveTarget';
import { itemOf, unfinished } from './saveMessages';
import { MI2, PARTS } from '../../test/testResults';

it('a request that failed is told apart from the part of which it holds a share', async () => {
  const told: string[] = [];
  const target = archiveTarget({
    post: async (_, what) => (told.push(what), null),
    fetch: async () => new ArrayBuffer(0),
    listed: async () => new Set<string>(),
  });
  await target.post(MI2.slice(1));
  expect(told).toEqual(['HYDROPS-Mi2 m2 and 1 more in the same request']);
});

it('of a part of which some images are stored it is said how many', () => {
  const items = PARTS.map(itemOf);
  Object.assign(items[0]!, { status: 'failed', stored: 2 });
  const error = unfinished(new RefusedInputError('archive-server', 'HTTP 500.', 'Retry.'), items);
  expect(error).toMatchObject({
    message: 'HTTP 500. Not stored: HYDROPS-Mi2 (2 of 3 images are stored), Segmentation, Report.',
  });
});
