import type { DicomJson } from './dicomJson';
import type { Part } from './multipart';
import { messageOf, parseInstance, UnreadableInstanceError } from './parseInstance';
import type { InstanceStore } from './store';

/**
 * Failure reasons of PS3.18 table I.2-2 (0110H, 0122H, A7xxH, CxxxH) and PS3.7 annex C (0111H). A9xxH is not among them:
 * it says that a data set does not fit its SOP class, which is not looked into.
 */
const FAILURE = {
  processing: 0x0110,
  duplicateSopInstance: 0x0111,
  sopClassNotSupported: 0x0122,
  outOfResources: 0xa700,
  cannotUnderstand: 0xc000,
} as const;

/** What the system says where a disk is full or an account has used up its share. */
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'ENOMEM', 'EMFILE', 'ENFILE']);

/**
 * SOP classes of the standard that are not stored: services (1.2.840.10008.1: verification, media directory, storage
 * commitment …) and queries (…5.1.4.1.2).
 */
const NOT_STORED = /^1\.2\.840\.10008\.(1|5\.1\.4\.1\.2)\./;

export interface StoreAnswer {
  /** 200 all kept, 202 some, 409 none. */
  status: 200 | 202 | 409;
  body: DicomJson;
  /** One sentence for each instance that was not kept. */
  failures: string[];
}

/**
 * STOW-RS (PS3.18 section 10.5): keeps each part that it can and names each that it cannot. The
 * same bytes again count as kept. Other bytes under a known SOP Instance UID are refused with 0111H,
 * as overwriting would silently lose the first.
 */
export async function storeInstances(
  store: InstanceStore,
  parts: Part[],
  base: string,
  studyInstanceUid?: string
): Promise<StoreAnswer> {
  const kept: DicomJson[] = [];
  const failed: DicomJson[] = [];
  const unidentified: DicomJson[] = [];
  const failures: string[] = [];
  const studies = new Set<string>();
  for (const part of parts) {
    const reference: DicomJson = {};
    const fail = (reason: number, message: string) => {
      failures.push(message);
      const item = { ...reference, '00081197': { vr: 'US', Value: [reason] } };
      if (reference['00081155']) failed.push(item);
      else unidentified.push(item);
    };
    const type = part.headers['content-type'] ?? 'application/dicom';
    if (!/^application\/dicom\s*(;|$)/i.test(type)) {
      fail(
        FAILURE.cannotUnderstand,
        `A part of type "${type}" cannot be stored; only application/dicom can.`
      );
      continue;
    }
    try {
      const parsed = parseInstance(part.body);
      reference['00081150'] = { vr: 'UI', Value: [parsed.sopClassUid] };
      reference['00081155'] = { vr: 'UI', Value: [parsed.sopInstanceUid] };
      if (NOT_STORED.test(parsed.sopClassUid)) {
        const message = `Instance ${parsed.sopInstanceUid} has SOP class ${parsed.sopClassUid}, which is not a class of stored objects.`;
        fail(FAILURE.sopClassNotSupported, message);
        continue;
      }
      if (studyInstanceUid !== undefined && parsed.studyInstanceUid !== studyInstanceUid) {
        const message = `Instance ${parsed.sopInstanceUid} belongs to study ${parsed.studyInstanceUid}, not to ${studyInstanceUid}.`;
        fail(FAILURE.processing, message);
        continue;
      }
      if ((await store.add(parsed, part.body)) === 'different') {
        const message = `Instance ${parsed.sopInstanceUid} is already stored with other content, which is kept.`;
        fail(FAILURE.duplicateSopInstance, message);
        continue;
      }
      studies.add(parsed.studyInstanceUid);
      const url = `${base}/studies/${parsed.studyInstanceUid}/series/${parsed.seriesInstanceUid}/instances/${parsed.sopInstanceUid}`;
      kept.push({ ...reference, '00081190': { vr: 'UR', Value: [url] } });
    } catch (error) {
      fail(reasonOf(error), messageOf(error));
    }
  }
  const body: DicomJson = {};
  if (studies.size === 1) {
    body['00081190'] = { vr: 'UR', Value: [`${base}/studies/${[...studies][0]}`] };
  }
  if (kept.length > 0) body['00081199'] = { vr: 'SQ', Value: kept };
  if (failed.length > 0) body['00081198'] = { vr: 'SQ', Value: failed };
  if (unidentified.length > 0) body['0008119A'] = { vr: 'SQ', Value: unidentified };
  return { status: failures.length === 0 ? 200 : kept.length > 0 ? 202 : 409, body, failures };
}

function reasonOf(error: unknown): number {
  if (error instanceof UnreadableInstanceError) return FAILURE.cannotUnderstand;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return NO_SPACE.has(code ?? '') ? FAILURE.outOfResources : FAILURE.processing;
}
