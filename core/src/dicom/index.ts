export * from './read';
export * from './results';
