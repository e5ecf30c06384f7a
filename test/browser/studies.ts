import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Geometry, Volume } from '@inner-ear-hydrops/core';
import { deriveUid, encodeMrSeries, type EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { createCase, simulateStudy } from '@inner-ear-hydrops/phantom';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { simulateEars } from '../support/phantomStudy';

// Studies for the browser tests: phantoms, and small ones that are wrong on purpose.

export interface TestStudy {
  studyInstanceUid: string;
  files: Uint8Array[];
}

/** Seed of the demonstration. */
const DEMONSTRATION = 20260115;

/** A phantom of the demonstration's size; simulated once for all test files of this run. */
export function phantomStudy(seed = DEMONSTRATION): TestStudy {
  const key = `browser-${seed}`;
  return once(key, () =>
    encodePhantomStudy(simulateStudy(createCase(seed)), {
      key,
      givenName: 'Browser',
      patientId: key.toUpperCase(),
      studyDescription: 'Inner ear MRI, browser test phantom (synthetic)',
    })
  );
}

/**
 * Both ears and little more, a million voxels a series, as bright as the demonstration: loaded, drawn and
 * measured in a fraction of the time of `phantomStudy`, for tests that are not about the size of a study.
 */
export function earsStudy(): TestStudy {
  const key = 'browser-ears';
  return once(key, () =>
    encodePhantomStudy(simulateEars(DEMONSTRATION, { grid: { size: [192, 200, 26] } }), {
      key,
      givenName: 'Ears',
      patientId: key.toUpperCase(),
      studyDescription: 'Both ears, browser test phantom (synthetic)',
    })
  );
}

/** As `earsStudy`, wider than high: such an image is fitted into a viewport by its width. */
export function landscapeStudy(): TestStudy {
  const key = 'browser-landscape';
  return once(key, () =>
    encodePhantomStudy(simulateEars(DEMONSTRATION, { grid: { size: LANDSCAPE } }), {
      key,
      givenName: 'Landscape',
      patientId: key.toUpperCase(),
      studyDescription: 'Both ears, images wider than high (synthetic)',
    })
  );
}

/** The same head, MRC wider than high, PPI and PEI higher than wide. */
export function unequalStudy(): TestStudy {
  const key = 'browser-unequal';
  return once(key, () => {
    const { mrc } = simulateEars(DEMONSTRATION, { grid: { size: LANDSCAPE } });
    const higher = simulateEars(DEMONSTRATION, { grid: { size: [192, 236, 26] } });
    return encodePhantomStudy(
      { ...higher, mrc },
      {
        key,
        givenName: 'Unequal',
        patientId: key.toUpperCase(),
        studyDescription: 'Both ears, series of several matrices (synthetic)',
      }
    );
  });
}

const LANDSCAPE: Geometry['size'] = [192, 150, 26];

/** A small stack: the left ear took no gadolinium, the right ear lies outside it. */
export function halfStudy(): TestStudy {
  const key = 'browser-half';
  return once(key, () =>
    encodePhantomStudy(
      simulateStudy(
        createCase(302, {
          grid: { size: [160, 150, 26], origin: [-20, -37.25, -12.5] },
          tilt: [0, 0, 0],
          position: [0, 0, 0],
          noise: 0.01,
          gadolinium: { left: 0, right: 0.08 },
        })
      ),
      {
        key,
        givenName: 'Half',
        patientId: 'BROWSER-HALF',
        studyDescription: 'One ear in the images, without gadolinium (synthetic)',
      }
    )
  );
}

/** A small stack with both ears, the left one on the edge between two grades; MRC (series 2) again as series 5. */
export function repeatedStudy(): TestStudy {
  const key = 'browser-repeated';
  const hydrops = { left: 0.5, right: 0.2 };
  return once(key, () => [
    ...encodePhantomStudy(simulateEars(11, { hydrops }), {
      key,
      givenName: 'Repeated',
      patientId: 'BROWSER-REPEATED',
      studyDescription: 'MRC acquired twice (synthetic)',
    }),
    ...encodeMrSeries({
      kind: 'original',
      template: {
        StudyInstanceUID: deriveUid('phantom-study', key),
        FrameOfReferenceUID: deriveUid('phantom-frame', key),
        PatientName: 'Phantom^Repeated',
        PatientID: 'BROWSER-REPEATED',
        StudyDate: '20260115',
        StudyTime: '093000',
      },
      volume: simulateEars(11, { hydrops, noise: 0.012 }).mrc,
      description: 'MRC hT2w 3D',
      seriesNumber: 5,
      imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
      scaling: { kind: 'unsigned-12-bit' },
      acquisition: {
        scanningSequence: ['SE'],
        sequenceVariant: ['SK', 'SP'],
        mrAcquisitionType: '3D',
        repetitionTime: 4400,
        echoTime: 544,
        protocolName: 'MRC hT2w 3D',
      },
      window: { center: 400, width: 1000 },
      created: new Date(2026, 0, 15, 9, 50),
    }),
  ]);
}

/** Runs `make` once per test run: Jest's files share neither memory nor, with several workers, a process. */
export function once(key: string, make: () => EncodedObject[]): TestStudy {
  const studyInstanceUid = deriveUid('phantom-study', key);
  const directory = join(process.env.HYDROPS_TEST_RUN ?? tmpdir(), key);
  if (!existsSync(directory)) {
    const unfinished = `${directory}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    make().forEach(({ file }, index) =>
      writeFileSync(join(unfinished, `${String(index).padStart(5, '0')}.dcm`), new Uint8Array(file))
    );
    try {
      renameSync(unfinished, directory);
    } catch (error) {
      // Another worker was faster; what it made is the same.
      if (!existsSync(directory)) throw error;
      rmSync(unfinished, { recursive: true });
    }
  }
  const files = readdirSync(directory).map((name) => readFileSync(join(directory, name)));
  return { studyInstanceUid, files: files.map((file) => new Uint8Array(file)) };
}

export interface SmallSeries {
  description: string;
  inversionTime: number | null;
  /** Moved against the other series, mm. */
  origin?: Geometry['origin'];
  /** Axial where absent. */
  direction?: Geometry['direction'];
  imageType?: string[];
  /** Value of voxel `index`; noise where absent. */
  value?: (index: number) => number;
}

export const MRC: SmallSeries = { description: 'MRC hT2w 3D', inversionTime: null };
export const PPI: SmallSeries = { description: 'PPI hT2w 3D FLAIR TI 2250', inversionTime: 2250 };
export const PEI: SmallSeries = { description: 'PEI hT2w 3D IR TI 2050', inversionTime: 2050 };

const SIZE: Geometry['size'] = [96, 96, 24];

/** A small study of noise: no ear, quick to load; for what is refused before or by the network. */
export function smallStudy(key: string, series: SmallSeries[]): TestStudy {
  const studyInstanceUid = deriveUid('phantom-study', key);
  const template = {
    StudyInstanceUID: studyInstanceUid,
    FrameOfReferenceUID: deriveUid('phantom-frame', key),
    PatientName: 'Phantom^Noise',
    PatientID: key.toUpperCase(),
    StudyDate: '20260115',
    StudyTime: '093000',
    StudyDescription: `Noise (synthetic), ${key}`,
  };
  const files = series.flatMap((one, index) =>
    encodeMrSeries({
      kind: 'original',
      template,
      volume: noise(one, index + 1),
      description: one.description,
      seriesNumber: index + 2,
      imageType: one.imageType ?? ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
      scaling: one.value ? { kind: 'keep-sign' } : { kind: 'unsigned-12-bit' },
      acquisition: {
        scanningSequence: one.inversionTime === null ? ['SE'] : ['SE', 'IR'],
        sequenceVariant: ['SK'],
        mrAcquisitionType: '3D',
        repetitionTime: 9000,
        echoTime: 540,
        ...(one.inversionTime === null ? {} : { inversionTime: one.inversionTime }),
        protocolName: one.description,
      },
      window: { center: 400, width: 1000 },
      created: new Date(2026, 0, 15, 9, 30),
    }).map(({ file }) => new Uint8Array(file))
  );
  return { studyInstanceUid, files };
}

function noise(series: SmallSeries, seed: number): Volume {
  const data = new Float32Array(SIZE[0] * SIZE[1] * SIZE[2]);
  let state = seed;
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[index] = series.value ? series.value(index) : 20 + (100 * state) / 2 ** 32;
  }
  return {
    data,
    size: SIZE,
    spacing: [0.5, 0.5, 1],
    origin: series.origin ?? [-24, -24, -12],
    direction: series.direction ?? [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
}

/** The same noise as one CT series; class and modality are as long as MR's, so the file stays whole. */
export function ctStudy(key: string): TestStudy {
  const { studyInstanceUid, files } = smallStudy(key, [
    { description: 'CT temporal bone', inversionTime: null },
  ]);
  return {
    studyInstanceUid,
    files: files.map((file) => {
      const text = Buffer.from(file).toString('latin1');
      const changed = text
        .replaceAll('1.2.840.10008.5.1.4.1.1.4\0', '1.2.840.10008.5.1.4.1.1.2\0')
        .replace('\x08\0\x60\0CS\x02\0MR', '\x08\0\x60\0CS\x02\0CT');
      if (changed === text) throw new Error('The MR file is written otherwise than expected.');
      return new Uint8Array(Buffer.from(changed, 'latin1'));
    }),
  };
}
