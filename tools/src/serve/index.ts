export { startServer, viewerDirectory, type RunningServer, type ServerOptions } from './server';
export { basicAuthorization } from './archiveProxy';
