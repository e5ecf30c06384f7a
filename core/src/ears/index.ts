export * from './earCrop';
export * from './absentEars';
export * from './earReach';
export * from './findEars';
export * from './islands';
export * from './referencePoints';
export * from './separableResampling';
