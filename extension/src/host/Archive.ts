import { RefusedInputError } from '@inner-ear-hydrops/core';
import { activeDataSource } from './dataSource';
import { archiveError, retryAfterOf } from './archiveError';
import { isAbort } from '../state/problems';
import { parseStowAnswer, type StowAnswer } from './stowAnswer';
import { unlessSilent, within } from './within';

import type { DataSource, ExtensionManager, HostServices } from './types';

type OnProgress = (event: ProgressEvent) => void;

export interface InstanceUids {
  studyInstanceUID: string;
  seriesInstanceUID: string;
  sopInstanceUID: string;
}

/** What is used of dicomweb-client. */
export interface InstanceClient {
  retrieveInstance(options: InstanceUids & { progressCallback?: OnProgress }): Promise<ArrayBuffer>;
  /** Root of WADO-RS. */
  wadoURL?: string;
  /**
   * The request behind `retrieveInstance`, which itself rejects every list of media types (3.12.10 and 3.13.2: it
   * looks for "application/dicom" among types cut to "application/").
   */
  _httpGetMultipartApplicationDicom?(
    url: string,
    mediaTypes: { mediaType: string; transferSyntaxUID: string }[],
    params: false,
    onProgress: OnProgress
  ): Promise<ArrayBuffer[]>;
}

/** dicomweb-client, as the host's DICOMweb data source hands it out (3.12.10 and 3.13.2). */
interface DicomWebClient extends InstanceClient {
  headers: Record<string, string>;
  searchForInstances?(options: {
    studyInstanceUID: string;
    seriesInstanceUID: string;
  }): Promise<Record<string, { Value?: unknown[] }>[]>;
  storeInstances?(options: { datasets: ArrayBuffer[]; request: unknown }): Promise<unknown>;
}

export interface ArchiveParts {
  services: Pick<HostServices, 'userAuthenticationService'>;
  extensionManager: ExtensionManager;
  /** Milliseconds of silence after which the archive counts as not answering. */
  timeout: number;
}

/** The archive of the open study, through the host's data source of the moment. */
export class Archive {
  private kept: { dataSource: DataSource | null } | null = null;

  constructor(private readonly parts: ArchiveParts) {}

  dataSource(): DataSource | null {
    return this.kept ? this.kept.dataSource : activeDataSource(this.parts.extensionManager);
  }

  /** From now on the data source stays that of now: the next study may come from another archive. */
  keepDataSource(): void {
    this.kept ??= { dataSource: this.dataSource() };
  }

  /** By the name that the site gave it. */
  name(): string {
    const name = this.dataSource()?.getConfig?.()['friendlyName'];
    return typeof name === 'string' && name !== '' ? name : 'the archive';
  }

  /** The host's client with the credentials of the moment; null for a data source that is no DICOMweb. */
  client(): DicomWebClient | null {
    const retrieve = this.dataSource()?.retrieve as
      { getWadoDicomWebClient?(): DicomWebClient } | undefined;
    const client = retrieve?.getWadoDicomWebClient?.() ?? null;
    const authorization = this.headers();
    if (client && authorization) client.headers = authorization;
    return client;
  }

  /** The host's authorisation headers of the moment. */
  headers(): Record<string, string> | undefined {
    return this.parts.services.userAuthenticationService?.getAuthorizationHeader?.();
  }

  /** True where several objects can go in one request. */
  canStoreTogether(): boolean {
    return typeof this.client()?.storeInstances === 'function';
  }

  /**
   * Sends Part 10 files by STOW-RS through the host's data source.
   * @returns what the archive said of each instance; null when it said nothing of them.
   * @throws RefusedInputError `archive-…`; `values.status` is the HTTP status where there was one.
   */
  async post(files: ArrayBuffer[], what: string, signal?: AbortSignal): Promise<StowAnswer | null> {
    const client = this.client();
    const store = this.dataSource()?.store?.dicom;
    if (!store) {
      throw new RefusedInputError(
        'archive-cannot-store',
        'The data source of this study cannot store.',
        'Use Download to keep the result as a file, or open the study from an archive with STOW-RS.'
      );
    }
    // dicomweb-client takes the request itself in some versions, and `{ instance }` in others.
    const holder: { instance: unknown } = { instance: null };
    const request = Object.assign(new XMLHttpRequest(), holder);
    request.instance = request;
    const answerOf = () => parseStowAnswer(request.readyState === 4 ? request.response : '');
    try {
      const sent =
        files.length > 1 && client?.storeInstances
          ? client.storeInstances({ datasets: files, request })
          : store(files[0] as ArrayBuffer, request);
      await unlessSilent(
        (alive) => {
          request.upload?.addEventListener('progress', alive);
          return Promise.resolve(sent);
        },
        this.parts.timeout,
        signal
      );
    } catch (error) {
      // 409 says that some or all instances failed, and which; aborting would lose the answer.
      const answer = answerOf();
      // Null too where another origin does not expose the header.
      const header = request.readyState >= 2 ? request.getResponseHeader('Retry-After') : null;
      request.abort();
      if (answer) return answer;
      signal?.throwIfAborted();
      throw archiveError(error, 'store', what, retryAfterOf(header, new Date()));
    }
    return answerOf();
  }

  /**
   * Fetches one stored object as a Part 10 file.
   * @throws RefusedInputError `archive-…`
   */
  async fetch(uids: InstanceUids, what: string): Promise<ArrayBuffer> {
    const client = this.client();
    if (!client) {
      throw new RefusedInputError(
        'archive-cannot-read',
        'The data source of this study does not hand out stored objects.',
        'Open the study from a DICOMweb archive.'
      );
    }
    try {
      return await within(client.retrieveInstance(uids), this.parts.timeout);
    } catch (error) {
      if (isAbort(error)) throw error;
      throw archiveError(error, 'load', what);
    }
  }

  /**
   * SOP Instance UIDs that the archive lists of a series (QIDO-RS). Empty where it does not say: a
   * question whose answer only saves work must not stop it.
   */
  async listed(uids: Omit<InstanceUids, 'sopInstanceUID'>): Promise<Set<string>> {
    const client = this.client();
    if (!client?.searchForInstances) return new Set();
    try {
      const found = await within(client.searchForInstances(uids), this.parts.timeout);
      return new Set(found.map((item) => String(item['00080018']?.Value?.[0] ?? '')));
    } catch {
      return new Set();
    }
  }
}
