import {
  endolymphMask,
  estimateMrcScale,
  geometryOf,
  hydropsOf,
  measure,
  prepareStudy,
  type HydropsImages,
  type HydropsInput,
  type Measurement,
  type Method,
  type PreparedStudy,
  type Series,
  type Vector3,
  type Volume,
} from '@inner-ear-hydrops/core';
import { contrastOf, FLUIDS, PAPER_PROTOCOL, withGadolinium } from '@inner-ear-hydrops/phantom';
import { seriesOf } from '../../core/test/testGrids';
import { labelsOf, preparedOf, simulateEars } from '../support/phantomStudy';

jest.setTimeout(120_000);

const study = simulateEars(401, { hydrops: { left: 0.15, right: 0.6 }, gadolinium: 0.08 });
const labels = labelsOf(study.truth.anatomy, study.mrc);
const centers = [study.truth.earCenters.left, study.truth.earCenters.right] as Vector3[];
const ratiosOf = ({ ears }: Measurement): number[] =>
  (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).map((organ) => ears[ear]?.[organ]?.volume.ratio ?? NaN)
  );
const exact = (['left', 'right'] as const).flatMap((ear) =>
  (['cochlea', 'vestibule'] as const).map((organ) => study.truth.ratios[ear]?.[organ] ?? NaN)
);
const series = (volume: Volume, uid: string): Series =>
  seriesOf(volume, { seriesInstanceUid: uid });
const measured = (method: Method, ppi: Volume, pei?: Volume): Measurement => {
  const prepared = prepareStudy(
    { mrc: series(study.mrc, 'm'), ppi: series(ppi, 'p'), pei: pei && series(pei, 'e') },
    { method, centers }
  );
  return measure({ prepared, labels, anatomy: study.truth.anatomy, model: null });
};
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

/** HYDROPS2 by a factor that the test chose. */
const withImages = (
  images: Parameters<typeof preparedOf>[0],
  made: HydropsImages
): PreparedStudy => ({
  ...preparedOf(images, 'hydrops2-mi2'),
  ...made,
  endolymph: endolymphMask(made.hydropsMi2),
});

/** A signed inversion-recovery image by the signal equation: MRC times the mixture of both fluids. */
const signed: Volume = (() => {
  const endolymph = contrastOf(FLUIDS.endolymph, PAPER_PROTOCOL);
  const perilymph = contrastOf(withGadolinium(FLUIDS.perilymph, 0.08), PAPER_PROTOCOL);
  const data = study.mrc.data.map((value, n) => {
    const share = study.truth.endolymphFraction[n]!;
    const inEar = study.truth.anatomy[n] !== 0;
    const pure = inEar ? share : 1;
    return (
      value *
      (pure * (endolymph.ppi / endolymph.mrc) + (1 - pure) * (perilymph.ppi / perilymph.mrc))
    );
  });
  return { ...geometryOf(study.mrc), data };
})();

test('HYDROPS of the whole chain rises with hydrops and undercounts by no more than is known', () => {
  const result = measured('hydrops-mi2', study.ppi, study.pei);
  expect(result.alignment?.ppi.treatment).toBe('identical');
  expect(result.warnings).toEqual([]);
  const ratios = ratiosOf(result);
  expect(ratios[2]).toBeGreaterThan(ratios[0]! + 0.1);
  expect(ratios[3]).toBeGreaterThan(ratios[1]! + 0.1);
  ratios.forEach((ratio, n) => expect(Math.abs(ratio - exact[n]!)).toBeLessThan(0.35));
  const mixtures = (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).map(
      (organ) => result.ears[ear]?.[organ]?.mixture?.fraction ?? NaN
    )
  );
  mixtures.forEach((fraction, n) => expect(Math.abs(fraction - exact[n]!)).toBeLessThan(0.09));
  // What the third measure is for.
  const off = (values: number[]): number =>
    values.reduce((sum, value, n) => sum + Math.abs(value - exact[n]!), 0) / values.length;
  expect(off(mixtures)).toBeLessThan(0.5 * off(ratios));
});

test('3D-real IR takes the sign of one series; a magnitude is refused, and so is it for HYDROPS', () => {
  const result = measured('real-ir', signed);
  expect(result.study.pei).toBeNull();
  const ratios = ratiosOf(result);
  // Endolymph outweighs perilymph of this concentration where it fills more than about 85 % of a voxel.
  const organs = [1, 2, 3, 4].map((number) => {
    let [negative, total] = [0, 0];
    labels.data.forEach((label, n) => {
      if (label !== number) return;
      total++;
      if (signed.data[n]! < 0) negative++;
    });
    return negative / total;
  });
  expect(ratios).toEqual(organs);
  expect(codeOf(() => measured('real-ir', study.ppi))).toBe('not-signed');
  expect(codeOf(() => measured('hydrops-mi2', signed, study.pei))).toBe('not-magnitude');
});

test('HYDROPS2 needs no PEI, names its factor, and rises with hydrops', () => {
  const result = measured('hydrops2-mi2', study.ppi);
  expect(result.study.pei).toBeNull();
  expect(result.warnings.map(({ code }) => code)).toEqual(['mrc-scale-estimated']);
  // No grade, since its zero lies on another scale: said with its reason, and the ratio holds.
  for (const ear of [result.ears.left, result.ears.right]) {
    expect(ear?.vestibule).toMatchObject({
      measurable: true,
      grade: null,
      mixture: null,
      voided: { grade: ['mrc-scale-estimated'] },
    });
  }
  const ratios = ratiosOf(result);
  expect(ratios[2]).toBeGreaterThan(ratios[0]! + 0.1);
  expect(ratios[3]).toBeGreaterThan(ratios[1]! + 0.1);
  // A factor given by the reader is used as it is: PPI − 0.5 · MRC.
  const { hydrops } = hydropsOf('hydrops2-mi2', {
    mrc: study.mrc,
    ppi: study.ppi,
    pei: null,
    mrcScale: 0.5,
  });
  expect(hydrops.data[1234]).toBeCloseTo(study.ppi.data[1234]! - 0.5 * study.mrc.data[1234]!, 3);
});

test('HYDROPS2 gives each ear its own factor: less gadolinium in one ear no longer looks like hydrops', () => {
  const changes = { hydrops: { left: 0.3, right: 0.3 }, gadolinium: { left: 0.03, right: 0.15 } };
  const unequal = simulateEars(501, changes);
  const ears = [unequal.truth.earCenters.right, unequal.truth.earCenters.left] as Vector3[];
  const ratiosWith = (
    given: Pick<HydropsInput, 'centers' | 'mrcScale'>
  ): { ratios: number[]; codes: string[] } => {
    const images = { mrc: unequal.mrc, ppi: unequal.ppi, pei: null };
    const made = hydropsOf('hydrops2-mi2', { ...images, ...given });
    const result = measure({
      prepared: withImages(images, made),
      labels: labelsOf(unequal.truth.anatomy, unequal.mrc),
      model: null,
    });
    return { ratios: ratiosOf(result), codes: result.warnings.map(({ code }) => code) };
  };
  // One factor for both, which suits the right ear.
  const scale = estimateMrcScale({ ...unequal, centers: [ears[0]!] });
  const common = ratiosWith({ mrcScale: Number(scale) });
  expect(common.codes).toContain('enhancement-unequal');
  expect(common.ratios[0]).toBeGreaterThan(0.9);
  const own = ratiosWith({ centers: ears });
  // The regions stand alone, without canals.
  expect(own.codes).toEqual(['mrc-scale-estimated', 'slice-by-area', 'slice-by-area']);
  const truth = (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).map((organ) => unequal.truth.ratios[ear]?.[organ] ?? NaN)
  );
  own.ratios.forEach((ratio, n) => expect(Math.abs(ratio - truth[n]!)).toBeLessThan(0.2));
});

test('HYDROPS2 with its own factor leaves an ear full of endolymph negative', () => {
  const full = simulateEars(502, { hydrops: { left: 1, right: 0.2 } });
  const made = hydropsOf('hydrops2-mi2', {
    mrc: full.mrc,
    ppi: full.ppi,
    pei: null,
    centers: [full.truth.earCenters.left, full.truth.earCenters.right] as Vector3[],
  });
  const prepared = withImages({ ...full, pei: null }, made);
  const regions = labelsOf(full.truth.anatomy, full.mrc);
  const ratios = ratiosOf(measure({ prepared, labels: regions, model: null }));
  expect(Math.min(ratios[0]!, ratios[1]!)).toBeGreaterThan(0.9);
  expect(Math.max(ratios[2]!, ratios[3]!)).toBeLessThan(0.6);
});

test('a study with one ear measures one ear', () => {
  const single = simulateEars(402, { missingEar: 'right' });
  const { ears, warnings } = measure({
    prepared: preparedOf(single),
    labels: labelsOf(single.truth.anatomy, single.mrc),
    anatomy: single.truth.anatomy,
    model: null,
  });
  expect(ears.right).toBeNull();
  expect(warnings.map(({ code, ear }) => [code, ear])).toEqual([['ear-not-found', 'right']]);
  expect(ears.left?.vestibule?.area).not.toBeNull();
  expect(ears.left?.vestibule?.mixture).not.toBeNull();
});
