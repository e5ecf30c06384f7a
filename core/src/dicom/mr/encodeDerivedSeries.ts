import type { NaturalizedDataset } from 'dcmjs';
import type { ModelIdentity, Series, Volume } from '../../types';
import { METHODS, PARTS, type DerivedPart, type Method } from '../../registry';
import { CODES, codeItem } from '../encode/codes';
import { lossyCompression } from '../encode/lossy';
import { requireFrameOfReference } from '../encode/frameOfReference';
import { contributingEquipment } from '../encode/modules';
import { momentOf } from '../encode/moment';
import type { EncodedObject } from '../encode/part10';
import { encodeMrSeries, slicePosition } from './encodeMrSeries';
import { derivedInstanceNumbers } from './instanceNumbers';

export interface DerivedSeriesInput {
  kind: DerivedPart;
  /** By which the image was made: it says so. */
  method: Method;
  /** On MRC's grid; negative is endolymph. */
  volume: Volume;
  mrc: Series;
  ppi: Series;
  /** Null for the methods that need none. */
  pei: Series | null;
  model?: ModelIdentity | null;
  /** Null: they follow from images and software alone. */
  created: Date | null;
  seriesNumber?: number;
}

/**
 * HYDROPS (PPI − PEI) or HYDROPS-Mi2 (HYDROPS × MRC) as a derived MR series: signed 16 bit, one
 * slope, intercept 0, zero exactly zero and every sign kept; the derivation, source images and
 * frame of reference of MRC stand in each image, and MRC's Instance Numbers. The window is symmetric about zero.
 *
 * @throws RefusedInputError `frame-of-reference-missing` when MRC names none
 */
export function encodeDerivedSeries(input: DerivedSeriesInput): EncodedObject[] {
  const { mrc, ppi, pei, kind, volume } = input;
  const { label, image } = PARTS[kind];
  const derivation = plainFormula(METHODS[input.method][image]);
  const codes =
    kind === 'hydrops' ? [CODES.subtraction] : [CODES.subtraction, CODES.multiplication];
  const sources = [...(kind === 'hydrops' ? [] : [mrc]), ppi, ...(pei ? [pei] : [])];
  const { attributes } = mrc.header;
  return encodeMrSeries({
    kind: 'derived',
    volume,
    template: {
      ...attributes,
      FrameOfReferenceUID: requireFrameOfReference(mrc),
      StudyInstanceUID: mrc.header.studyInstanceUid,
    },
    description: `${label} (research use)`,
    seriesNumber: input.seriesNumber ?? PARTS[kind].seriesNumber,
    // A retry stores the same series, another result another series.
    uidFrom: 'content',
    instanceNumbers: derivedInstanceNumbers(mrc.sources),
    imageType: ['DERIVED', 'SECONDARY', 'OTHER'],
    scaling: { kind: 'keep-sign' },
    acquisition: {
      scanningSequence: listOf(attributes.ScanningSequence, 'SE'),
      sequenceVariant: listOf(attributes.SequenceVariant, 'SK'),
      repetitionTime: ppi.header.repetitionTime ?? mrc.header.repetitionTime ?? 0,
      echoTime: ppi.header.echoTime ?? undefined,
      // PPI and PEI differ in inversion time: the difference has none of its own.
      inversionTime: listOf(attributes.ScanningSequence, 'SE').includes('IR') ? 0 : undefined,
    },
    window: symmetricWindow(volume.data),
    created: input.created,
    attributes: {
      ...lossyCompression(sources),
      DerivationDescription: `${derivation}. Perilymph positive, endolymph negative. For research use only. Not for clinical use.`,
      DerivationCodeSequence: codes.map(codeItem),
      ContributingEquipmentSequence: [
        contributingEquipment(input.model ?? null, momentOf(input.created, attributes)),
      ],
    },
    attributesOfSlice: (k) => ({
      SourceImageSequence: sources.map((series) => sourceItem(series, volume, k)),
    }),
  });
}

/** In signs that every viewer shows. */
export function plainFormula(formula: string): string {
  return formula.replaceAll('−', '-').replaceAll('×', 'x').replaceAll('·', ' x ');
}

function listOf(value: unknown, fallback: string): string[] {
  if (Array.isArray(value) && value.length > 0) return (value as unknown[]).map(String);
  return typeof value === 'string' && value !== '' ? [value] : [fallback];
}

/** Symmetric about zero, so that the grey in the middle is the border between the fluids. */
function symmetricWindow(values: Float32Array): { center: number; width: number } {
  // A sample is enough for a percentile, and quick for a whole head.
  const stride = Math.max(1, Math.floor(values.length / 200_000));
  const magnitudes: number[] = [];
  for (let i = 0; i < values.length; i += stride)
    if (values[i] !== 0) magnitudes.push(Math.abs(values[i]!));
  if (magnitudes.length === 0) return { center: 0, width: 2 };
  magnitudes.sort((a, b) => a - b);
  const bright = magnitudes[Math.floor(0.995 * (magnitudes.length - 1))]!;
  return { center: 0, width: Number((2 * bright).toPrecision(4)) };
}

/** The source image nearest to slice k; the same slice when the series share a grid. */
export function sourceItem(series: Series, grid: Volume, k: number): NaturalizedDataset {
  const position = slicePosition(grid, k);
  const { origin, direction, spacing, size } = series.volume;
  const along = [0, 1, 2].reduce(
    (sum, axis) => sum + (position[axis]! - origin[axis]!) * direction[6 + axis]!,
    0
  );
  const nearest = Math.max(0, Math.min(size[2] - 1, Math.round(along / spacing[2])));
  const source = series.sources[nearest]!;
  return {
    ReferencedSOPClassUID: source.sopClassUid,
    ReferencedSOPInstanceUID: source.sopInstanceUid,
    ReferencedFrameNumber: source.frameNumber,
    PurposeOfReferenceCodeSequence: [codeItem(CODES.sourceForProcessing)],
  };
}
