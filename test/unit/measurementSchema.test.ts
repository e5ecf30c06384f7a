import { readFileSync } from 'node:fs';
import path from 'node:path';
import { measurementJsonSchema } from '@inner-ear-hydrops/core';

test('the schema in docs is the schema that the software checks its results against', () => {
  const file = path.resolve(__dirname, '../../docs/measurement.schema.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(measurementJsonSchema());
});

test('names one type at a time, as strict validators (ajv) want it', () => {
  expect(JSON.stringify(measurementJsonSchema())).not.toContain('"type":[');
});
