import { firstItems } from '@inner-ear-hydrops/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BOTH_EARS, drawBalls, writeSegmentation, writeStudy } from '../../test/testSite';
import { earInSet } from './annotationSets';
import { samplePatch } from './patchSampler';
import { LOCATOR_PLAN, SEGMENTATION_PLAN } from './plans';
import { RandomNumbers } from './randomNumbers';
import { loadTrainingData } from './trainingData';

let site: string;

beforeEach(async () => {
  site = await mkdtemp(path.join(tmpdir(), 'hydrops-taught-'));
});
afterEach(() => rm(site, { recursive: true, force: true }));

const load = (annotations: 'auto' | 'volume' | 'slices' = 'auto') =>
  loadTrainingData([site], SEGMENTATION_PLAN, { annotations });

describe('annotations of part of an ear', () => {
  const plane = 240 * 40;
  /** Keeps one organ on some slices. */
  const onSlices = (wanted: number, slices: number[]) =>
    drawBalls(BOTH_EARS).map((number, n) =>
      number === wanted && !slices.includes(Math.floor(n / plane)) ? 0 : number
    );

  it('teach a whole organ everywhere and the other one on its slices, where a reader drew them so', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    await writeSegmentation(study, onSlices(2, [5]));
    const { ears, description, notes } = await load();
    expect(description.ears).toEqual({ volume: 1, mixed: 1, full: 0, selective: 0 });
    const [ear] = firstItems(ears, 1);
    expect([ear.kind, ear.known]).toEqual(['mixed', 0b111]);
    const vestibule = [...ear.knownOn!].flatMap((known, k) => (known === 0b111 ? [k] : []));
    expect(
      vestibule.map((k) => ear.classes.subarray(104 * 104 * k, 104 * 104 * (k + 1)).includes(2))
    ).toEqual([true]);
    expect(ear.knownOn!.every((known, k) => known === 0b011 || vestibule.includes(k))).toBe(true);
    expect(earInSet(ear, 'all')).toMatchObject({ annotated: null });
    expect(
      earInSet(ear, 'FA')!
        .annotated!.map(({ slice, known }) => [vestibule.includes(slice), known])
        .sort()
    ).toEqual([
      [false, 0b011],
      [true, 0b111],
    ]);
    expect(notes.join()).toMatch(/left cochlea whole \(.*left vestibule on a chosen slice \(/);
    const patch = { ...SEGMENTATION_PLAN.patch, main: 1, focused: 0 };
    const drawn = Array.from({ length: 40 }, (_, n) =>
      samplePatch(
        ear,
        patch,
        'none',
        new RandomNumbers(n),
        new Float32Array(64 * 64 * 3),
        new Uint8Array(64 * 64)
      )
    );
    expect(new Set(drawn)).toEqual(new Set([0b011, 0b111]));
  });

  it('teach the middle slices of an organ as chosen slices, however many: the rest is not background', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    await writeSegmentation(
      study,
      onSlices(1, [3, 4, 5]).map((number) => (number === 1 ? 1 : 0))
    );
    const { ears } = await load();
    expect(ears.map(({ kind, chosen }) => [kind, chosen.length])).toEqual([['selective', 3]]);
    expect((await load('volume')).ears.map(({ kind }) => kind)).toEqual(['volume']);
    const locator = await loadTrainingData([site], LOCATOR_PLAN, { annotations: 'auto' });
    expect(locator.heads).toEqual([]);
  });

  it('are refused where an organ is a single voxel', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const first = drawBalls(BOTH_EARS).indexOf(1);
    await writeSegmentation(
      study,
      drawBalls(BOTH_EARS).map((number, n) => (number === 1 && n !== first ? 0 : number))
    );
    expect((await load()).problems).toEqual([
      expect.objectContaining({
        code: 'annotation-too-small',
        where: study.folder,
        message: expect.stringMatching(
          /left cochlea on series "MRC hT2w 3D" is 0\.30 mm³ on series 2, image/
        ),
      }),
    ]);
  });
});
