export * from './hydrops';
export * from './hydropsOf';
export * from './mrcScale';
