export { measurementJsonSchema } from '@inner-ear-hydrops/core';
export * from './tables';
