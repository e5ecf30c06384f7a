import { connect } from 'node:net';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { archiveRoutes, type InstanceStore } from '../archive';
import { CommandError } from '../errors';
import { projectRoot } from '../projectRoot';
import { Access } from './access';
import { archiveProxy, type ProxyOptions } from './archiveProxy';
import { newApp, type Timeouts } from './newApp';
import { addGate } from './gate';
import { addDataHeaders, addHeaders, viewerPolicy } from './headers';
import { viewerConfigScript } from './viewerConfig';

export interface ServerOptions {
  /** 0 for any free port. */
  port: number;
  /** The embedded archive, or an archive to pass requests on to. */
  archive: InstanceStore | ProxyOptions;
  /** Version of the prebuilt viewer, e.g. 3.13.2. */
  ohif: string;
  /** Settings of the extension, over the defaults. */
  innerEarHydrops?: Record<string, unknown>;
  /** False: the prebuilt viewer as it comes, or with the plugins that `viewerConfig` names. */
  install?: boolean;
  /** Over the viewer's own configuration. */
  viewerConfig?: Record<string, unknown>;
  logLevel?: string;
  /** False asks for no token. */
  token?: boolean;
  timeouts?: Timeouts;
}

export interface RunningServer {
  port: number;
  /** e.g. http://localhost:3000, no slash at its end. */
  url: string;
  /** Address that opens a path of the viewer, with the token, where one is asked for: a browser needs it once. */
  address(path: string): string;
  close(): Promise<void>;
}

const PLUGIN_FOLDERS = { extension: 'extension/dist', mode: 'mode/dist' };
const OWN_PREFIXES = ['/dicomweb', '/plugins/', '/models/'];

/** Route that opens a study in the mode. */
export function viewerPath(studyInstanceUid: string): string {
  return `/inner-ear-hydrops?StudyInstanceUIDs=${encodeURIComponent(studyInstanceUid)}`;
}

/** Where the prebuilt viewer of a version lies, as `npm run setup` puts it. */
function viewerDirectory(version: string): string {
  return join(projectRoot(), '.cache', 'ohif', version);
}

/**
 * One loopback port with the prebuilt viewer, its configuration, the plugins, the models and DICOMweb.
 * @throws CommandError when the port is taken or the viewer is not there.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const viewer = viewerDirectory(options.ohif);
  if (!existsSync(join(viewer, 'index.html'))) {
    throw new CommandError(
      `The viewer ${options.ohif} is not in ${viewer}. Run "npm run setup" first.`
    );
  }
  const access = options.token === false ? null : new Access();
  const app = newApp(options.logLevel, options.timeouts);
  const modelUrl = options.innerEarHydrops?.['modelUrl'];
  const indexHtml = await readFile(join(viewer, 'index.html'), 'utf8');
  addHeaders(app, viewerPolicy(indexHtml, typeof modelUrl === 'string' ? modelUrl : undefined));
  addGate(app, access);
  await registerFiles(app, viewer, options);
  await registerArchive(app, options.archive);

  const port = await listen(app, options.port);
  const url = `http://localhost:${port}`;
  return {
    port,
    url,
    address: (path) => url + (access?.addressWithToken(path) ?? path),
    close: () => app.close(),
  };
}

/** DICOMweb below /dicomweb, of either archive. */
export async function registerArchive(
  app: FastifyInstance,
  archive: InstanceStore | ProxyOptions
): Promise<void> {
  if ('url' in archive) {
    await archiveProxy(app, archive);
    return;
  }
  await app.register(
    async (scope) => {
      addDataHeaders(scope);
      await scope.register(archiveRoutes(archive));
    },
    { prefix: '/dicomweb' }
  );
}

async function registerFiles(
  app: FastifyInstance,
  viewer: string,
  options: ServerOptions
): Promise<void> {
  const root = projectRoot();
  const install = await readFile(join(root, 'extension/public/install.js'), 'utf8');
  const config = viewerConfigScript({
    ...(options.install === false ? {} : { install }),
    innerEarHydrops: {
      backend: 'auto',
      ...options.innerEarHydrops,
    },
    ...(options.viewerConfig ? { overrides: options.viewerConfig } : {}),
  });
  app.get('/app-config.js', (_request, reply) =>
    reply.header('Cache-Control', 'no-store').type('text/javascript; charset=utf-8').send(config)
  );
  await app.register(fastifyStatic, { root: viewer, prefix: '/' });
  const folders: [string, string][] = [
    ...Object.entries(PLUGIN_FOLDERS).map(([name, path]): [string, string] => [
      `/plugins/${name}/`,
      path,
    ]),
    ['/models/', 'models'],
  ];
  for (const [prefix, path] of folders) {
    const directory = join(root, path);
    if (!existsSync(directory)) continue;
    await app.register(fastifyStatic, {
      root: directory,
      prefix,
      decorateReply: false,
      // A new build must show after a reload.
      cacheControl: false,
      setHeaders: (response) => {
        response.header('Cache-Control', 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const page =
      request.method === 'GET' && !OWN_PREFIXES.some((prefix) => path.startsWith(prefix));
    // The viewer's routes are its own; a missing file stays missing.
    if (page && !/\.[a-z0-9]+$/i.test(path)) return reply.sendFile('index.html');
    return reply.code(404).send({ message: `${request.method} ${path} does not exist here.` });
  });
}

/**
 * Says that a port is taken before anything slow is done; `startServer` finds out too, but late.
 * @throws CommandError
 */
export async function requireFreePort(port: number): Promise<void> {
  if (port === 0) return;
  // A browser may try the IPv6 loopback first and meet another program there.
  const taken = (await accepts('::1', port)) || (await accepts('127.0.0.1', port));
  if (taken) throw new CommandError(portTaken(port));
}

const portTaken = (port: number) => `Port ${port} is taken. Choose another with --port.`;

async function listen(app: FastifyInstance, port: number): Promise<number> {
  try {
    await requireFreePort(port);
    await app.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    await app.close();
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new CommandError(portTaken(port));
    if (code === 'EACCES') {
      throw new CommandError(
        `Port ${port} may not be used by this account. Choose another with --port.`
      );
    }
    throw error;
  }
  const address = app.server.address();
  return typeof address === 'object' && address ? address.port : port;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const answer = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.setTimeout(500, () => answer(false));
  });
}
