import type { Findings } from '../state/findingFields';
import type { SavePart, UnsavedResult } from '../state/HydropsState';

// What no archive has confirmed yet, in the browser's IndexedDB: it survives a crash, a closed tab
// and a restart. Names of databases and stores must not change, or results kept before are lost.

const DATABASE = 'inner-ear-hydrops';
const RESULTS = 'results';
const FILES = 'files';
const VERSION = 1;

/** One encoded object of a kept result. */
export interface KeptObject {
  sopInstanceUid: string;
  part: SavePart;
  description: string;
}

/** A kept result; its files stand in a store of their own, so that a list does not read them. */
export interface KeptResult {
  id: string;
  studyInstanceUid: string;
  kind: UnsavedResult['kind'];
  created: string;
  edited: boolean;
  /** What of it is the reader's (`readersChanges`); not in those kept by earlier versions. */
  changes?: string[];
  /** In the order of storing. */
  objects: KeptObject[];
  /** Of a draft: the reader's findings where they were changed after its file was made. */
  findings?: Findings;
}

export class KeptResults {
  private constructor(private readonly database: IDBDatabase) {}

  /** @throws Error in words where this browser offers no storage (private windows, policies). */
  static async open(): Promise<KeptResults> {
    if (typeof indexedDB === 'undefined') throw new Error('this browser offers no IndexedDB');
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database
        .createObjectStore(RESULTS, { keyPath: 'id' })
        .createIndex('study', 'studyInstanceUid');
      database.createObjectStore(FILES);
    };
    const database = await done(request);
    // Another tab may hold a newer version of this software.
    database.onversionchange = () => database.close();
    return new KeptResults(database);
  }

  /** Results of a study, newest first. */
  async list(studyInstanceUid: string): Promise<KeptResult[]> {
    const store = this.database.transaction(RESULTS).objectStore(RESULTS);
    const found = (await done(store.index('study').getAll(studyInstanceUid))) as KeptResult[];
    return found.sort((a, b) => b.created.localeCompare(a.created));
  }

  async get(id: string): Promise<KeptResult | null> {
    const store = this.database.transaction(RESULTS).objectStore(RESULTS);
    return ((await done(store.get(id))) as KeptResult | undefined) ?? null;
  }

  async file(id: string, sopInstanceUid: string): Promise<ArrayBuffer | null> {
    const store = this.database.transaction(FILES).objectStore(FILES);
    return ((await done(store.get([id, sopInstanceUid]))) as ArrayBuffer | undefined) ?? null;
  }

  /**
   * Keeps a result with its files, all of it or nothing; files that it has already need not be given again.
   * @throws DOMException QuotaExceededError when the browser has no room
   */
  async put(result: KeptResult, files: Map<string, ArrayBuffer>): Promise<void> {
    const transaction = this.database.transaction([RESULTS, FILES], 'readwrite');
    transaction.objectStore(RESULTS).put(result);
    const store = transaction.objectStore(FILES);
    for (const [uid, file] of files) store.put(file, [result.id, uid]);
    const done = committed(transaction);
    // Without waiting for an answer, for which the page may not last.
    transaction.commit();
    await done;
  }

  /** Forgets one object that the archive has confirmed. */
  async removeObject(id: string, sopInstanceUid: string): Promise<void> {
    const transaction = this.database.transaction([RESULTS, FILES], 'readwrite');
    transaction.objectStore(FILES).delete([id, sopInstanceUid]);
    const store = transaction.objectStore(RESULTS);
    const request = store.get(id);
    request.onsuccess = () => {
      const result = request.result as KeptResult | undefined;
      if (!result) return;
      const objects = result.objects.filter((object) => object.sopInstanceUid !== sopInstanceUid);
      if (objects.length > 0) store.put({ ...result, objects });
      else store.delete(id);
    };
    await committed(transaction);
  }

  async remove(id: string): Promise<void> {
    const transaction = this.database.transaction([RESULTS, FILES], 'readwrite');
    transaction.objectStore(RESULTS).delete(id);
    transaction.objectStore(FILES).delete(IDBKeyRange.bound([id], [id, []]));
    await committed(transaction);
  }

  close(): void {
    this.database.close();
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser refused its storage'));
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    const fail = () =>
      reject(transaction.error ?? new Error('the browser did not keep the result'));
    transaction.onabort = fail;
    transaction.onerror = fail;
  });
}
