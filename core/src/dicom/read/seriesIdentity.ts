import type { RefusedInputError, SeriesHeader } from '../../types';
import { refuseSeries, attributeText } from '../../volume';
import { stringOf } from './values';

/** One value of an attribute that all images of a series must share. */
interface StatedValue {
  shown: string;
  images: number;
  /** Instance Number, or SOP Instance UID, of the first image that states it, and its file. */
  image: string;
  /** In the order of Instance Number, then SOP Instance UID: the message must not hang on the order of reading. */
  rank: readonly [number, string];
}

/** By keyword, then by what counts as one value. Images that state none are not counted. */
export type IdentityTally = ReadonlyMap<string, ReadonlyMap<string, StatedValue>>;

interface IdentifyingAttribute {
  keyword: string;
  name: string;
  /** Of which an image must be like its neighbours. */
  of: 'patient' | 'study' | 'frame of reference' | 'series' | 'modality';
  read(header: SeriesHeader): string;
}

/**
 * What says whose images a series holds, of which examination, and in which coordinates (PS3.3 C.7.1.1, C.7.2.1,
 * C.7.3.1, C.7.4.1): the same in every image of a series.
 */
const IDENTIFYING: readonly IdentifyingAttribute[] = [
  {
    keyword: 'PatientID',
    name: 'Patient ID (0010,0020)',
    of: 'patient',
    read: (header) => attributeText(header, 'PatientID'),
  },
  {
    keyword: 'IssuerOfPatientID',
    name: 'Issuer of Patient ID (0010,0021)',
    of: 'patient',
    read: (header) => attributeText(header, 'IssuerOfPatientID'),
  },
  {
    keyword: 'PatientName',
    name: 'Patient’s Name (0010,0010)',
    of: 'patient',
    read: (header) => attributeText(header, 'PatientName'),
  },
  {
    keyword: 'StudyInstanceUID',
    name: 'Study Instance UID (0020,000D)',
    of: 'study',
    read: ({ studyInstanceUid }) => studyInstanceUid,
  },
  {
    keyword: 'FrameOfReferenceUID',
    name: 'Frame of Reference UID (0020,0052)',
    of: 'frame of reference',
    read: ({ frameOfReferenceUid }) => frameOfReferenceUid ?? '',
  },
  {
    keyword: 'SeriesInstanceUID',
    name: 'Series Instance UID (0020,000E)',
    of: 'series',
    read: ({ seriesInstanceUid }) => seriesInstanceUid,
  },
  {
    keyword: 'Modality',
    name: 'Modality (0008,0060)',
    of: 'modality',
    read: ({ modality }) => modality,
  },
];

/** The tally with one more file of the series. */
export function withIdentity(
  tally: IdentityTally | undefined,
  header: SeriesHeader,
  file?: string
): IdentityTally {
  const next = new Map(tally);
  for (const { keyword, read } of IDENTIFYING) {
    const shown = read(header);
    // What cannot be read whole is no value that differs.
    if (shown === '' || shown.includes('\uFFFD')) continue;
    const values = new Map(next.get(keyword));
    const key = shown.toLowerCase();
    const known = values.get(key);
    const here = { shown, ...imageOf(header, file) };
    const first = known && !comesBefore(here.rank, known.rank) ? known : here;
    values.set(key, { ...first, images: (known?.images ?? 0) + header.imageCount });
    next.set(keyword, values);
  }
  return next;
}

/**
 * A series is of one patient, study and frame of reference: half of it from another patient would be measured as one
 * ear otherwise.
 *
 * @throws RefusedInputError `series-mixed`
 */
export function requireOneIdentity(header: SeriesHeader, tally: IdentityTally): void {
  const differing = IDENTIFYING.flatMap(({ keyword, name, of }) => {
    const values = [...(tally.get(keyword)?.values() ?? [])];
    return values.length > 1 ? [{ keyword, of, sentence: `${name} is ${listOf(values)}` }] : [];
  });
  if (differing.length > 0) throw mixed(header, differing);
}

function mixed(
  header: SeriesHeader,
  differing: { keyword: string; of: string; sentence: string }[]
): RefusedInputError {
  const what = new Intl.ListFormat('en').format(
    [...new Set(differing.map(({ of }) => of))].map((of) => `more than one ${of}`)
  );
  return refuseSeries(
    'series-mixed',
    header,
    `its images are of ${what}: ${differing.map(({ sentence }) => sentence).join('; ')}.`,
    'Take the images that do not belong to it out of the series, or have the attributes corrected in the archive.',
    { attributes: differing.map(({ keyword }) => keyword).join(',') }
  );
}

/** Values in a message. */
const SHOWN = 3;

/** "A" in 27 images and "B" in 1 image (image 7), the most frequent first. */
function listOf(values: StatedValue[]): string {
  const sorted = [...values].sort(
    (a, b) => b.images - a.images || (comesBefore(a.rank, b.rank) ? -1 : 1)
  );
  const shown = sorted.slice(0, SHOWN).map(({ shown: value, images, image }, n) => {
    const from = n === 0 ? '' : ` (${images === 1 ? '' : 'first: '}${image})`;
    return `"${value}" in ${images} ${images === 1 ? 'image' : 'images'}${from}`;
  });
  const more = sorted.length - shown.length;
  return new Intl.ListFormat('en').format([
    ...shown,
    ...(more > 0 ? [`${more} more ${more === 1 ? 'value' : 'values'}`] : []),
  ]);
}

function imageOf(header: SeriesHeader, file?: string): Pick<StatedValue, 'image' | 'rank'> {
  const number = stringOf(header.attributes, 'InstanceNumber');
  const uid = stringOf(header.attributes, 'SOPInstanceUID');
  const image = number ? `image ${number}` : `image ${uid}`;
  return {
    image: file && file !== uid ? `${image}, file ${file}` : image,
    rank: [number === '' ? Infinity : Number(number), uid],
  };
}

function comesBefore(a: StatedValue['rank'], b: StatedValue['rank']): boolean {
  return a[0] !== b[0] ? a[0] < b[0] : a[1] < b[1];
}
