export { logged, loggedStages, logTo, type LogSink } from './debugLog';
