import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './freePort';

const PROGRAM = '/usr/sbin/Orthanc';
const DICOMWEB_PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

export function hasOrthanc(): boolean {
  return existsSync(PROGRAM) && existsSync(DICOMWEB_PLUGIN);
}

export interface RunningOrthanc {
  /** DICOMweb root. */
  url: string;
  stop(): Promise<void>;
}

/** An empty Orthanc with its DICOMweb plugin on a free port; everything it keeps goes at the end. */
export async function startOrthanc(
  options: { user?: string; password?: string } = {}
): Promise<RunningOrthanc> {
  const directory = await mkdtemp(join(tmpdir(), 'orthanc-'));
  const port = await freePort();
  const configuration = join(directory, 'orthanc.json');
  await writeFile(
    configuration,
    JSON.stringify({
      Name: 'Test',
      StorageDirectory: join(directory, 'storage'),
      IndexDirectory: join(directory, 'storage'),
      HttpPort: port,
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: options.user !== undefined,
      RegisteredUsers: options.user === undefined ? {} : { [options.user]: options.password ?? '' },
      Plugins: [DICOMWEB_PLUGIN],
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
    })
  );
  let log = '';
  const child = spawn(PROGRAM, [configuration], { stdio: ['ignore', 'pipe', 'pipe'] });
  const remember = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', remember);
  child.stderr.on('data', remember);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/dicom-web`;
  const authorization = Buffer.from(`${options.user ?? ''}:${options.password ?? ''}`).toString(
    'base64'
  );
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt++) {
    try {
      const headers = { authorization: `Basic ${authorization}` };
      if ((await fetch(`${url}/studies`, { headers })).ok) return { url, stop };
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`Orthanc did not start:\n${log}`);
}
