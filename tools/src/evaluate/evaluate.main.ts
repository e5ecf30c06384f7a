import { RIGHT_EAR_OFFSET, type EarSide, type Organ, type Volume } from '@inner-ear-hydrops/core';
import { createSegmenter } from '@inner-ear-hydrops/core/segmentation';
import { createCase, simulateStudy, type PhantomStudy } from '@inner-ear-hydrops/phantom';
import { openModelAt, wasmFolder } from '../compute/modelFiles';
import { hasRealEar, realEarStudy } from '../phantom/realEar';
import { FIRST_EVALUATION_SEED } from '../train/generateCases';
import { agreementOf, type Pair } from './agreement';
import { dice, intersectionOverUnion, overlapOf } from './overlap';

/** `node evaluate.mjs MODEL COUNT [FIRST]`: phantom studies never trained on, and the real ear. */
const [location, count, first = String(FIRST_EVALUATION_SEED)] = process.argv.slice(2);
const segmenter = await createSegmenter(await openModelAt(location), {
  backend: 'wasm',
  wasmPath: wasmFolder(),
});

const CODES: [Organ, number][] = [
  ['cochlea', 1],
  ['vestibule', 2],
];

interface Found {
  iou: number;
  dice: number;
  reference: number;
  measured: number;
}

async function evaluate(
  name: string,
  study: PhantomStudy,
  results: Record<Organ, Found[]>
): Promise<void> {
  const started = Date.now();
  const shown: string[] = [];
  let anatomy: Uint8Array<ArrayBufferLike> = new Uint8Array(study.mrc.data.length);
  let sides: EarSide[] = [];
  let distance: string[] = [];
  try {
    const found = await segmenter.segment(study.mrc, {});
    anatomy = found.anatomy;
    sides = found.ears.map((ear) => ear.side);
    distance = found.ears.map((ear) => {
      const truth = study.truth.earCenters[ear.side];
      return truth
        ? Math.hypot(...truth.map((value, axis) => value - ear.center[axis])).toFixed(1)
        : 'no such ear';
    });
  } catch (error) {
    shown.push(error instanceof Error ? error.message : String(error));
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  for (const side of ['left', 'right'] as const) {
    if (!study.truth.earCenters[side]) continue;
    for (const [organ, code] of CODES) {
      const value = side === 'right' ? code + RIGHT_EAR_OFFSET : code;
      const overlap = overlapOf(study.truth.anatomy, anatomy, value);
      const entry = {
        iou: intersectionOverUnion(overlap),
        dice: dice(overlap),
        reference: negativeShare(study, study.truth.anatomy, value),
        measured: negativeShare(study, anatomy, value),
      };
      results[organ].push(entry);
      shown.push(
        `${side} ${organ} Dice ${entry.dice.toFixed(3)} ratio ${entry.reference.toFixed(3)}→${entry.measured.toFixed(3)}`
      );
    }
  }
  console.log(
    `${name}: ears ${sides.join(' ') || 'none'} (${distance.join(', ')} mm off) in ${seconds} s; ${shown.join('; ')}`
  );
}

/** Share of an ROI's voxels below zero on PPI − PEI. */
function negativeShare(study: PhantomStudy, labels: Uint8Array, code: number): number {
  let negative = 0;
  let total = 0;
  const { ppi, pei } = study as { ppi: Volume; pei: Volume };
  labels.forEach((label, voxel) => {
    if (label !== code) return;
    total++;
    if (ppi.data[voxel] < pei.data[voxel]) negative++;
  });
  return total ? negative / total : 0;
}

const results: Record<Organ, Found[]> = { cochlea: [], vestibule: [] };
for (let n = 0; n < Number(count); n++) {
  const seed = Number(first) + n;
  await evaluate(`seed ${seed}`, simulateStudy(createCase(seed)), results);
}
for (const organ of ['cochlea', 'vestibule'] as const) {
  const entries = results[organ];
  if (entries.length < 2) continue;
  const mean = (pick: (entry: Found) => number) =>
    (entries.reduce((sum, entry) => sum + pick(entry), 0) / entries.length).toFixed(3);
  const found = entries.filter((entry) => entry.dice > 0);
  const pairs = found.map((entry): Pair => [entry.reference, entry.measured]);
  const { icc, bias, limits } = agreementOf(pairs);
  console.log(
    `${organ}: ${entries.length} organs, ${found.length} found, IoU ${mean((e) => e.iou)}, Dice ${mean((e) => e.dice)}, ` +
      `ICC(2,1) ${icc.toFixed(3)}, bias ${bias.toFixed(3)}, limits ${limits.map((v) => v.toFixed(3)).join(' … ')}`
  );
}
if (hasRealEar()) {
  await evaluate('real left ear, mirrored for the right', realEarStudy(1), {
    cochlea: [],
    vestibule: [],
  });
} else {
  console.log('Real ear skipped: ../shared/real-ear is not there.');
}
segmenter.dispose();
