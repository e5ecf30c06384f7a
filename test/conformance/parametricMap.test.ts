import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeParametricMap } from '@inner-ear-hydrops/core/dicom';
import { testSeries, testVolume } from '../../core/test/testSeries';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

/** HYDROPS-Mi2 as a Parametric Map before readers that share no code with the encoder. */
const created = new Date('2026-03-04T05:06:07Z');
// Seven orders of magnitude, with zeros: what 16 bits cannot hold.
const volume = testVolume((i, j, k) => (i === j ? 0 : (i - j) * 10 ** (k - 4)));
const [mrc, ppi, pei] = (['MRC', 'PPI', 'PEI'] as const).map((name) =>
  testSeries(
    name,
    testVolume((i, j) => i + j)
  )
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];
const input = { volume, method: 'hydrops-mi2', mrc, ppi, pei, created } as const;
const map = encodeParametricMap(input);

const folder = temporaryFolder();
let path: string;
beforeAll(() => {
  path = join(folder, 'map.dcm');
  writeFileSync(path, new Uint8Array(map.file));
});

describeWithTools('a Parametric Map', ['dciodvfy', 'dcmdump', 'pydicom'], () => {
  test('has no error for dciodvfy, and dcmtk reads it', () => {
    const { output } = runTool('dciodvfy', [path]);
    expect(output.split('\n').filter((line) => /error|abort/i.test(line))).toEqual([]);
    expect(output).toContain('ParametricMap');
    expect(runTool('dcmdump', ['-q', path]).output).not.toMatch(/^[EWF]:/m);
  });

  test('gives pydicom each value as it was measured, at its place, and its source images', () => {
    const { status, output } = runTool(PYTHON, [
      '-W',
      'ignore',
      '-c',
      `
import sys, json, numpy, pydicom
ds = pydicom.dcmread(sys.argv[1])
assert ds.SOPClassUID == '1.2.840.10008.5.1.4.1.1.30' and 'PixelData' not in ds
values = ds.pixel_array
assert values.dtype == numpy.float32 and values.shape == (ds.NumberOfFrames, ds.Rows, ds.Columns)
mapping = ds.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
assert (mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept) == (1, 0)
frames = ds.PerFrameFunctionalGroupsSequence
print(json.dumps([
  [float(v) for v in values.ravel()],
  [[float(v) for v in f.PlanePositionSequence[0].ImagePositionPatient] for f in frames],
  [[s.ReferencedSOPInstanceUID for s in f.DerivationImageSequence[0].SourceImageSequence] for f in frames],
  [mapping.DoubleFloatRealWorldValueFirstValueMapped, mapping.DoubleFloatRealWorldValueLastValueMapped]]))`,
      path,
    ]);
    if (status !== 0) throw new Error(output);
    const [values, positions, sources, range] = JSON.parse(output) as [
      number[],
      number[][],
      string[][],
      [number, number],
    ];
    expect(Float32Array.from(values)).toEqual(volume.data);
    expect(range).toEqual([Math.min(...volume.data), Math.max(...volume.data)]);
    const { origin, spacing, direction } = volume;
    positions.forEach((position, k) =>
      position.forEach((mm, axis) =>
        expect(mm).toBeCloseTo(origin[axis]! + k * spacing[2] * direction[6 + axis]!, 9)
      )
    );
    expect(sources).toEqual(
      mrc.sources.map((_, k) => [mrc, ppi, pei].map((of) => of.sources[k]!.sopInstanceUid))
    );
  });
});

test('the same values give the same bytes, and one other value another object', () => {
  const again = encodeParametricMap(input);
  expect(Buffer.from(again.file).equals(Buffer.from(map.file))).toBe(true);
  const data = volume.data.slice();
  data[5]! += 1;
  const other = encodeParametricMap({ ...input, volume: { ...volume, data } });
  expect(other.sopInstanceUid).not.toBe(map.sopInstanceUid);
  expect(other.seriesInstanceUid).not.toBe(map.seriesInstanceUid);
});
