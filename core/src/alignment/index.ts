export * from './alignToMrc';
