export { readSettings, setting, type ReadSettings } from './readSettings';
