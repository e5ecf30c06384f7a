import { RefusedInputError } from '@inner-ear-hydrops/core';
import yauzl, { type Entry, type ZipFile } from 'yauzl';

/** Files in one archive; exports of whole studies have some thousands. */
const MAX_ENTRIES = 100_000;
/** Medical images shrink to a half, blank images far more; beyond this an entry is a trap. */
const MAX_RATIO = 200;
const ALWAYS_ALLOWED = 64 << 20;
const MAX_ENTRY = 1 << 30;

/** A zip file that is read entry by entry, so that a study need not fit into memory. */
export class ZipReader {
  private constructor(
    readonly path: string,
    private readonly zip: ZipFile,
    private readonly entries: Map<string, Entry>
  ) {}

  /** @throws RefusedInputError `zip-unreadable` */
  static async open(path: string): Promise<ZipReader> {
    try {
      const zip = await new Promise<ZipFile>((resolve, reject) =>
        yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, file) =>
          error ? reject(error) : resolve(file)
        )
      );
      if (zip.entryCount > MAX_ENTRIES) {
        zip.close();
        throw new Error(`it holds ${zip.entryCount} files, more than ${MAX_ENTRIES}`);
      }
      return new ZipReader(path, zip, await listEntries(zip));
    } catch (error) {
      throw refused(path, error);
    }
  }

  /** Names of the files in it, folders with `/`. */
  get names(): string[] {
    return [...this.entries.keys()];
  }

  close(): void {
    this.zip.close();
  }

  /** @throws RefusedInputError `zip-unreadable`: encrypted, damaged, or growing beyond measure */
  async read(name: string): Promise<Buffer> {
    const entry = this.entries.get(name);
    try {
      if (!entry) throw new Error('there is no such file');
      if (entry.isEncrypted()) throw new Error('it is encrypted');
      const { uncompressedSize: size, compressedSize } = entry;
      const limit = Math.min(MAX_ENTRY, Math.max(ALWAYS_ALLOWED, MAX_RATIO * compressedSize));
      if (size > limit) throw new Error(`${size} bytes are more than ${limit}`);
      return await this.inflate(entry);
    } catch (error) {
      throw refused(`${this.path}/${name}`, error);
    }
  }

  /** The size that the directory states is enforced while reading. */
  private inflate(entry: Entry): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', reject);
        stream.on('end', () => resolve(Buffer.concat(chunks)));
      });
    });
  }
}

function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

function refused(path: string, error: unknown): RefusedInputError {
  if (error instanceof RefusedInputError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new RefusedInputError(
    'zip-unreadable',
    `${path} cannot be unpacked: ${reason.replace(/\.$/, '')}.`,
    'Unpack it yourself and give the folder, or export the study again.',
    { file: path }
  );
}
