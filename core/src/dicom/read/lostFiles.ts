import { itemAt } from '../../items';
import { RefusedInputError, type Series, type SeriesHeader, type Warning } from '../../types';
import { cross, describeSeries, dot, axisOf } from '../../volume';
import { reasonsOf } from './faultyFiles';
import { numberOrNull } from './values';

/** A file that may be an image of any series, since it cannot be read as far as the name of its series. */
export interface LostFile {
  name: string;
  reason: string;
  /** Series Description (0008,103E); null where the file cannot be read that far. */
  description: string | null;
  /** Study Instance UID (0020,000D); null as above. */
  study: string | null;
}

/** Series Instance UIDs of the images that were found in each folder. */
export type SeriesOfFolders = ReadonlyMap<string, ReadonlySet<string>>;

export function folderOf(name: string): string {
  return name.replace(/[^/\\]*$/, '');
}

/**
 * A file that was refused before its series was named, where it may have been an image; null for other files (text,
 * pictures).
 */
export function lostFile(
  name: string,
  error: RefusedInputError,
  bytes: Uint8Array | null
): LostFile | null {
  const { describedAs, study, kind } = error.values;
  if (kind === 'no image') return null;
  const lost = {
    name,
    reason: error.message,
    description: describedAs === undefined ? null : String(describedAs),
    study: study === undefined ? null : String(study),
  };
  if (error.code !== 'not-dicom' || bytes === null) return lost;
  // The preamble of DICOM files is empty as a rule; so are files of a disk that was full.
  const isEmpty = bytes.subarray(0, 128).every((byte) => byte === 0);
  const isMarked =
    bytes.length >= 132 && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
  return isEmpty || isMarked || /\.(dcm|dicom|dic|ima)$/i.test(name) ? lost : null;
}

/**
 * Whether the volumes that are measured are whole although some files could not be read. Holes are found by
 * `assembleSeries`; here the ends are in question. A lost file is none of a series' where its description, its study or
 * its folder says so. An end cannot be lost where the series is one multi-frame object or states its number of images
 * (0020,1002); nor where series that reach equally far cannot each have lost as much.
 *
 * @param chosen the series that are measured
 * @returns `files-unreadable` where files are lost and the volumes are whole
 * @throws RefusedInputError `files-unreadable` where an end may be lost
 */
export function lostWarnings(
  lost: readonly LostFile[],
  chosen: readonly Series[],
  folders: SeriesOfFolders
): Warning[] {
  if (lost.length === 0) return [];
  const suspected = new Set<LostFile>();
  const open = chosen.filter((series) => {
    const alike = chosen.filter((other) => other === series || reachEqually(other, series));
    const suspects = alike.map((other) =>
      isKnownWhole(other) ? [] : lost.filter((file) => mayBelong(file, other, folders))
    );
    // To lose the same end each of them must have lost a file of its own.
    const all = new Set(suspects.flat());
    if (suspects.some((files) => files.length === 0) || all.size < alike.length) return false;
    for (const file of itemAt(suspects, alike.indexOf(series))) suspected.add(file);
    return true;
  });
  if (open.length > 0) throw endMayBeLost(open, [...suspected]);
  const count = lost.length;
  return [
    {
      code: 'files-unreadable',
      message:
        `${count} ${count === 1 ? 'file' : 'files'} could not be read; the volumes that are measured are whole ` +
        `without ${count === 1 ? 'it' : 'them'}. ${reasonsOf(lost.map(({ reason }) => reason))}`,
      ear: null,
      values: { files: count },
    },
  ];
}

/** Refusals of a stack that lacks images. */
const INCOMPLETE = new Set(['slice-missing', 'spacing-nonuniform', 'too-few-slices']);

/**
 * What `assemble` gives. Where it refuses a series that lacks images, the refusal names the files that could not be
 * read and may be these.
 *
 * @throws RefusedInputError of `assemble`
 */
export function namingLost<T>(
  lost: readonly LostFile[],
  header: SeriesHeader,
  folders: SeriesOfFolders,
  assemble: () => T
): T {
  try {
    return assemble();
  } catch (error) {
    if (!(error instanceof RefusedInputError) || !INCOMPLETE.has(error.code)) throw error;
    const suspects = lost.filter((file) => mayBelong(file, { header }, folders));
    if (suspects.length === 0) throw error;
    const isSingle = suspects.length === 1;
    throw new RefusedInputError(
      error.code,
      `${error.message} ${isSingle ? 'A file that cannot be read may be the image' : `${suspects.length} files that cannot be read may be the images`} ` +
        `that ${isSingle ? 'is' : 'are'} missing: ${reasonsOf(suspects.map(({ reason }) => reason))}`,
      `Copy or send ${isSingle ? 'this file' : 'these files'} again.`,
      { ...error.values, files: suspects.length }
    );
  }
}

function endMayBeLost(open: Series[], suspects: LostFile[]): RefusedInputError {
  const names = open.map(({ header, sources }) => {
    const numbers = sources.flatMap(({ instanceNumber }) => instanceNumber ?? []);
    const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
    const run = `Instance Numbers (0020,0013) ${first} to ${last}`;
    return describeSeries(header) + (numbers.length > 0 ? ` (${run})` : '');
  });
  const count = suspects.length;
  return new RefusedInputError(
    'files-unreadable',
    `${count} ${count === 1 ? 'file' : 'files'} cannot be read. An end of ` +
      `${new Intl.ListFormat('en', { type: 'disjunction' }).format(names)} may be lost with ${count === 1 ? 'it' : 'them'}. ` +
      reasonsOf(suspects.map(({ reason }) => reason)),
    'Copy or send the files again; those that belong to other series can be left out.',
    { series: open.map(({ header }) => header.seriesInstanceUid).join(','), files: count }
  );
}

function mayBelong(
  file: LostFile,
  { header }: Pick<Series, 'header'>,
  folders: SeriesOfFolders
): boolean {
  if (file.description !== null && file.description !== header.seriesDescription) return false;
  if (file.study !== null && file.study !== header.studyInstanceUid) return false;
  const beside = folders.get(folderOf(file.name));
  return !beside || beside.has(header.seriesInstanceUid);
}

function isKnownWhole({ header, sources }: Series): boolean {
  if (sources.every(({ sopInstanceUid }) => sopInstanceUid === sources[0]?.sopInstanceUid))
    return true;
  return numberOrNull(header.attributes, 'ImagesInAcquisition') === sources.length;
}

/** Parallel stacks of one step whose ends lie at the same places along the normal. */
function reachEqually({ volume: a }: Series, { volume: b }: Series): boolean {
  const normal = cross(axisOf(a, 0), axisOf(a, 1));
  const other = cross(axisOf(b, 0), axisOf(b, 1));
  if (Math.abs(dot(normal, other)) < 0.999) return false;
  const step = a.spacing[2];
  if (Math.abs(b.spacing[2] / step - 1) > 0.01) return false;
  const ends = (grid: Series['volume']): number[] => {
    const { origin, size, spacing } = grid;
    const along = dot(axisOf(grid, 2), normal) * spacing[2] * (size[2] - 1);
    const start = dot(origin, normal);
    return [start, start + along].sort((x, y) => x - y);
  };
  const [from, to] = [ends(a), ends(b)];
  return from.every((end, n) => Math.abs(end - to[n]!) < 0.5 * step);
}
