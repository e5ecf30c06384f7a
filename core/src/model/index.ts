export * from './manifest';
export * from './modelFiles';
export * from './pin';
