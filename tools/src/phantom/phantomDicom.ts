import { deriveUid, encodeMrSeries, type EncodedObject } from '@inner-ear-hydrops/core/dicom';
import type { Geometry, Volume } from '@inner-ear-hydrops/core';
import type { PhantomStudy } from '@inner-ear-hydrops/phantom';

export interface PhantomIdentity {
  /** Distinguishes this study from all others; UIDs follow from it. */
  key: string;
  /** Family name is always Phantom, so that no one takes it for a patient. */
  givenName: string;
  patientId: string;
  studyDescription: string;
}

/** When every phantom was "acquired": fixed, so that one seed gives one set of files. */
const ACQUIRED = new Date(2026, 0, 15, 9, 30);
const PRIMARY = ['ORIGINAL', 'PRIMARY', 'M', 'ND'];

/** Acquisition of the three series, after Cho et al. (2020). */
const INVERSION_RECOVERY = {
  scanningSequence: ['SE', 'IR'],
  sequenceVariant: ['SK', 'SP'],
  mrAcquisitionType: '3D' as const,
  repetitionTime: 9000,
  echoTime: 540,
  magneticFieldStrength: 3,
};

/** The DICOM files of a phantom study: localiser, MRC, PPI and PEI, as a scanner would store them. */
export function encodePhantomStudy(
  study: PhantomStudy,
  identity: PhantomIdentity
): EncodedObject[] {
  const studyUid = deriveUid('phantom-study', identity.key);
  const template = {
    StudyInstanceUID: studyUid,
    FrameOfReferenceUID: deriveUid('phantom-frame', identity.key),
    PatientName: `Phantom^${identity.givenName}`,
    PatientID: identity.patientId,
    PatientBirthDate: '19700101',
    PatientSex: 'O',
    StudyDate: '20260115',
    StudyTime: '093000',
    StudyID: '1',
    AccessionNumber: '',
    ReferringPhysicianName: '',
    StudyDescription: identity.studyDescription,
  };
  const shared = {
    kind: 'original' as const,
    template,
    imageType: PRIMARY,
    created: ACQUIRED,
    scaling: { kind: 'unsigned-12-bit' as const },
  };
  const series = (
    seriesNumber: number,
    description: string,
    volume: Volume,
    inversionTime: number | null
  ) =>
    encodeMrSeries({
      ...shared,
      volume,
      seriesNumber,
      description,
      acquisition:
        inversionTime === null
          ? {
              ...INVERSION_RECOVERY,
              scanningSequence: ['SE'],
              repetitionTime: 4400,
              echoTime: 544,
              protocolName: description,
            }
          : { ...INVERSION_RECOVERY, inversionTime, protocolName: description },
      window: inversionTime === null ? { center: 400, width: 1000 } : windowOf(volume),
    });
  return [
    ...encodeMrSeries({
      ...shared,
      volume: localizer(study.mrc),
      seriesNumber: 1,
      description: 'Localizer',
      acquisition: {
        scanningSequence: ['GR'],
        sequenceVariant: ['SP'],
        repetitionTime: 8.6,
        echoTime: 4,
        magneticFieldStrength: 3,
        protocolName: 'Localizer',
      },
      window: windowOf(study.mrc),
    }),
    ...series(2, 'MRC hT2w 3D', study.mrc, null),
    ...series(3, 'PPI hT2w 3D FLAIR TI 2250', study.ppi, 2250),
    ...series(4, 'PEI hT2w 3D IR TI 2050', study.pei, 2050),
  ];
}

function windowOf(volume: Volume): { center: number; width: number } {
  let largest = 0;
  for (const value of volume.data) if (value > largest) largest = value;
  return {
    center: Math.max(1, Math.round(largest / 4)),
    width: Math.max(2, Math.round(largest / 2)),
  };
}

/** A few thick coarse slices of the same head: what a study holds besides the images of interest. */
function localizer(mrc: Volume): Volume {
  const step = 4;
  const [columns, rows, slices] = mrc.size;
  const every = Math.max(1, Math.floor(slices / 3));
  const size: Geometry['size'] = [
    Math.floor(columns / step),
    Math.floor(rows / step),
    Math.min(3, slices),
  ];
  const data = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++) {
        data[i + size[0] * (j + size[1] * k)] =
          mrc.data[i * step + columns * (j * step + rows * k * every)] ?? 0;
      }
    }
  }
  const [x, y, z] = mrc.spacing;
  return { ...mrc, data, size, spacing: [x * step, y * step, z * every] };
}
