import type { Series } from '../../types';
import { refuseSeries } from '../../volume';

/**
 * MRC's Frame of Reference UID (0020,0052), which places a segmentation and derived images beside their sources.
 * @throws RefusedInputError `frame-of-reference-missing`; `checkStudy` warns of the same before anything is computed
 */
export function requireFrameOfReference(mrc: Series): string {
  const uid = mrc.header.frameOfReferenceUid;
  if (uid) return uid;
  throw refuseSeries(
    'frame-of-reference-missing',
    mrc.header,
    'Frame of Reference UID (0020,0052) is missing. Without it, neither a DICOM segmentation nor derived ' +
      'images can be placed beside the series.',
    'Send the series again from the scanner, with its Frame of Reference UID. Without it the measurement is ' +
      'available only as JSON: with Download in the viewer, with --json without --out on the command line.'
  );
}
