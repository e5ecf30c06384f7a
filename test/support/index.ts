export { hasBrowser, launchBrowser } from './browser';
export { storeFiles } from './dicomweb';
export {
  startFaultyArchive,
  type Fault,
  type FaultRule,
  type FaultyArchive,
} from './faultyArchive';
export { hasOrthanc, startOrthanc, type RunningOrthanc } from './orthanc';
export {
  startViewer,
  type RunningViewer,
  type ViewerOptions,
  DEFAULT_VERSION,
  FULLY_TESTED_VERSIONS,
  TESTED_VERSIONS,
  type ViewerVersion,
} from './viewer';
export { EARS_ONLY, labelsOf, preparedOf, simulateEars } from './phantomStudy';
