export { tagText, type DataElement, type ElementSet } from './elements';
export {
  isBinary,
  readValue,
  resolvedVr,
  UnreadableValue,
  type ElementValue,
} from './elementValue';
export * from './encapsulatedFrames';
export * from './functionalGroups';
export * from './headerFromDataset';
export * from './modalityLut';
export * from './part10';
export * from './pixelCodecs';
export * from './plainAttributes';
export * from './readDicomFile';
export * from './collectedSeries';
export {
  folderOf,
  lostFile,
  lostWarnings,
  namingLost,
  type LostFile,
  type SeriesOfFolders,
} from './lostFiles';
export * from './readSeries';
export * from './sliceGeometries';
export { itemsOf, numbersOf } from './values';
