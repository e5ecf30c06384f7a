export * from './manifest';
export * from './modelFiles';
