export * from './functionalGroups';
export * from './headerFromDataset';
export * from './modalityLut';
export * from './plainAttributes';
export * from './sliceGeometries';
