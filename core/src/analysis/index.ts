export * from './analyzeStudy';
