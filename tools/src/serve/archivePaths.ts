/** The requests that the viewer sends to an archive (PS3.18 chapters 10 and 8.3), below the DICOMweb root. */

const UID = String.raw`\d+(?:\.\d+)*`;
/** One step of an address of bulk data, as archives write it: tags, item numbers, frame lists. Never a dot alone. */
const STEP = String.raw`(?:[\w,:=@~-]|%2C|\.(?=\w))+`;

const STUDY = `/studies/${UID}`;
const SERIES = `${STUDY}/series/${UID}`;
const INSTANCE = `${SERIES}/instances/${UID}`;
const FRAMES = String.raw`${INSTANCE}/frames/\d+(?:(?:,|%2C)\d+)*`;
const ANY_LEVEL = `(?:${STUDY}|${SERIES}|${INSTANCE})`;

const READ = [
  // QIDO-RS.
  '/(?:studies|series|instances)',
  `${STUDY}/(?:series|instances)`,
  `${SERIES}/instances`,
  // WADO-RS.
  `${ANY_LEVEL}(?:/(?:metadata|rendered|thumbnail|pixeldata))?`,
  `${FRAMES}(?:/(?:rendered|thumbnail))?`,
  `${ANY_LEVEL}/(?:bulk|bulkdata)(?:/${STEP})*`,
].map(whole);

/** STOW-RS. */
const STORE = ['/studies', STUDY].map(whole);

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}/?$`, 'i');
}

/** @param path below the DICOMweb root, as it came: encoded, without query. */
export function isArchiveRequest(method: string, path: string): boolean {
  if (method === 'GET' || method === 'HEAD') return READ.some((pattern) => pattern.test(path));
  return method === 'POST' && STORE.some((pattern) => pattern.test(path));
}
