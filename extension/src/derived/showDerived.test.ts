import type { Volume } from '@inner-ear-hydrops/core';
import type { DisplaySet } from '../host/types';
import type { DerivedImages, DerivedSeriesInput } from './DerivedImages';
import { derivedInstance } from './derivedInstance';
import { showDerived, type ShowOptions, type ShownStudy, type SourceSeries } from './showDerived';

const MRC = '1.2.840.113619.2.5.1762583153.215519.978957063.121';
const volume = (value: number): Volume => ({
  data: new Float32Array(8).fill(value),
  size: [2, 2, 2],
  spacing: [0.5, 0.4, 1.5],
  origin: [1, 2, 3],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});
const source = (numbers: number[]): SourceSeries => ({
  series: {
    header: { seriesInstanceUid: MRC } as SourceSeries['series']['header'],
    sources: numbers.map((instanceNumber) => ({
      instanceNumber,
    })) as SourceSeries['series']['sources'],
  },
  instances: numbers.map((n) => ({
    SOPInstanceUID: `${MRC}.${n}`,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4.1',
    SeriesInstanceUID: MRC,
    StudyInstanceUID: '1.2',
    PatientName: 'Phantom',
    NumberOfFrames: 48,
  })),
  imageIds: numbers.map((n) => `wadors:${n}`),
  shownImageIds: numbers.map((n) => `wadors:${n}`),
});

const study: ShownStudy = {
  method: 'hydrops-mi2',
  hydrops: volume(3),
  hydropsMi2: volume(-2),
  corrected: {},
};

/** Notes what is to be shown, and what is to be hidden. */
function notes() {
  const inputs: DerivedSeriesInput[] = [];
  const hidden: string[] = [];
  const derived: Pick<DerivedImages, 'show' | 'hide'> = {
    show: (input) => {
      inputs.push(input);
      return { displaySetInstanceUID: input.kind } as DisplaySet;
    },
    hide: (kind) => void hidden.push(kind),
  };
  return { derived, inputs, hidden };
}

function shown(mrc?: SourceSeries): DerivedSeriesInput[] {
  const { derived, inputs } = notes();
  showDerived(derived, study, { mrc });
  return inputs;
}

it('HYDROPS and HYDROPS-Mi2 are two series with UIDs of their own, valid and never used before', () => {
  const inputs = shown(source([1, 2]));
  expect(inputs.map(({ kind, volume: of }) => [kind, of.data[0]])).toEqual([
    ['hydrops', 3],
    ['hydrops-mi2', -2],
  ]);
  const uids = inputs.flatMap(({ seriesInstanceUid, sopInstanceUid }) => [
    seriesInstanceUid,
    sopInstanceUid(0),
    sopInstanceUid(1),
  ]);
  expect(new Set([...uids, MRC]).size).toBe(7);
  // PS3.5 9.1: at most 64 characters, digits and dots.
  for (const uid of uids) expect(uid).toMatch(/^\d[\d.]{0,63}$/);
});

it('a reader finds the same slice under the same number as in MRC', () => {
  const [hydrops] = shown(source([40, 39]));
  expect(hydrops?.instanceNumbers).toEqual([40, 39]);
});

it('an instance is of MRC’s patient and place, as one frame with its own values', () => {
  const mrc = source([1, 2]);
  const [input] = shown(mrc);
  const instance = derivedInstance(
    mrc.instances[1]!,
    input!,
    1,
    { windowCenter: 0, windowWidth: 200 },
    'hydrops:1/1'
  );
  expect(instance).toMatchObject({
    PatientName: 'Phantom',
    StudyInstanceUID: '1.2',
    SeriesDescription: 'HYDROPS',
    ImageType: ['DERIVED', 'SECONDARY'],
    // Row spacing first (PS3.3 C.7.6.2).
    PixelSpacing: [0.4, 0.5],
    ImagePositionPatient: [1, 2, 4.5],
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  });
  expect(instance).not.toHaveProperty('NumberOfFrames');
  // As an attribute it would be copied into what is stored.
  expect(Object.keys(instance)).not.toContain('imageId');
  expect(instance.imageId).toBe('hydrops:1/1');
});

describe('a series whose motion was corrected', () => {
  const PEI = '1.2.9';
  const pei: SourceSeries = {
    ...source([7, 8]),
    series: {
      ...source([7, 8]).series,
      header: { seriesInstanceUid: PEI, windowCenter: 500, windowWidth: 900 } as never,
    },
    instances: [7, 8].map((n) => ({
      SOPInstanceUID: `${PEI}.${n}`,
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
      SeriesInstanceUID: PEI,
      StudyInstanceUID: '1.2',
      FrameOfReferenceUID: '1.2.3',
      InversionTime: 2050,
    })),
  };
  const corrected = { pei: { volume: volume(6), displacement: 2.2 } };
  const show = (options?: ShowOptions) => {
    const noted = notes();
    const mrc = source([1, 2]);
    const moved = showDerived(noted.derived, { ...study, corrected }, { mrc, pei }, options);
    const input = noted.inputs.find(({ kind }) => kind === 'pei-corrected');
    if (!input) throw new Error('PEI is not shown.');
    return { ...noted, moved, mrc, input };
  };

  it('is shown as it was measured, under the numbers of MRC and in MRC’s place, with its own times', () => {
    const { input, mrc, moved, hidden } = show();
    expect(input.volume.data[0]).toBe(6);
    expect(input.instanceNumbers).toEqual([1, 2]);
    const [instance] = mrc.instances;
    const made = derivedInstance(instance!, input, 0, input.window, 'hydrops:1/0');
    expect(made).toMatchObject({
      SeriesDescription: 'PEI, motion corrected',
      InversionTime: 2050,
      PatientName: 'Phantom',
      ImageType: ['DERIVED', 'SECONDARY'],
    });
    // Of MRC's frame, in which it lies now.
    expect(made['FrameOfReferenceUID']).toBe(instance?.['FrameOfReferenceUID']);
    expect(made.SeriesInstanceUID).not.toBe(PEI);
    expect(moved).toEqual([
      {
        role: 'pei',
        name: 'PEI',
        seriesInstanceUid: PEI,
        displacement: 2.2,
        corrected: 'PEI, motion corrected',
      },
    ]);
    expect(hidden).toEqual(['ppi-corrected']);
  });

  it('keeps the window in which the reader sees it, else has the one of its file', () => {
    const own = { windowCenter: 80, windowWidth: 160 };
    expect(show({ windowOf: (uid) => (uid === PEI ? own : null) }).input.window).toEqual(own);
    expect(show().input.window).toEqual({ windowCenter: 500, windowWidth: 900 });
  });
});

it('is not made of a study whose MRC has not been read', () => {
  expect(() => shown()).toThrow('grid of MRC');
});
