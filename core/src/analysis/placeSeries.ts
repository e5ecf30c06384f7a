import { alignToMrc, type Alignment, type AlignOptions, type PlacedPei } from '../alignment';
import { roleLabel } from '../registry';
import type { SignalGap } from '../study';
import type { Method, Sampling, Series, Vector3, Volume } from '../types';
import { flatPatches, imagesOf, latticeSampling } from '../volume';
import { holesOfMoving, holesOfMrc } from './fluidHoles';
import { sliceMask, type JudgedSeries } from './imageFaults';
import { eitherOf, type Mask } from './masks';

/** The series of a study, judged as they were read. */
export interface StudyToPlace {
  mrc: JudgedSeries;
  ppi: JudgedSeries;
  pei: JudgedSeries | null;
}

export interface PlacedStudy {
  ppi: Alignment;
  pei: Alignment | null;
  /** Of each series, also of one without a gap; MRC first. */
  marks: { judged: JudgedSeries; sampling: Sampling; missing: Mask; flat: Mask }[];
}

/**
 * Brings PPI and PEI onto MRC's grid. What is no signal takes no part in the alignment: padding, blank images, images off
 * the scale of their series, and holes, which are known only where the series are in place: where there are any, the
 * series are aligned once more without them.
 *
 * @throws RefusedInputError of `alignToMrc`
 */
export function placeSeries(
  study: StudyToPlace,
  method: Method,
  centers: Vector3[] | undefined
): PlacedStudy {
  const mrc = signalOf(study.mrc);
  const ppi = signalOf(study.ppi);
  const pei = study.pei && signalOf(study.pei);
  const align = (): { ppi: Alignment; pei: Alignment | null } => {
    const fixed = usable(mrc);
    const onto = (moving: Signal, name: string, options: Partial<AlignOptions> = {}): Alignment =>
      alignToMrc(fixed, usable(moving), {
        name,
        centers,
        ...options,
        sameFrame: sameFrame(mrc.judged.series, moving.judged.series),
      });
    const name = roleLabel('ppi', method);
    if (!pei) return { ppi: onto(ppi, name), pei: null };
    const placedPei = onto(pei, 'PEI', { correctAbove: PEI_MOVED });
    return { ppi: onto(ppi, name, { pei: partnerOf(placedPei) }), pei: placedPei };
  };
  let placed = align();
  const identity = latticeSampling(mrc.judged.series.volume, [0, 0, 0]);
  if (addHoles({ mrc, ppi, pei }, placed, identity, centers ?? [])) placed = align();
  const marksOf = ({ judged, missing, flat }: Signal, sampling: Sampling) => ({
    judged,
    sampling,
    missing,
    flat,
  });
  return {
    ...placed,
    marks: [
      marksOf(mrc, identity),
      marksOf(ppi, placed.ppi.sampling),
      ...(pei && placed.pei ? [marksOf(pei, placed.pei.sampling)] : []),
    ],
  };
}

/** Movement (mm) of PEI against MRC that is undone: several times the error with which it is found. */
const PEI_MOVED = 0.2;

function partnerOf({ reference, motion, report }: Alignment): PlacedPei {
  return { image: reference, motion, isUndone: report.treatment === 'corrected' };
}

/** Where the series hold no signal, or may not; none of a sound study. */
export function gapsOf({ marks }: PlacedStudy): SignalGap[] {
  return marks.flatMap(({ judged: { role, series }, sampling, missing, flat }) =>
    missing || flat ? [{ role, images: imagesOf(series), sampling, missing, flat }] : []
  );
}

interface Signal {
  judged: JudgedSeries;
  /** Padding and, once they are known, holes. */
  missing: Mask;
  flat: Mask;
  /** Images that take no part in the alignment. */
  faulty: Mask;
}

function signalOf(judged: JudgedSeries): Signal {
  const { series, blank, repeated, outOfLine } = judged;
  const { volume } = series;
  const faulty = [...blank, ...repeated, ...outOfLine.keys()];
  return {
    judged,
    missing: volume.missing ?? null,
    flat: flatPatches(volume, blank),
    faulty: faulty.length > 0 ? sliceMask(volume, faulty) : null,
  };
}

/** The volume with all that takes no part in the alignment as missing. */
function usable({ judged, missing, faulty }: Signal): Volume {
  const { volume } = judged.series;
  const left = eitherOf([missing, faulty]);
  return left ? { ...volume, missing: left } : volume;
}

/** @returns whether there are any */
function addHoles(
  { mrc, ppi, pei }: Record<'mrc' | 'ppi', Signal> & { pei: Signal | null },
  placed: { ppi: Alignment; pei: Alignment | null },
  identity: Sampling,
  centers: readonly Vector3[]
): boolean {
  const flatOf = ({ judged, flat }: Signal, sampling: Sampling) => ({
    volume: judged.series.volume,
    flat,
    sampling,
  });
  const fixed = mrc.judged.series.volume;
  const found: [Signal, Mask][] = [
    [ppi, holesOfMoving(fixed, flatOf(ppi, placed.ppi.sampling), centers)],
    ...(pei && placed.pei
      ? [[pei, holesOfMoving(fixed, flatOf(pei, placed.pei.sampling), centers)] as [Signal, Mask]]
      : []),
    [
      mrc,
      holesOfMrc(
        flatOf(mrc, identity),
        { ppi: placed.ppi.volume, pei: placed.pei?.volume ?? null },
        centers
      ),
    ],
  ];
  for (const [signal, holes] of found) signal.missing = eitherOf([signal.missing, holes]);
  return found.some(([, holes]) => holes !== null);
}

function sameFrame(a: Series, b: Series): boolean {
  return a.header.frameOfReferenceUid === b.header.frameOfReferenceUid;
}
