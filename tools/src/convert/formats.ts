import { SEGMENTS, type LabelVolume } from '@inner-ear-hydrops/core';
import { encodeSegmentation } from '@inner-ear-hydrops/core/dicom';
import { labelDescriptions } from '../labelFiles/labelDescriptions';
import { niftiFile } from '../labelFiles/writeNifti';
import { nrrdFile } from '../labelFiles/writeNrrd';
import type { Coverage } from '../dataset/coverage';
import type { LoadedStudy } from '../dataset/labelledStudy';
import { ignoredVoxels } from './ignoredVoxels';

/** A study as a format takes it. */
export interface ConvertedCase {
  /** What its files are called. */
  name: string;
  reader: string | null;
  loaded: LoadedStudy;
  labels: LabelVolume;
  coverage: Coverage;
  /** When the annotation was last changed; null where nothing tells it. */
  created: Date | null;
}

/** Files by path inside the output folder. */
export type CaseFiles = Record<string, Uint8Array>;

export const FORMATS = ['nifti', 'nrrd', 'seg', 'nnunet'] as const;
export type Format = (typeof FORMATS)[number];

/** Path of a study's annotation in the output folder. */
export const LABELS_OF: Readonly<Record<Format, (name: string) => string>> = {
  nifti: (name) => `${name}.nii.gz`,
  nrrd: (name) => `${name}.seg.nrrd`,
  seg: (name) => `${name}.dcm`,
  nnunet: (name) => `labelsTr/${name}.nii.gz`,
};

/** The value of voxels that nobody annotated, in data sets of nnU-Net: above all organs. */
export const IGNORED = Math.max(...SEGMENTS.map(({ number }) => number)) + 1;

export interface EncodedCase {
  files: CaseFiles;
  /** Whether voxels have the value `IGNORED`. */
  hasIgnored: boolean;
}

const only = (name: string, content: Uint8Array): EncodedCase => ({
  files: { [name]: content },
  hasIgnored: false,
});

/** The files of one study. */
export const ENCODERS: Readonly<Record<Format, (converted: ConvertedCase) => EncodedCase>> = {
  nifti: ({ name, labels }) => only(LABELS_OF.nifti(name), niftiFile(labels, labels.data)),
  nrrd: ({ name, labels }) => only(LABELS_OF.nrrd(name), nrrdFile(labels)),
  seg: ({ name, loaded, labels, reader, created }) => {
    const { file } = encodeSegmentation({
      ...{ mrc: loaded.mrc, labels, model: null, mask: 'drawn', created },
      ...(reader === null ? {} : { reader }),
    });
    return only(LABELS_OF.seg(name), new Uint8Array(file));
  },
  nnunet: (converted) => {
    const { name, loaded } = converted;
    const { volume } = loaded.mrc;
    const data = nnunetLabels(converted);
    const files = {
      [`imagesTr/${name}_0000.nii.gz`]: niftiFile(volume, volume.data),
      [LABELS_OF.nnunet(name)]: niftiFile(volume, data),
    };
    return { files, hasIgnored: data.includes(IGNORED) };
  },
};

/** Labels in which what nobody annotated has a value of its own: nnU-Net takes 0 for background. */
function nnunetLabels({ loaded, labels, coverage }: ConvertedCase): Uint8Array {
  const ignored = ignoredVoxels(labels, loaded.known, coverage);
  if (!ignored) return labels.data;
  return labels.data.map((number, n) => (ignored[n] === 1 ? IGNORED : number));
}

/** What stands beside the files of the studies: a NIfTI file does not name its labels. */
export const DESCRIPTIONS: Readonly<Record<Format, CaseFiles>> = {
  ...{ nrrd: {}, seg: {}, nnunet: {} },
  nifti: { 'labels.txt': Buffer.from(labelDescriptions()) },
};
