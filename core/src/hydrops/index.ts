export * from './hydrops';
export * from './hydropsOf';
