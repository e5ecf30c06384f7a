import { RefusedInputError } from '@inner-ear-hydrops/core';
import { archiveError, isAbort } from './problems';
import { within } from './reading';
import type { DataSource, HostServices } from './hostTypes';

/** dicomweb-client, as the host's DICOMweb data source hands it out (3.12.10 and 3.13.2). */
interface DicomWebClient {
  headers: Record<string, string>;
  retrieveInstance(options: {
    studyInstanceUID: string;
    seriesInstanceUID: string;
    sopInstanceUID: string;
  }): Promise<ArrayBuffer>;
}

/**
 * Stores one Part 10 file by STOW-RS through the host's data source and reads the archive's answer:
 * a success status with a failed instance in it is a failure.
 * @throws RefusedInputError `archive-…`
 */
export async function storeFile(
  dataSource: DataSource | null,
  file: ArrayBuffer,
  what: string,
  timeout: number
): Promise<void> {
  const store = dataSource?.store?.dicom;
  if (!store) {
    throw new RefusedInputError(
      'archive-cannot-store',
      'The data source of this study cannot store.',
      'Use Download to keep the result as a file, or open the study from an archive with STOW-RS.'
    );
  }
  // dicomweb-client takes the request itself in some versions, and `{ instance }` in others.
  const request = Object.assign(new XMLHttpRequest(), { instance: null as unknown });
  request.instance = request;
  try {
    await within(Promise.resolve(store(file, request)), timeout);
  } catch (error) {
    request.abort();
    const failure = failedInstance(request);
    if (failure !== null) throw rejected(what, failure);
    throw archiveError(error, 'store', what);
  }
  const failure = failedInstance(request);
  if (failure !== null) throw rejected(what, failure);
}

function rejected(what: string, reason: number): RefusedInputError {
  return new RefusedInputError(
    'archive-rejected-instance',
    `The archive answered but did not accept ${what} (failure reason ${reason}).`,
    'Retry, or ask whoever runs the archive for the reason in its log. The result is kept here; Download saves it as a file.',
    { reason }
  );
}

/** Failure Reason (0008,1197) of the first failed instance in a STOW-RS answer; null when none failed. */
export function failedInstance(
  request: Pick<XMLHttpRequest, 'responseType' | 'response'>
): number | null {
  const { response } = request;
  const text =
    typeof response === 'string'
      ? response
      : response instanceof ArrayBuffer
        ? new TextDecoder().decode(response)
        : '';
  if (!text.trimStart().startsWith('{') && !text.trimStart().startsWith('[')) return null;
  try {
    const parsed = JSON.parse(text) as unknown;
    const dataset = (Array.isArray(parsed) ? parsed[0] : parsed) as
      Record<string, { Value?: Record<string, { Value?: number[] }>[] }> | undefined;
    const failed = dataset?.['00081198']?.Value ?? [];
    if (failed.length === 0) return null;
    return failed[0]?.['00081197']?.Value?.[0] ?? 0;
  } catch {
    return null;
  }
}

/**
 * Fetches one stored object as a Part 10 file.
 * @throws RefusedInputError `archive-…`
 */
export async function fetchInstance(
  services: Partial<HostServices>,
  dataSource: DataSource | null,
  uids: { studyInstanceUID: string; seriesInstanceUID: string; sopInstanceUID: string },
  what: string,
  timeout: number
): Promise<ArrayBuffer> {
  const retrieve = dataSource?.retrieve as { getWadoDicomWebClient?(): DicomWebClient } | undefined;
  const client = retrieve?.getWadoDicomWebClient?.();
  if (!client) {
    throw new RefusedInputError(
      'archive-cannot-read',
      'The data source of this study does not hand out stored objects.',
      'Open the study from a DICOMweb archive.'
    );
  }
  const authorization = services.userAuthenticationService?.getAuthorizationHeader?.();
  if (authorization) client.headers = authorization;
  try {
    return await within(client.retrieveInstance(uids), timeout);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw archiveError(error, 'load', what);
  }
}
