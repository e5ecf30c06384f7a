import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstanceStore, parseInstance } from '../../tools/src/archive';
import { startServer, viewerPath } from '../../tools/src/serve';
import { storeFiles } from './dicomweb';
import { startOrthanc } from './orthanc';

const versions = JSON.parse(
  readFileSync(join(__dirname, '../../scripts/ohif-versions.json'), 'utf8')
) as { default: string; tested: string[] };

/** One of `TESTED_VERSIONS`. */
export type ViewerVersion = string;
/** Of scripts/ohif-versions.json, which setup, server and tests share. */
export const DEFAULT_VERSION: ViewerVersion = versions.default;
export const TESTED_VERSIONS: readonly ViewerVersion[] = versions.tested;
/**
 * Where more is tried than that the mode opens, measures, saves and harms nothing: the newest viewer, and with
 * `npm test -- --every-viewer` all of them.
 */
export const FULLY_TESTED_VERSIONS: readonly ViewerVersion[] =
  process.env.HYDROPS_EVERY_VIEWER === '1' ? TESTED_VERSIONS : [DEFAULT_VERSION];

export interface ViewerOptions {
  /** `embedded` (default), `orthanc`, or the DICOMweb root of an archive that runs. */
  archive?: string;
  ohif?: ViewerVersion;
  /** Part 10 files that the archive holds from the start. */
  files?: Uint8Array[];
  /** Settings of the extension, such as `{ backend: 'wasm' }`. */
  innerEarHydrops?: Record<string, unknown>;
  /** False leaves the plugins out, unless `viewerConfig` names them. */
  install?: boolean;
  /** Laid over the viewer's own configuration. */
  viewerConfig?: Record<string, unknown>;
  /** False asks for no token: the viewer stands behind another server of the test. */
  token?: boolean;
}

export interface RunningViewer {
  /** e.g. http://localhost:41234. */
  url: string;
  /** DICOMweb root as the browser sees it. */
  dicomweb: string;
  /** Address that opens a path of the viewer in a browser that has not been there, as `hydrops serve` prints it. */
  address(path: string): string;
  /** Such an address of a study in the mode. */
  studyUrl(studyInstanceUid: string): string;
  /** The embedded archive, for tests that look into it. */
  store: InstanceStore | null;
  stop(): Promise<void>;
}

/** The prebuilt viewer with our built plugins on a free port, before an archive with the given files. */
export async function startViewer(options: ViewerOptions = {}): Promise<RunningViewer> {
  const kind = options.archive ?? 'embedded';
  const cleanup: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of cleanup.reverse()) await step();
  };
  try {
    let store: InstanceStore | null = null;
    let upstream = kind;
    if (kind === 'embedded') {
      const directory = await mkdtemp(join(tmpdir(), 'archive-'));
      cleanup.push(() => rm(directory, { recursive: true, force: true }));
      store = await InstanceStore.open(directory);
      for (const file of options.files ?? []) await store.add(parseInstance(file), file);
    } else {
      if (kind === 'orthanc') {
        const orthanc = await startOrthanc();
        cleanup.push(() => orthanc.stop());
        upstream = orthanc.url;
      }
      await storeFiles(upstream, options.files ?? []);
    }
    const server = await startServer({
      port: 0,
      archive: store ?? { url: upstream, timeout: 20_000 },
      ohif: options.ohif ?? DEFAULT_VERSION,
      ...(options.innerEarHydrops ? { innerEarHydrops: options.innerEarHydrops } : {}),
      ...(options.install === undefined ? {} : { install: options.install }),
      ...(options.viewerConfig ? { viewerConfig: options.viewerConfig } : {}),
      ...(options.token === undefined ? {} : { token: options.token }),
    });
    cleanup.push(() => server.close());
    return {
      url: server.url,
      dicomweb: `${server.url}/dicomweb`,
      address: (path) => server.address(path),
      studyUrl: (uid) => server.address(viewerPath(uid)),
      store,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
