export * from './analyzeStudy';
export * from './prepareStudy';
export * from './runAnalysis';
export * from './measurementSchema';
export * from './measurementOf';
