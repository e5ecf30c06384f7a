import { firstItems } from '@inner-ear-hydrops/core';
import { accountFor, countUsed } from './accounting';
import { evaluationHtml } from './report';
import { organResult, studyResult } from '../../test/evaluated';
import { summariseModel } from './summarise';

const study = studyResult('case-1', [organResult({ areaRatio: null })]);
const picture = {
  study: 'case-1',
  ear: 'left',
  organ: 'cochlea',
  dice: 0.89,
  image: { seriesNumber: 4, instanceNumber: 25, frameNumber: null, sopInstanceUid: '2.25.1' },
  png: Buffer.from('png'),
} as const;

test('the page shows examples, worst cases and each study once, images by series and number', () => {
  const model = { name: 'net', version: '1.0.0', sha256: 'ab'.repeat(32) };
  const summary = summariseModel(
    { model, location: 'here', parameters: 10, bytes: 1000, backend: 'none' },
    [study]
  );
  const page = evaluationHtml(
    {
      models: [{ summary, studies: [study], examples: [picture], worst: [picture] }],
      problems: [],
      accounting: accountFor(1, countUsed([study]), []),
      notes: [],
    },
    'A test.'
  );
  for (const heading of ['Examples', 'Worst cases', 'Studies'])
    expect(page.split(`<h3>${heading}</h3>`)).toHaveLength(2);
  expect(page.match(/series 4, image 25/g)).toHaveLength(2);
  // Marks of a merge stood between the parts for several versions.
  expect(page).not.toMatch(/<<<<<<<|=======|>>>>>>>/);
  const [head, body] = firstItems(
    page.slice(page.indexOf('aria-label="Studies"')).split('<tbody>'),
    2
  );
  expect(body.match(/<td>/g)).toHaveLength(head.match(/<th>/g)?.length ?? 0);
});
