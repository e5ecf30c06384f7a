import { firstItems } from '../../items';
import { type Geometry, RefusedInputError, type Series } from '../../types';
import { axialGrid, seriesOf, volumeOf } from '../../../test/testGrids';
import { encodeMrSeries } from '../mr/encodeMrSeries';
import { assembleCollected } from './collectedSeries';
import { lostWarnings, namingLost, type LostFile } from './lostFiles';
import { readSeries } from './readSeries';

const GRID = axialGrid([8, 6, 20], [1, 1, 1]);
/** A series whose slices run from one position to another. */
function series(name: string, from = 0, to = 20): Series {
  const grid: Geometry = { ...GRID, size: [8, 6, to - from], origin: [0, 0, from] };
  const series = seriesOf(
    volumeOf(grid, () => 1),
    { seriesInstanceUid: name, seriesDescription: name }
  );
  series.sources.forEach((source, k) => (source.instanceNumber = from + k + 1));
  return series;
}
const lost = (count: number, known: Partial<LostFile> = {}): LostFile[] =>
  Array.from({ length: count }, (_, n) => ({
    name: `study/${n}.dcm`,
    reason: `File ${n}.dcm is incomplete.`,
    description: null,
    study: null,
    ...known,
  }));
const FLAT = new Map([['study/', new Set(['MRC', 'PPI', 'PEI', 'Localizer'])]]);
const all = [series('MRC'), series('PPI'), series('PEI')];

const refusal = (files: LostFile[], chosen: Series[], folders = FLAT): RefusedInputError => {
  try {
    lostWarnings(files, chosen, folders);
  } catch (error) {
    if (error instanceof RefusedInputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('the same ends missing from all series is what lost files may mean: refused, with their number and the numbers left', () => {
  const short = ['MRC', 'PPI', 'PEI'].map((name) => series(name, 4, 16));
  const { code, message } = refusal(lost(24), short);
  expect(code).toBe('files-unreadable');
  expect(message).toMatch(
    /^24 files cannot be read\. An end of series 5 "MRC" .* may be lost with them\./
  );
  expect(message).toContain('Instance Numbers (0020,0013) 5 to 16');
  expect(message).toContain('File 0.dcm is incomplete.');
  expect(message).toContain('(21 more.)');
});

test('a series that ends before the others may have lost its end to a single file', () => {
  expect(refusal(lost(1), [all[0]!, series('PPI', 0, 19), all[2]!]).message).toContain(
    'An end of series 5 "PPI" (Instance Numbers (0020,0013) 1 to 19) may be lost with it.'
  );
});

test('fewer files than series that reach equally far: each would have to have lost one', () => {
  const [warning, ...more] = lostWarnings(lost(2), all, FLAT);
  expect(more).toEqual([]);
  expect(warning).toMatchObject({ code: 'files-unreadable', values: { files: 2 } });
  expect(warning?.message).toContain('File 0.dcm is incomplete. File 1.dcm is incomplete.');
  expect(refusal(lost(3), all).code).toBe('files-unreadable');
});

test.each<[string, LostFile[], typeof FLAT]>([
  ['its description', lost(9, { description: 'Localizer' }), FLAT],
  ['its study', lost(9, { study: '2.25.77' }), FLAT],
  ['its folder', lost(9), new Map([['study/', new Set(['Localizer'])]])],
])('%s says that a lost file belongs elsewhere', (_, files, folders) => {
  expect(lostWarnings(files, all, folders)).toHaveLength(1);
});

test('a series in one multi-frame object, or with its number of images, cannot have lost an end', () => {
  const framed = series('PPI', 0, 12);
  framed.sources.forEach((source, k) => {
    source.sopInstanceUid = '2.25.9';
    source.frameNumber = k + 1;
  });
  const counted = series('PPI', 0, 12);
  counted.header.attributes = { ImagesInAcquisition: 12 };
  for (const series of [framed, counted])
    expect(lostWarnings(lost(2), [series], FLAT)).toHaveLength(1);
  counted.header.attributes = { ImagesInAcquisition: 20 };
  expect(refusal(lost(2), [counted]).code).toBe('files-unreadable');
});

test('nothing lost: nothing said', () => {
  expect(lostWarnings([], all, FLAT)).toEqual([]);
});

describe('files', () => {
  const files = encodeMrSeries({
    kind: 'original',
    volume: volumeOf(GRID, ([x, y, z]) => x + y + z),
    template: { StudyInstanceUID: '2.25.1', FrameOfReferenceUID: '2.25.2', PatientID: 'P' },
    description: 'PPI',
    seriesNumber: 3,
    imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
    scaling: { kind: 'unsigned-12-bit' },
    acquisition: { scanningSequence: ['SE'], sequenceVariant: ['SK'], repetitionTime: 9000 },
    window: { center: 1, width: 2 },
    created: new Date(2026, 0, 1),
  }).map(({ file }, n) => ({ name: `ppi/${n}`, buffer: file }));
  /** The first files cut to some bytes. */
  const cut = (count: number, bytes: number) =>
    files.map(({ name, buffer }, n) => ({
      name,
      buffer: n < count ? buffer.slice(0, bytes) : buffer,
    }));

  test.each([0, 60, 200, 300, 500])(
    'cut to %i bytes: may be images of any series',
    async (bytes) => {
      const read = await readSeries(cut(3, bytes));
      expect(read.lost.map(({ name }) => name)).toEqual(['ppi/0', 'ppi/1', 'ppi/2']);
      const [collected] = firstItems(read.series.values(), 1);
      const { series: rest } = assembleCollected(collected);
      expect(() => lostWarnings(read.lost, [rest], read.folders)).toThrow(/3 files cannot be read/);
    }
  );

  test('cut behind the name of their series: refused with their own reason, and how many more', async () => {
    const { series: found, lost: none } = await readSeries(cut(3, files[0]!.buffer.byteLength - 4));
    expect(none).toEqual([]);
    const [collected] = firstItems(found.values(), 1);
    expect(() => assembleCollected(collected)).toThrow(
      /ppi\/0 .* is incomplete: .* 2 more files of this series cannot be used either/
    );
  });

  test('text and pictures are no lost images', async () => {
    const text = new TextEncoder().encode('# Patients\nnothing to see').buffer;
    const { lost: none, ignored } = await readSeries([{ name: 'ppi/notes', buffer: text }]);
    expect(none).toEqual([]);
    expect(ignored).toEqual([{ name: 'ppi/notes', reason: 'not a DICOM file' }]);
  });
});

test('where a slice is missing, a file that cannot be read is named with its reason', () => {
  const hole = new RefusedInputError(
    'slice-missing',
    'Series 5 "MRC": 1 slice is missing.',
    'Send it again.'
  );
  const naming = (files: LostFile[], error = hole) => {
    try {
      namingLost(files, series('MRC').header, FLAT, () => {
        throw error;
      });
    } catch (refused) {
      return refused as RefusedInputError;
    }
    throw new Error('nothing was refused');
  };
  const named = naming(lost(1));
  expect(named.code).toBe('slice-missing');
  expect(named.message).toBe(
    'Series 5 "MRC": 1 slice is missing. A file that cannot be read may be the image that is missing: File 0.dcm is incomplete.'
  );
  expect(naming(lost(1, { description: 'Localizer' }))).toBe(hole);
  expect(naming([])).toBe(hole);
});
