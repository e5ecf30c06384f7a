import {
  RIGHT_EAR_OFFSET,
  SEGMENTS,
  endolymphMask,
  imagesOf,
  type PreparedStudy,
  type Segmenter,
  type Series,
  type StudySeries,
  type Volume,
} from '@inner-ear-hydrops/core';
import type { LoadedStudy } from '../dataset/labelledStudy';
import { coverageOf } from '../dataset/coverage';
import { BOTH_EARS, drawBalls, labelsOn, loadedStudy, writeStudy } from '../../test/testSite';
import { evaluateStudy, measureReference } from './evaluateStudy';
import { summariseModel } from './summarise';
import { temporaryFolder } from '../../../test/support/temporaryFolder';

const CODES = [0, 1, 2, RIGHT_EAR_OFFSET + 1, RIGHT_EAR_OFFSET + 2];
const folder = temporaryFolder();
let study: LoadedStudy;

beforeAll(async () => {
  const { mrc } = await writeStudy(folder, 'P1', BOTH_EARS);
  const anatomy = drawBalls(BOTH_EARS).map((number) => CODES[number]!);
  // PPI above PEI everywhere but in every third voxel: a known ratio in any region.
  const series = (uid: string, value: (n: number) => number): Series => ({
    ...mrc,
    header: { ...mrc.header, seriesInstanceUid: uid },
    volume: { ...mrc.volume, data: mrc.volume.data.map((_, n) => value(n)) },
  });
  const ppi = series('1.2.3', (n) => (n % 3 === 0 ? 50 : 150));
  const pei = series('1.2.4', () => 100);
  study = { ...loadedStudy(mrc, anatomy), series: { mrc, ppi, pei } };
});

/** A model that finds what it is told to, and is surer of the left ear. */
function finding(anatomy: Uint8Array): Segmenter {
  return {
    identity: { name: 'fake', version: '1.0.0', sha256: '0' },
    cropSize: [50, 50, 26],
    trainedOn: 'Balls in boxes; no patient data.',
    backend: 'none',
    segment: async () => ({
      anatomy,
      labels: { ...labelsOn(study.mrc, anatomy), segments: [...SEGMENTS] },
      ears: [
        { side: 'left', center: [0, 0, 0], confidence: { cochlea: 0.91, vestibule: 0.92 } },
        { side: 'right', center: [0, 0, 0], confidence: { cochlea: 0.61, vestibule: 0.62 } },
      ],
      absent: [],
    }),
  };
}

/** The series as they are: finding no motion in flat images takes long and is tested elsewhere. */
function asTheyAre({ mrc, ppi, pei }: StudySeries): PreparedStudy {
  const difference = (factor: (n: number) => number): Volume => ({
    ...mrc!.volume,
    data: mrc!.volume.data.map((_, n) => factor(n) * (ppi!.volume.data[n]! - pei!.volume.data[n]!)),
  });
  const still = {
    treatment: 'identical' as const,
    translation: [0, 0, 0] as [number, number, number],
    rotation: [0, 0, 0] as [number, number, number],
    displacement: 0,
    interpolation: 'none' as const,
  };
  const hydropsMi2 = difference((n) => mrc!.volume.data[n]!);
  return {
    header: { studyInstanceUid: '1', mrc: '2', ppi: '3', pei: '4' },
    mrc: mrc!.volume,
    ppi: ppi!.volume,
    pei: pei!.volume,
    hydrops: difference(() => 1),
    hydropsMi2,
    method: 'hydrops-mi2',
    mrcScale: null,
    alignment: { ppi: still, pei: still },
    faults: [],
    warnings: [],
    images: imagesOf(mrc!),
    endolymph: endolymphMask(hydropsMi2),
  };
}

const referenceOf = (of: LoadedStudy) => measureReference(of, coverageOf(of, 'auto'), asTheyAre);

const evaluate = async (anatomy: Uint8Array) =>
  (await evaluateStudy('a', 'P1', referenceOf(study), finding(anatomy))).result;

describe('an evaluated study', () => {
  it('is perfect where a model finds what was annotated', async () => {
    const result = await evaluate(study.anatomy);
    expect(result.organs.length).toBe(4);
    for (const organ of result.organs) {
      expect([organ.iou, organ.dice, organ.surfaceDice, organ.hausdorff95]).toEqual([1, 1, 1, 0]);
      expect(organ.volumeRatio!.measured).toBe(organ.volumeRatio!.reference);
      expect(organ.volumeRatio!.reference).toBeCloseTo(1 / 3, 1);
    }
    expect(result.ears.every((ear) => ear.found && !ear.invented)).toBe(true);
  });

  it('counts an ear that is missed as 0, not as left out', async () => {
    const left = study.anatomy.map((code) => (code > RIGHT_EAR_OFFSET ? 0 : code));
    const result = await evaluate(left);
    const right = result.organs.filter((organ) => organ.ear === 'right');
    expect(right.map((organ) => [organ.iou, organ.hausdorff95])).toEqual([
      [0, null],
      [0, null],
    ]);
    const model = { name: 'fake', version: '1.0.0', sha256: '0' };
    const summary = summariseModel({ model, location: '', parameters: 1, bytes: 1, backend: '' }, [
      result,
    ]);
    expect(summary.all.iou.mean).toBeCloseTo(0.5, 9);
    expect([summary.earsFound, summary.earsAnnotated]).toEqual([1, 2]);
  });

  it('records how sure the model was of each organ that it found', async () => {
    const confidences = async (anatomy: Uint8Array) =>
      (await evaluate(anatomy)).organs.map(({ ear, organ, confidence }) => [
        ear,
        organ,
        confidence,
      ]);
    expect(await confidences(study.anatomy)).toEqual([
      ['left', 'cochlea', 0.91],
      ['left', 'vestibule', 0.92],
      ['right', 'cochlea', 0.61],
      ['right', 'vestibule', 0.62],
    ]);
    const left = study.anatomy.map((code) => (code > RIGHT_EAR_OFFSET ? 0 : code));
    expect((await confidences(left)).slice(2)).toEqual([
      ['right', 'cochlea', null],
      ['right', 'vestibule', null],
    ]);
  });

  it('does not take one side for the other', async () => {
    const exchanged = study.anatomy.map((code) =>
      code === 0 ? 0 : code > RIGHT_EAR_OFFSET ? code - RIGHT_EAR_OFFSET : code + RIGHT_EAR_OFFSET
    );
    const result = await evaluate(exchanged);
    expect(result.organs.every((organ) => organ.iou === 0)).toBe(true);
    expect(result.ears.every((ear) => !ear.found)).toBe(true);
  });

  it('tells of an ear that was invented', async () => {
    const onlyLeft = {
      ...study,
      anatomy: study.anatomy.map((code) => (code > RIGHT_EAR_OFFSET ? 0 : code)),
    };
    const { result } = await evaluateStudy(
      'a',
      'P1',
      referenceOf(onlyLeft),
      finding(study.anatomy)
    );
    expect(result.ears.find((ear) => ear.ear === 'right')).toEqual({
      ear: 'right',
      annotated: false,
      found: false,
      invented: true,
    });
  });

  it('does not call an ear invented that nobody annotated', async () => {
    const known = { left: 7, right: 1 };
    const anatomy = study.anatomy.map((code) => (code > RIGHT_EAR_OFFSET ? 0 : code));
    const oneSided = referenceOf({ ...study, anatomy, known });
    const { result } = await evaluateStudy('a', 'P1', oneSided, finding(study.anatomy));
    expect(result.ears.map(({ ear, invented }) => [ear, invented])).toEqual([
      ['left', false],
      ['right', false],
    ]);
    expect(result.organs.map(({ ear }) => ear)).toEqual(['left', 'left']);
  });
});

describe('an annotation on chosen slices', () => {
  const plane = () => study.mrc.volume.size[0] * study.mrc.volume.size[1];
  /** One slice of each left organ, as a reader draws who follows the paper (SA). */
  const onSlices = (wanted: Record<number, number>): Uint8Array =>
    study.anatomy.map((code, n) => (wanted[code] === Math.floor(n / plane()) ? code : 0));
  const compare = async (anatomy: Uint8Array, found: Uint8Array) => {
    const reference = referenceOf({ ...study, anatomy });
    return (await evaluateStudy('a', 'P1', reference, finding(found))).result.organs;
  };

  it('is compared there: a model that finds the whole organ is right', async () => {
    const organs = await compare(onSlices({ 1: 4, 2: 5 }), study.anatomy);
    expect(organs.map(({ organ, iou, surfaceDice }) => [organ, iou, surfaceDice])).toEqual([
      ['cochlea', 1, 1],
      ['vestibule', 1, 1],
    ]);
    for (const { annotatedSlices, volumeRatio, commonSlice } of organs) {
      expect([annotatedSlices, volumeRatio]).toEqual([1, null]);
      expect(commonSlice!.ratio!.measured).toBe(commonSlice!.ratio!.reference);
    }
  });

  it('is missed where the model finds the organ on other slices alone', async () => {
    const [cochlea] = await compare(onSlices({ 1: 4 }), onSlices({ 1: 6 }));
    expect(cochlea).toMatchObject({ iou: 0, sliceDistance: { slices: 2, mm: 2 } });
    expect(cochlea!.commonSlice).toMatchObject({ iou: 0, ratio: null });
  });
});

describe('the slice that areas are measured on', () => {
  const result = async (slices: LoadedStudy['slices']) => {
    const reference = referenceOf({ ...study, slices });
    return (await evaluateStudy('a', 'P1', reference, finding(study.anatomy))).result;
  };

  it('is that of the annotation for both; how far the model chooses another is a figure of its own', async () => {
    const chosen = await result({ left: { cochlea: 3 } });
    const [cochlea, vestibule] = chosen.organs;
    // The same region: on one slice there is nothing to differ.
    expect(cochlea!.commonSlice).toMatchObject({ iou: 1 });
    expect(cochlea!.commonSlice!.ratio!.measured).toBe(cochlea!.commonSlice!.ratio!.reference);
    expect(cochlea!.sliceDistance!.slices).toBeGreaterThan(0);
    expect(vestibule!.sliceDistance).toEqual({ slices: 0, mm: 0 });
    const model = { name: 'fake', version: '1.0.0', sha256: '0' };
    const of = { model, location: '', parameters: 1, bytes: 1, backend: '' };
    const { all } = summariseModel(of, [chosen]);
    expect(all.slices).toMatchObject({ organs: 4, same: 0.75 });
    expect(all.commonSlice.iou.mean).toBe(1);
  });

  it('is not a stored slice that shows nothing of the organ', async () => {
    expect((await result({ left: { cochlea: 0 } })).organs[0]!.sliceDistance!.slices).toBe(0);
  });
});
