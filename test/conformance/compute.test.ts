import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { measurementSchema, type Measurement } from '@inner-ear-hydrops/core';
import { createCase, simulateStudy, type PhantomStudy } from '@inner-ear-hydrops/phantom';
import { decodeMeasurementReport, type EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { buildTools, hydrops, type Outcome } from '../support/hydrops';
import { brokenMarkup } from '../support/markup';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(300_000);

/** `hydrops compute` as a user starts it, on the DICOM files of a small phantom study. */
const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);

const readMeasurement = (directory: string): Measurement =>
  measurementSchema.parse(
    JSON.parse(readFileSync(join(directory, 'measurement.json'), 'utf8'))
  ) as Measurement;

/** Everything but what the clock says. */
const withoutTimings = ({ timings: _, ...rest }: Measurement): Omit<Measurement, 'timings'> => rest;

const describedAs = (object: EncodedObject, word: string): boolean =>
  String(object.dataset.SeriesDescription).startsWith(word);

let objects: EncodedObject[];
let simulated: PhantomStudy;
const result = at('result');
let computed: Outcome;

/** The same images as a second study. */
function another(): string {
  const directory = at('another');
  mkdirSync(directory, { recursive: true });
  encodePhantomStudy(simulated, {
    key: 'another',
    givenName: 'Another',
    patientId: 'ANOTHER',
    studyDescription: 'phantom',
  }).forEach((object, n) => writeFileSync(join(directory, String(n)), new Uint8Array(object.file)));
  return directory;
}

beforeAll(() => {
  buildTools();
  simulated = simulateStudy(
    createCase(301, {
      grid: { size: [220, 150, 26] },
      tilt: [3, 0, 0],
      position: [0, 0, 0],
      noise: 0.01,
      gadolinium: 0.08,
      hydrops: { left: 0.6, right: 0.1 },
    })
  );
  objects = encodePhantomStudy(simulated, {
    key: 'compute',
    givenName: 'Compute',
    patientId: 'COMPUTE',
    studyDescription: 'phantom',
  });
  // Names that say nothing, folders within folders, series that are not needed, files that are not DICOM.
  objects.forEach((object, n) => {
    const place = at('study', n % 2 ? 'a b' : 'ü', String(n % 3));
    mkdirSync(place, { recursive: true });
    const name = n % 5 === 0 ? `${n}.txt` : `I${(n * 7919) % 10007}`;
    writeFileSync(join(place, name), new Uint8Array(object.file));
  });
  writeFileSync(at('study', 'notes.dcm'), 'not an image');
  computed = hydrops('compute', at('study'), '--out', result);
}, 300_000);

test('a result gives exit status 0 and all files, without traces of the work', () => {
  expect(computed.stderr).toBe('');
  expect(computed.status).toBe(0);
  expect(readdirSync(result).sort()).toEqual([
    'hydrops',
    'hydrops-mi2',
    'measurement.json',
    'report.dcm',
    'report.html',
    'segmentation.dcm',
    'summary.csv',
  ]);
  expect(readdirSync(join(result, 'hydrops-mi2'))).toHaveLength(26);
  expect(computed.stdout).toContain('left vestibule');
  expect(computed.stdout).toContain('For research use only. Not for clinical use.');
  const { ears } = readMeasurement(result);
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ['cochlea', 'vestibule'] as const) {
      expect(ears[ear]?.[organ]?.area?.totalPixels).toBeGreaterThan(20);
    }
  }
});

test('no image is named by an index: each by the number and the UID that its file holds', () => {
  const numbers = new Map(
    objects.map(({ dataset }) => [String(dataset.SOPInstanceUID), Number(dataset.InstanceNumber)])
  );
  const text = readFileSync(join(result, 'measurement.json'), 'utf8');
  expect(text).not.toMatch(/"(slice|k|index)":/);
  for (const ear of Object.values(readMeasurement(result).ears)) {
    for (const organ of [ear?.cochlea, ear?.vestibule]) {
      for (const { image } of [organ!.area!, ...organ!.slices]) {
        expect(image.instanceNumber).toBe(numbers.get(image.sopInstanceUid));
        expect(image.seriesNumber).not.toBeNull();
      }
      expect(organ).toMatchObject({ measurable: true, mask: 'automatic', voided: {} });
    }
  }
});

test('the table and the page are whole by themselves', () => {
  const csv = readFileSync(join(result, 'summary.csv'), 'utf8').trim().split('\r\n');
  expect(csv).toHaveLength(5);
  // Not within quotes: the reasons of a borderline grade are sentences.
  const widths = csv.map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).length);
  expect(new Set(widths)).toEqual(new Set([widths[0]]));
  const page = readFileSync(join(result, 'report.html'), 'utf8');
  expect(brokenMarkup(page)).toEqual([]);
  expect(page.match(/data:image\/png;base64/g)).toHaveLength(4);
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(4);
  expect(page).not.toMatch(/<script|(src|href)="(?!data:)/);
  // Whose images, of when, by which software.
  for (const words of [
    'Compute',
    'COMPUTE',
    '<dt>Date of study</dt><dd>20',
    '95 % interval (noise, alignment):',
  ])
    expect(page).toContain(words);
  expect(page).toMatch(/Inner Ear Hydrops \d+\.\d+\.\d+, build [0-9a-f]+/);
});

/** Every DICOM file of a result, by its path in the folder. */
const dicomOf = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.dcm'))
      .map((name) => [name, readFileSync(join(directory, name)).toString('base64')])
  );

test('computed again, each DICOM file is the same byte for byte; --summary and --parametric-map add one each', () => {
  const again = at('again');
  const asked = ['--summary', '--parametric-map', '--quiet'];
  expect(hydrops('compute', at('study'), '--out', again, ...asked).status).toBe(0);
  const { 'summary.dcm': summary, 'parametric-map.dcm': map, ...others } = dicomOf(again);
  expect(summary).toBeDefined();
  expect(map).toBeDefined();
  expect(others).toEqual(dicomOf(result));
  const { organs } = decodeMeasurementReport(
    Uint8Array.from(readFileSync(join(result, 'report.dcm'))).buffer
  );
  expect(organs.map(({ volume }) => volume?.ratio)).toEqual(
    (['left', 'right'] as const).flatMap((ear) =>
      (['cochlea', 'vestibule'] as const).map(
        (organ) => readMeasurement(result).ears[ear]?.[organ]?.volume.ratio
      )
    )
  );
});

test('--json prints the same measurement and nothing else; without --out nothing is written', () => {
  const printed = hydrops('compute', at('study'), '--json');
  expect(printed.status).toBe(0);
  expect(printed.stderr).toBe('');
  expect(withoutTimings(JSON.parse(printed.stdout) as Measurement)).toEqual(
    withoutTimings(readMeasurement(result))
  );
});

describe('refusal', () => {
  /** The study's files that are wanted, in a folder of their own. */
  function studyOf(name: string, wanted: (object: EncodedObject) => boolean): string {
    mkdirSync(at(name));
    objects.forEach((object, n) => {
      if (wanted(object)) writeFileSync(at(name, String(n)), new Uint8Array(object.file));
    });
    return at(name);
  }

  /** The study with MRC's Frame of Reference UID (0020,0052) cut out of each file. */
  function withoutFrame(name: string): string {
    mkdirSync(at(name));
    objects.forEach((object, n) => {
      const file = Buffer.from(object.file);
      const start = file.indexOf(Buffer.from('\x20\x00\x52\x00UI', 'latin1'));
      const end = start + 8 + file.readUInt16LE(start + 6);
      const cut = Buffer.concat([file.subarray(0, start), file.subarray(end)]);
      writeFileSync(at(name, String(n)), describedAs(object, 'MRC') ? cut : file);
    });
    return at(name);
  }

  const cases: [string, () => string[], RegExp][] = [
    [
      'PEI is missing',
      () => [studyOf('no-pei', (o) => !describedAs(o, 'PEI'))],
      /PEI.*--roles pei=UID.*MRC hT2w/,
    ],
    ['two studies could be meant', () => [at('study'), another()], /2 studies.*--study/],
    ['nothing is there', () => [at('nowhere')], /nowhere/],
    ['nothing is DICOM', () => [at('study', 'notes.dcm')], /DICOM/],
    [
      'a slice of PPI is missing',
      () => {
        const ppi = objects.filter((object) => describedAs(object, 'PPI'));
        return [studyOf('gap', (object) => object !== ppi[9])];
      },
      /PPI/,
    ],
    [
      'MRC has no frame of reference, so that nothing could be written',
      () => [withoutFrame('unplaced')],
      /"MRC.*\(0020,0052\).*--json/,
    ],
    ['the model is not there', () => [at('study'), '--model', at('no-model')], /no-model/],
    ['--roles names an unknown series', () => [at('study'), '--roles', 'ppi=1.2.3'], /1\.2\.3/],
  ];

  test.each(cases)('%s: status 2, one paragraph, an earlier result untouched', (_, args, words) => {
    const out = at('earlier');
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'measurement.json'), 'earlier');
    const refused = hydrops('compute', ...args(), '--out', out);
    expect(refused.status).toBe(2);
    expect(refused.stdout).toBe('');
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(refused.stderr).toMatch(words);
    expect(readdirSync(out)).toEqual(['measurement.json']);
    expect(readFileSync(join(out, 'measurement.json'), 'utf8')).toBe('earlier');
  });

  test('a directory for results is not made for a refusal', () => {
    expect(hydrops('compute', at('nowhere'), '--out', at('new')).status).toBe(2);
    expect(existsSync(at('new'))).toBe(false);
  });
});

test('a failure of our own, here a file in the place of DIR, is status 1', () => {
  writeFileSync(at('file'), '');
  const failed = hydrops('compute', at('study'), '--out', at('file', 'below'));
  expect(failed.status).toBe(1);
  expect(failed.stderr).not.toBe('');
});

test('--help explains options and exit statuses', () => {
  const help = hydrops('compute', '--help');
  expect(help.status).toBe(0);
  for (const word of ['--out', '--json', '--roles', '--model', 'Exit status']) {
    expect(help.stdout).toContain(word);
  }
});

describeWithTools('pydicom', ['pydicom'], () => {
  test('series that no rule recognises are measured with --roles, to the same numbers', () => {
    const mute = at('mute');
    mkdirSync(mute);
    const uids: Record<string, string> = {};
    const rename = `
import sys, os, pydicom
for root, _, names in os.walk(sys.argv[1]):
    for name in names:
        try: ds = pydicom.dcmread(os.path.join(root, name))
        except Exception: continue
        ds.SeriesDescription = 'series'
        for key in ('ProtocolName', 'InversionTime', 'EchoTime'):
            if key in ds: delattr(ds, key)
        ds.save_as(os.path.join(sys.argv[2], ds.SOPInstanceUID))
`;
    for (const object of objects) {
      const role = ['MRC', 'PPI', 'PEI'].find((word) => describedAs(object, word));
      if (role) uids[role.toLowerCase()] = String(object.dataset.SeriesInstanceUID);
    }
    expect(runTool(PYTHON, ['-c', rename, at('study'), mute]).status).toBe(0);
    const refused = hydrops('compute', mute, '--out', at('mute-result'));
    expect(refused.status).toBe(2);
    const roles = Object.entries(uids).map(([role, uid]) => `${role}=${uid}`);
    const given = hydrops('compute', mute, '--out', at('mute-result'), '--roles', roles.join(','));
    expect(given.stderr).toBe('');
    expect(given.status).toBe(0);
    expect(readMeasurement(at('mute-result')).ears).toEqual(readMeasurement(result).ears);
  });

  interface Counted {
    ear: 'left' | 'right';
    organ: 'cochlea' | 'vestibule';
    totalPixels: number;
    endolymphPixels: number;
    /** Total and endolymph pixels by SOP Instance UID. */
    slices: Record<string, [number, number]>;
    totalVoxels: number;
    endolymphVoxels: number;
    totalMm3: number;
    endolymphMm3: number;
  }

  /** All files in one folder. */
  function writeFlat(): void {
    mkdirSync(at('flat'), { recursive: true });
    objects.forEach((object, n) => writeFileSync(at('flat', `${n}`), new Uint8Array(object.file)));
  }

  const rewritten = (kind: 'patient' | 'storage'): Measurement => {
    writeFlat();
    const script = join(__dirname, 'mirror.py');
    expect(runTool(PYTHON, [script, kind, at('flat'), at(kind)])).toEqual({
      status: 0,
      output: '',
    });
    const outcome = hydrops('compute', at(kind), '--json');
    expect(outcome.status).toBe(0);
    return JSON.parse(outcome.stdout) as Measurement;
  };

  test('columns stored in reverse change nothing: sides come from patient coordinates', () => {
    // Noise is estimated from other samples.
    const counted = ({ ears }: Measurement): unknown =>
      (['left', 'right'] as const).map((ear) =>
        (['cochlea', 'vestibule'] as const).map((organ) => {
          const { area, volume } = ears[ear]?.[organ] ?? {};
          const { totalVoxels, endolymphVoxels, ratio } = volume ?? {};
          return [{ ...area, interval: null }, totalVoxels, endolymphVoxels, ratio];
        })
      );
    expect(counted(rewritten('storage'))).toEqual(counted(readMeasurement(result)));
  });

  test('a mirrored patient has left and right exchanged', () => {
    const mirrored = rewritten('patient').ears;
    const { ears } = readMeasurement(result);
    for (const organ of ['cochlea', 'vestibule'] as const) {
      for (const [here, there] of [
        ['left', 'right'],
        ['right', 'left'],
      ] as const) {
        const [a, b] = [mirrored[here]?.[organ]?.volume, ears[there]?.[organ]?.volume];
        // The network may see the mirrored ear a little differently.
        expect(Math.abs((a?.ratio ?? NaN) - (b?.ratio ?? NaN))).toBeLessThan(0.05);
        expect(Math.abs((a?.totalMm3 ?? NaN) / (b?.totalMm3 ?? NaN) - 1)).toBeLessThan(0.1);
      }
    }
  });

  test('an independent program counts the same pixels', () => {
    const script = join(__dirname, 'independentRatio.py');
    const { status, output } = runTool(PYTHON, [script, at('study'), result]);
    expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
    const found = JSON.parse(output.slice(output.indexOf('['))) as Counted[];
    expect(found).toHaveLength(4);
    const { ears, alignment } = readMeasurement(result);
    // The program does not interpolate: the phantom stands still on one grid.
    expect([alignment?.ppi.treatment, alignment?.pei?.treatment]).toEqual([
      'identical',
      'identical',
    ]);
    for (const { ear, organ, ...counted } of found) {
      const ours = ears[ear]?.[organ];
      expect(counted).toEqual({
        totalPixels: ours?.area?.totalPixels,
        endolymphPixels: ours?.area?.endolymphPixels,
        slices: Object.fromEntries(
          (ours?.slices ?? []).map(({ image, totalPixels, endolymphPixels }) => [
            image.sopInstanceUid,
            [totalPixels, endolymphPixels],
          ])
        ),
        totalVoxels: ours?.volume.totalVoxels,
        endolymphVoxels: ours?.volume.endolymphVoxels,
        totalMm3: expect.closeTo(ours?.volume.totalMm3 ?? NaN, 2) as number,
        endolymphMm3: expect.closeTo(ours?.volume.endolymphMm3 ?? NaN, 2) as number,
      });
    }
  });

  test('Enhanced multi-frame images give the same numbers as classic images', () => {
    writeFlat();
    const script = join(__dirname, 'toEnhanced.py');
    const converted = runTool(PYTHON, [script, at('flat'), at('enhanced')]);
    expect({ ...converted, output: converted.status === 0 ? '' : converted.output }).toEqual({
      status: 0,
      output: '',
    });
    const outcome = hydrops('compute', at('enhanced'), '--out', at('enhanced-result'));
    expect(outcome.stderr).toBe('');
    expect(outcome.status).toBe(0);
    const strip = ({ ears }: Measurement): unknown =>
      JSON.parse(
        // Frames have other numbers than images, and doubts name them.
        JSON.stringify(ears, (key, value: unknown) =>
          ['image', 'automaticImage', 'message'].includes(key) ? '' : value
        )
      );
    expect(strip(readMeasurement(at('enhanced-result')))).toEqual(strip(readMeasurement(result)));
  });
});

test('files may be given one by one, in any order', () => {
  mkdirSync(at('listed'));
  const paths = objects.map((object, n) => {
    const path = at('listed', `${n}`);
    writeFileSync(path, new Uint8Array(object.file));
    return path;
  });
  copyFileSync(paths[3]!, at('listed', 'twice'));
  const listed = hydrops('compute', ...paths.reverse(), at('listed', 'twice'), '--json');
  expect(listed.status).toBe(0);
  expect((JSON.parse(listed.stdout) as Measurement).ears).toEqual(readMeasurement(result).ears);
});
