import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PARTS, withParts } from './tables';

test('tables of the method’s page are those of the code: npm run reference', () => {
  const page = readFileSync(path.join(__dirname, '../../../docs/method.md'), 'utf8');
  for (const name of Object.keys(PARTS)) expect(page).toContain(`<!-- /${name} -->`);
  expect(page).toBe(withParts(page));
});
