import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DicomJson } from './dicomJson';
import {
  isUid,
  messageOf,
  parseInstance,
  type InstanceIds,
  type ParsedInstance,
} from './parseInstance';

/** What the index keeps of an instance; the file has everything else. */
export interface IndexedInstance extends InstanceIds {
  sopClassUid: string;
  transferSyntaxUid: string;
  path: string;
  /** Top level without sequences and bulk data: what a query may ask for. */
  attributes: DicomJson;
}

export type StoreOutcome = 'stored' | 'identical' | 'different';

const TEMPORARY = '.incomplete-';
/** Patient data are for the account that runs the server, and for no other account of the machine. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHER_ACCOUNTS = 0o077;
/** Parsed metadata kept in memory; a study of three stacks of 208 slices fits. */
const MAX_METADATA_CACHE = 1000;

/**
 * DICOM instances in a directory, one file each at `<study>/<series>/<instance>.dcm`. A file appears
 * under its name only when it is complete; the index is rebuilt from the files at each start.
 */
export class InstanceStore {
  private readonly instances = new Map<string, IndexedInstance>();
  private readonly metadataCache = new Map<string, DicomJson>();
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(readonly directory: string) {}

  /** Opens or makes the directory; `onProblem` hears of each path what is wrong with it. */
  static async open(
    directory: string,
    onProblem: (path: string, message: string) => void = () => undefined
  ): Promise<InstanceStore> {
    const store = new InstanceStore(directory);
    await mkdir(directory, { recursive: true, mode: FOLDER_MODE });
    await closeToOthers(directory, onProblem);
    for await (const path of filesUnder(directory)) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (name.startsWith(TEMPORARY)) {
        await rm(path, { force: true });
      } else if (name.endsWith('.dcm')) {
        try {
          store.remember(parseInstance(await readFile(path)), path);
        } catch (error) {
          onProblem(path, `is left out: ${messageOf(error)}`);
        }
      }
    }
    return store;
  }

  get size(): number {
    return this.instances.size;
  }

  /** All instances, or those of a study, series or instance. */
  list(scope: Partial<InstanceIds> = {}): IndexedInstance[] {
    if (scope.sopInstanceUid !== undefined) {
      const instance = this.instances.get(scope.sopInstanceUid);
      return instance && within(instance, scope) ? [instance] : [];
    }
    return [...this.instances.values()].filter((instance) => within(instance, scope));
  }

  async file(instance: IndexedInstance): Promise<Buffer> {
    return readFile(instance.path);
  }

  async parsed(instance: IndexedInstance): Promise<ParsedInstance> {
    return parseInstance(await readFile(instance.path));
  }

  /** The DICOM JSON model, bulk data paths relative. */
  async metadata(instance: IndexedInstance): Promise<DicomJson> {
    const known = this.metadataCache.get(instance.sopInstanceUid);
    if (known) return known;
    const { metadata } = await this.parsed(instance);
    this.cacheMetadata(instance.sopInstanceUid, metadata);
    return metadata;
  }

  /**
   * Keeps an instance. `identical` when the same bytes are kept already; `different` when other
   * bytes have this SOP Instance UID: those stay and the new bytes are not kept.
   */
  async add(parsed: ParsedInstance, file: Uint8Array): Promise<StoreOutcome> {
    // One write at a time: two requests with one UID must not both find it missing.
    const result = this.writing.then(() => this.write(parsed, file));
    this.writing = result.catch(() => undefined);
    return result;
  }

  private async write(parsed: ParsedInstance, file: Uint8Array): Promise<StoreOutcome> {
    const existing = this.instances.get(parsed.sopInstanceUid);
    if (existing) {
      return (await readFile(existing.path)).equals(file) ? 'identical' : 'different';
    }
    const folder = join(this.directory, parsed.studyInstanceUid, parsed.seriesInstanceUid);
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const temporary = join(folder, TEMPORARY + randomUUID());
    const path = join(folder, `${parsed.sopInstanceUid}.dcm`);
    try {
      const handle = await open(temporary, 'wx', FILE_MODE);
      try {
        await handle.writeFile(file);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    this.remember(parsed, path);
    return 'stored';
  }

  private remember(parsed: ParsedInstance, path: string): void {
    const attributes: DicomJson = {};
    for (const [tag, element] of Object.entries(parsed.metadata)) {
      if (element.vr !== 'SQ' && element.BulkDataURI === undefined) attributes[tag] = element;
    }
    this.instances.set(parsed.sopInstanceUid, {
      studyInstanceUid: parsed.studyInstanceUid,
      seriesInstanceUid: parsed.seriesInstanceUid,
      sopInstanceUid: parsed.sopInstanceUid,
      sopClassUid: parsed.sopClassUid,
      transferSyntaxUid: parsed.transferSyntaxUid,
      path,
      attributes,
    });
    this.cacheMetadata(parsed.sopInstanceUid, parsed.metadata);
  }

  private cacheMetadata(uid: string, metadata: DicomJson): void {
    this.metadataCache.set(uid, metadata);
    if (this.metadataCache.size > MAX_METADATA_CACHE) {
      const oldest = this.metadataCache.keys().next();
      if (!oldest.done) this.metadataCache.delete(oldest.value);
    }
  }
}

function within(instance: IndexedInstance, scope: Partial<InstanceIds>): boolean {
  return (
    (scope.studyInstanceUid ?? instance.studyInstanceUid) === instance.studyInstanceUid &&
    (scope.seriesInstanceUid ?? instance.seriesInstanceUid) === instance.seriesInstanceUid
  );
}

/**
 * The folders of studies that an earlier version or a copy has left open; nobody else then reaches what is in them. The
 * directory itself and whatever else lies in it are left as they are: they may have been there before the store.
 */
async function closeToOthers(
  directory: string,
  onProblem: (path: string, message: string) => void
): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (!entry.isDirectory() || !isUid(entry.name)) continue;
    const path = join(directory, entry.name);
    if (((await stat(path)).mode & OTHER_ACCOUNTS) === 0) continue;
    try {
      await chmod(path, FOLDER_MODE);
    } catch (error) {
      onProblem(path, `may be read by other accounts of this machine: ${messageOf(error)}`);
    }
  }
}

/** Every file below a directory, in a stable order. */
export async function* filesUnder(directory: string): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile()) yield path;
  }
}
