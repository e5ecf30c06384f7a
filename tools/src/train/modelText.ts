import type { ModelText } from './exportModel';

/** The words of the shipped model's manifest. */
export const INNER_EAR_UNET: ModelText = {
  name: 'inner-ear-unet',
  version: '0.1.0',
  changelog: { '0.1.0': 'First, briefly trained network.' },
  task: 'Segmentation of cochlea and vestibule on MR cisternography',
  description:
    '2.5D U-Net (three slices in, class of each pixel of the middle one out) on 100 × 100-pixel ' +
    'crops at 0.5 mm, with a small U-Net on a 2 mm grid that finds the ears.',
  authors: 'Inner Ear Hydrops contributors',
  copyright: 'Inner Ear Hydrops contributors',
  license: 'MIT',
  data_source:
    'Synthetic MR cisternography made by the phantom package of this project; no patient data.',
  data_type: 'simulated volumes',
  limitations: [
    'Trained on phantoms only; nothing is known of its accuracy in patients.',
    'Anatomy outside the phantom’s ranges (malformations, implants, surgery, obliterated labyrinths) was not trained on.',
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
    'Ronneberger et al. U-Net, MICCAI 2015 (architecture).',
  ],
  eval_metrics: [],
};
