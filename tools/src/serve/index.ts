export { startServer, viewerPath, type RunningServer, type ServerOptions } from './server';
export { basicAuthorization } from '../dicomweb/archiveAddress';
