import { ORGAN_KEYS, type Provenance } from '@inner-ear-hydrops/core';
import type { ProgressPoint } from './checkpoint';
import type { ModelText } from './exportModel';
import type { TrainingPlan } from './plans';
import type { DataDescription } from './trainingData';

const SYNTHETIC =
  'Synthetic MR cisternography made by the phantom package of this project; no patient data.';

/** What the manifest of a trained model is written from. */
export interface TrainingRecord {
  plan: TrainingPlan;
  data: DataDescription;
  /** Null: the run was exported before its first validation. */
  last: ProgressPoint | null;
  /** What the run was validated on, for people. */
  validation: string;
  /** Null: a name that does not pass for the project's where its data are a site's. */
  name: string | null;
  version: string;
  /** Who trained it, under which licence; null where nobody said. */
  authors: string | null;
  license: string | null;
  provenance: Provenance;
}

const PROJECT = 'Inner Ear Hydrops contributors';
const UNSTATED = 'not stated';

/** The words of a trained model's manifest; what the data were decides what may be said of them. */
export function trainedText(record: TrainingRecord): ModelText {
  const { plan, data, last, version, validation, provenance } = record;
  const synthetic = data.studies.segmentations + data.studies['structure sets'] === 0;
  const real = data.studies.segmentations + data.studies['structure sets'];
  const organs = plan.name === 'segmentation' ? [...ORGAN_KEYS] : ['left ear', 'right ear'];
  const { architecture } = plan.network;
  const authors = record.authors ?? (synthetic && !provenance.parent ? PROJECT : UNSTATED);
  return {
    name: record.name ?? `${synthetic ? 'inner-ear' : 'site'}-${architecture}`,
    version,
    changelog: { [version]: `Trained with the preset "${plan.preset}", seed ${plan.seed}.` },
    task: 'Segmentation of cochlea and vestibule on MR cisternography',
    description:
      'A 2.5D network (three slices in, class of each pixel of the middle slice out) on crops of ' +
      '100 × 100 pixels of 0.5 mm, with a small U-Net on a 2 mm grid that finds the ears.',
    authors,
    copyright: authors,
    license: record.license ?? (authors === PROJECT ? 'MIT' : UNSTATED),
    provenance,
    data_source: synthetic
      ? SYNTHETIC
      : `${real} annotated studies of the site that trained it` +
        (data.studies.phantoms + data.studies['case files'] > 0
          ? `, and phantoms. ${SYNTHETIC}`
          : '.'),
    data_type: synthetic ? 'simulated volumes' : 'MR series with annotations',
    limitations: [
      ...(synthetic
        ? [
            'Trained on phantoms only; nothing is known of its accuracy in patients.',
            'Anatomy outside the phantom’s ranges (malformations, implants, surgery, obliterated labyrinths) was not trained on.',
          ]
        : ['Trained on the data of one site; evaluate it before using it elsewhere.']),
      'In-plane resolution coarser than 0.8 mm or slices thicker than 1.4 mm are resampled and were not trained on.',
    ],
    intended_use:
      'Research on segmentation of the inner ear. For research use only. Not for clinical use.',
    contraindications: [
      'Any decision about a patient.',
      'Images other than heavily T2-weighted MR cisternography of the temporal bones.',
    ],
    references: [
      'Cho et al. INHEARIT, 2020 (crop, three slices, representative slices).',
      architecture === 'unet'
        ? 'Ronneberger et al. U-Net, MICCAI 2015 (architecture).'
        : 'Simonyan and Zisserman, 2015; Long et al., 2015 (VGG-19, FCN-8s).',
    ],
    eval_metrics: last
      ? organs.flatMap((organ, n) => {
          const value = last.iou[n];
          return value === null || value === undefined
            ? []
            : [{ name: `IoU ${organ}`, value: Number(value.toFixed(4)), test_set: validation }];
        })
      : [],
  };
}
