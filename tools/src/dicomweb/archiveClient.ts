import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { isUid } from '../archive/parseInstance';
import { parseMultipart } from '../archive/multipart';
import { readAll } from '../files/readAll';
import { CommandError } from '../errors';
import { authorizationIn, parseArchiveUrl } from './archiveAddress';

/** An answer to a query: elements by tag (PS3.18 F.2). */
type Answer = Record<string, { Value?: unknown[] } | undefined>;

export interface ArchivedStudy {
  studyInstanceUid: string;
  patientId: string;
}

export interface ArchivedInstance {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
}

/** Results asked for at a time, and pages until an archive counts as endless. */
const PAGE = 200;
const MOST_PAGES = 500;
/** Bytes of one instance, and of one page of answers. */
const MAX_INSTANCE = 1 << 30;
const MAX_ANSWER = 1 << 26;
/** Milliseconds for one request, and before it is tried again. */
interface Patience {
  patience: number;
  pauses: readonly number[];
}
const PATIENT: Patience = { patience: 120_000, pauses: [500, 3000] };
const ASKED_ONCE: Patience = { patience: 10_000, pauses: [] };

/** Asks an archive (QIDO-RS, WADO-RS) for studies and their files. */
export class ArchiveClient {
  private readonly root: string;
  private readonly headers: Record<string, string>;

  /** @throws CommandError for an address that is none */
  constructor(address: string, authorization: string | undefined) {
    const url = parseArchiveUrl(address);
    const own = authorization ?? authorizationIn(url);
    url.username = '';
    url.password = '';
    this.root = url.href.replace(/\/+$/, '');
    this.headers = own === undefined ? {} : { authorization: own };
  }

  /** @param filters of PS3.18 8.3.4, by keyword or tag @throws CommandError status 2 where the archive does not answer */
  async studies(filters: Readonly<Record<string, string>>): Promise<ArchivedStudy[]> {
    const found = await this.query('studies', filters);
    return found.map((answer) => ({
      studyInstanceUid: uidIn(answer, '0020000D'),
      patientId: textIn(answer, '00100020'),
    }));
  }

  /** One short question, asked once: what is wrong with the answer, in words, or null. */
  async fault(): Promise<string | null> {
    try {
      const accept = 'application/dicom+json, application/json';
      const { body } = await this.get('studies?limit=1', accept, MAX_ANSWER, ASKED_ONCE);
      if (body.length > 0) parsed(`${this.root}/studies`, body);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Series of a study, with their modalities. */
  async series(study: string): Promise<{ uid: string; modality: string }[]> {
    const found = await this.query(`studies/${study}/series`, {});
    return found.map((answer) => ({
      uid: uidIn(answer, '0020000E'),
      modality: textIn(answer, '00080060'),
    }));
  }

  async instances(study: string, series: string): Promise<ArchivedInstance[]> {
    const found = await this.query(`studies/${study}/series/${series}/instances`, {});
    return found.map((answer) => ({
      ...{ studyInstanceUid: study, seriesInstanceUid: series },
      sopInstanceUid: uidIn(answer, '00080018'),
    }));
  }

  /** The file as it is stored, without conversion. @throws CommandError status 2 */
  async file(instance: ArchivedInstance): Promise<Buffer> {
    const { studyInstanceUid: study, seriesInstanceUid: series, sopInstanceUid } = instance;
    const path = `studies/${study}/series/${series}/instances/${sopInstanceUid}`;
    const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    const { type, body } = await this.get(path, accept, MAX_INSTANCE);
    const parts = /^multipart\/related/i.test(type) ? parseMultipart(body, type) : [{ body }];
    const [only] = parts;
    if (!only || parts.length > 1)
      throw new CommandError(`${this.root}/${path} answered with ${parts.length} files.`, 2);
    return only.body;
  }

  /** All pages of an answer; archives that know no pages answer each time with the same. */
  private async query(path: string, filters: Readonly<Record<string, string>>): Promise<Answer[]> {
    const all = new Map<string, Answer>();
    for (let page = 0; page < MOST_PAGES; page++) {
      const search = new URLSearchParams({
        ...filters,
        limit: String(PAGE),
        offset: String(page * PAGE),
      });
      const accept = 'application/dicom+json, application/json';
      const { body } = await this.get(`${path}?${search}`, accept, MAX_ANSWER);
      const answers = body.length === 0 ? [] : parsed(`${this.root}/${path}`, body);
      const before = all.size;
      for (const answer of answers) all.set(keyOf(answer), answer);
      if (answers.length < PAGE || all.size === before) return [...all.values()];
    }
    throw new CommandError(`${this.root}/${path} answers without an end.`, 2);
  }

  private async get(
    path: string,
    accept: string,
    maxBytes: number,
    { patience, pauses }: Patience = PATIENT
  ): Promise<{ type: string; body: Buffer }> {
    const address = `${this.root}/${path}`;
    for (let attempt = 0; ; attempt++) {
      try {
        const signal = AbortSignal.timeout(patience);
        const response = await fetch(address, { headers: { ...this.headers, accept }, signal });
        if (response.status >= 500 && attempt < pauses.length)
          throw new Error(`status ${response.status}`);
        if (response.status !== 200 && response.status !== 204)
          throw refusal(address, response.status);
        const body = response.body
          ? await readAll(Readable.fromWeb(response.body as ReadableStream), maxBytes)
          : Buffer.alloc(0);
        return { type: response.headers.get('content-type') ?? '', body };
      } catch (error) {
        const pause = pauses[attempt];
        if (error instanceof CommandError) throw error;
        if (pause === undefined)
          throw new CommandError(
            `The archive does not answer ${address}: ${(error as Error).message}.`,
            2
          );
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

const WHY: Readonly<Record<number, string>> = {
  401: ' Give user and password with --dicomweb-user and --dicomweb-password, or --dicomweb-header.',
  403: ' The user may not read it.',
  404: ' Is this the DICOMweb root of the archive?',
};

const refusal = (address: string, status: number) =>
  new CommandError(`The archive answered ${address} with status ${status}.${WHY[status] ?? ''}`, 2);

function parsed(address: string, body: Buffer): Answer[] {
  try {
    const answers: unknown = JSON.parse(body.toString('utf8'));
    if (Array.isArray(answers)) return answers as Answer[];
  } catch {
    // Said below.
  }
  throw new CommandError(`${address} did not answer in DICOM JSON. Is it the DICOMweb root?`, 2);
}

const textIn = (answer: Answer, tag: string): string =>
  String(answer[tag]?.Value?.[0] ?? '').trim();

/** UIDs become parts of paths. */
function uidIn(answer: Answer, tag: string): string {
  const uid = textIn(answer, tag);
  if (isUid(uid)) return uid;
  throw new CommandError(
    `The archive answered with "${uid}" for (${tag.slice(0, 4)},${tag.slice(4)}), which is no UID.`,
    2
  );
}

const keyOf = (answer: Answer): string =>
  ['0020000D', '0020000E', '00080018'].map((tag) => textIn(answer, tag)).join(' ');
