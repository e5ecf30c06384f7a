import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ORGAN_KEYS, parseManifest } from '@inner-ear-hydrops/core';
import type { ModelSummary } from './summarise';

/** Replaces a manifest's metrics of one test set by those measured now; weights and hashes stay. */
export async function recordMetrics(
  folder: string,
  summary: ModelSummary,
  testSet: string
): Promise<void> {
  const file = path.join(folder, 'manifest.json');
  const manifest = parseManifest(JSON.parse(await readFile(file, 'utf8')));
  const rounded = (value: number) => Number(value.toFixed(4));
  const metrics = ORGAN_KEYS.flatMap((organ) => {
    const values = summary[organ];
    const agreement = values.volumeRatio;
    return [
      [`IoU ${organ}`, values.iou.mean],
      [`Dice ${organ}`, values.dice.mean],
      [`surface Dice at 0.5 mm, ${organ}`, values.surfaceDice.mean],
      [`95 % Hausdorff distance in mm, ${organ}`, values.hausdorff95.mean],
      ...(agreement
        ? [
            [`ICC(2,1) of the volume ratio, ${organ}`, agreement.icc21.value],
            [`bias of the volume ratio, ${organ}`, agreement.blandAltman.bias.value],
          ]
        : []),
    ] as [string, number][];
  });
  metrics.push(['share of ears found', summary.earsFound / summary.earsAnnotated]);
  const kept = manifest.eval_metrics.filter((entry) => entry.test_set !== testSet);
  manifest.eval_metrics = [
    ...kept,
    ...metrics
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => ({ name, value: rounded(value), test_set: testSet })),
  ];
  await writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
