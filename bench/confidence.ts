/** Benchmark: the network's confidence beside its Dice on clean and spoilt phantoms, and thresholds of `low-confidence` */
import {
  RESEARCH_NOTICE,
  RIGHT_EAR_OFFSET,
  RefusedInputError,
  worldToVoxel,
  type EarSegmentation,
  type Geometry,
  type Organ,
  type Segmenter,
  itemAt,
} from '@inner-ear-hydrops/core';
import { createCase, createRandom, simulateMrc } from '@inner-ear-hydrops/phantom';
import { DEFAULT_MODEL, openModelAt } from '../tools/src/model/modelFiles';
import { startSegmenter } from '../tools/src/model/startSegmenter';
import { dice, overlapOf } from '../tools/src/evaluate/overlap';
import { FAULTS, type LabelledImage } from './spoilImages';
import { reportTable } from './table';

/**
 * Difficulty 0.7–1.5, signal-to-noise ratio 60 down to 4 of cerebrospinal fluid on MRC, two grids; each
 * phantom once as it is and once with one of the faults. Neither training nor evaluation uses these seeds.
 */
const FIRST_SEED = 800_000;
const COUNT = 60;
const DIFFICULTIES = [0.7, 0.9, 1.1, 1.3, 1.5];
const SIGNAL_TO_NOISE = [60, 30, 15, 8, 4];
const GRIDS: Partial<Geometry>[] = [
  { size: [280, 260, 28], spacing: [0.5, 0.5, 1] },
  { size: [200, 186, 28], spacing: [0.7, 0.7, 1.2] },
];
/** Overlap below which an outline has to be drawn again. */
const POOR = 0.7;
/** Share of sound outlines that may be warned of. */
const MAX_FALSE_ALARMS = 0.05;
const THRESHOLDS = [0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9];
const ORGANS = { cochlea: 1, vestibule: 2 } as const;

interface Finding {
  condition: string;
  organ: Organ;
  /** Null where the ear was not found: nothing is measured there, and nothing to be unsure of. */
  confidence: number | null;
  dice: number;
}

async function main(): Promise<void> {
  const location = process.env.HYDROPS_MODEL ?? DEFAULT_MODEL;
  const segmenter = await startSegmenter(await openModelAt(location));
  const findings: Finding[] = [];
  const faults = Object.entries(FAULTS);
  for (let n = 0; n < COUNT; n++) {
    const random = createRandom(FIRST_SEED + n).fork('fault');
    const snr = SIGNAL_TO_NOISE[Math.floor(n / 5) % 5]!;
    const phantom = createCase(FIRST_SEED + n, {
      difficulty: DIFFICULTIES[n % 5],
      noise: 1 / snr,
      grid: GRIDS[n % 2],
    });
    const image = simulateMrc(phantom, phantom.grid);
    const clean = `signal-to-noise ratio ${snr}`;
    findings.push(...(await compare(segmenter, clean, image)));
    const [fault, spoil] = itemAt(faults, (n + Math.floor(n / 5)) % faults.length);
    const spoilt = spoil({
      ...image,
      fluid: phantom.acquisition.scale.mrc,
      middle: worldToVoxel(image.mrc, phantom.pose.translation)[2],
      random,
    });
    findings.push(...(await compare(segmenter, fault, spoilt)));
    process.stderr.write(`${n + 1} of ${COUNT}\r`);
  }
  const { name, version, sha256 } = segmenter.identity;
  segmenter.dispose();
  const notes = [`${name} ${version} ${sha256.slice(0, 16)}. ${RESEARCH_NOTICE}`];
  reportConditions(findings, notes);
  console.log();
  reportThresholds(findings, notes);
  console.log(`\n${manifestField(findings)}`);
}

async function compare(
  segmenter: Segmenter,
  condition: string,
  { mrc, anatomy }: LabelledImage
): Promise<Finding[]> {
  const found: EarSegmentation | null = await segmenter.segment(mrc, {}).catch((error) => {
    if (error instanceof RefusedInputError) return null;
    throw error;
  });
  const nothing = new Uint8Array(anatomy.length);
  return (['left', 'right'] as const).flatMap((side) =>
    (['cochlea', 'vestibule'] as const).flatMap((organ) => {
      const code = ORGANS[organ] + (side === 'right' ? RIGHT_EAR_OFFSET : 0);
      const overlap = overlapOf(anatomy, found?.anatomy ?? nothing, code);
      if (overlap.truth === 0) return [];
      const ear = found?.ears.find((entry) => entry.side === side);
      const confidence = overlap.found > 0 && ear ? ear.confidence[organ] : null;
      return [{ condition, organ, confidence, dice: dice(overlap) }];
    })
  );
}

function reportConditions(findings: Finding[], notes: string[]): void {
  const conditions = [...new Set(findings.map((finding) => finding.condition))].sort();
  const rows = conditions.flatMap((condition) =>
    (['cochlea', 'vestibule'] as const).map((organ) => {
      const members = findings.filter(
        (finding) => finding.condition === condition && finding.organ === organ
      );
      const found = members.filter((finding) => finding.confidence !== null);
      const confidences = found.map((finding) => finding.confidence as number);
      const poor = found.filter((finding) => finding.dice < POOR).length;
      return [
        condition,
        organ,
        members.length,
        members.length - found.length,
        mean(found.map((finding) => finding.dice)),
        poor,
        mean(confidences),
        found.length ? Math.min(...confidences).toFixed(3) : '–',
      ];
    })
  );
  reportTable(
    'confidence',
    {
      columns: [
        'image',
        'organ',
        'n',
        'not found',
        'Dice',
        `Dice below ${POOR}`,
        'confidence',
        'lowest',
      ],
      rows,
    },
    ['Dice and confidence: mean over the organs that were found.', ...notes]
  );
}

function reportThresholds(findings: Finding[], notes: string[]): void {
  const rows = (['cochlea', 'vestibule'] as const).flatMap((organ) => {
    const { poor, sound } = outlinesOf(findings, organ);
    const chosen = highestThreshold(sound);
    return [...THRESHOLDS, ...(chosen === null ? [] : [chosen])].map((threshold, at) => [
      organ,
      threshold.toFixed(2) + (at === THRESHOLDS.length ? ' (chosen)' : ''),
      `${warned(poor, threshold)} of ${poor.length}`,
      `${warned(sound, threshold)} of ${sound.length}`,
    ]);
  });
  reportTable(
    'confidence-thresholds',
    {
      columns: [
        'organ',
        'threshold',
        `warned, Dice below ${POOR}`,
        `warned, Dice ${POOR} or better`,
      ],
      rows,
    },
    [
      `Chosen: the highest threshold, in steps of 0.01, that warns of at most ${100 * MAX_FALSE_ALARMS} % of the sound outlines.`,
      ...notes,
    ]
  );
}

/** What goes into the `manifest.json` of the model that was measured. */
function manifestField(findings: Finding[]): string {
  const cochlea = highestThreshold(outlinesOf(findings, 'cochlea').sound);
  const vestibule = highestThreshold(outlinesOf(findings, 'vestibule').sound);
  if (cochlea === null || vestibule === null) {
    return `No outline of ${cochlea === null ? 'a cochlea' : 'a vestibule'} is sound: no thresholds for manifest.json.`;
  }
  return `For manifest.json: "confidence_thresholds": ${JSON.stringify({ cochlea, vestibule })}`;
}

/** Of the organs that were found. */
function outlinesOf(findings: Finding[], organ: Organ): Record<'poor' | 'sound', Finding[]> {
  const found = findings.filter(
    (finding) => finding.organ === organ && finding.confidence !== null
  );
  return {
    poor: found.filter((finding) => finding.dice < POOR),
    sound: found.filter((finding) => finding.dice >= POOR),
  };
}

/** Null without a sound outline, which any threshold would suit. */
function highestThreshold(sound: Finding[]): number | null {
  if (sound.length === 0) return null;
  let threshold = 0.99;
  while (threshold > 0 && warned(sound, threshold) > MAX_FALSE_ALARMS * sound.length) {
    threshold = Math.round(100 * threshold - 1) / 100;
  }
  return threshold;
}

function warned(findings: Finding[], threshold: number): number {
  return findings.filter((finding) => (finding.confidence as number) < threshold).length;
}

function mean(values: number[]): string {
  if (values.length === 0) return '–';
  return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
}

void main();
