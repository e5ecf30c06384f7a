import { firstItems } from '@inner-ear-hydrops/core';
import type { EarSide, Organ } from '@inner-ear-hydrops/core';
import { createCase } from '@inner-ear-hydrops/phantom';
import { exactRatios } from '../../phantom/src/truth';
import { createWorld } from '../../phantom/src/world';

/** Of one organ's fluid. */
interface OrganTruth {
  organ: string;
  /** Share of endolymph by volume, 0–1. */
  ratio: number;
  /** mm³ */
  volume: number;
  limits: { below: number; above: number };
}

/**
 * How far a ratio by volume may be from the truth. Counting reads thin endolymph low, by about 0.2 on single phantoms
 * even in the true region, and hardly ever high (docs/method.md, "Measured on phantoms").
 */
const LIMITS: Record<Organ, OrganTruth['limits']> = {
  cochlea: { below: 0.22, above: 0.06 },
  vestibule: { below: 0.18, above: 0.1 },
};
/** Relative: an outline runs through voxels that are fluid in part. */
const VOLUME_LIMIT = 0.15;

const NAMES: Record<EarSide, string> = { left: 'Left', right: 'Right' };

/** What `phantomStudy(seed)` truly holds, from its continuous anatomy: neither images nor our measurement enter. */
export function phantomTruth(seed: number): OrganTruth[] {
  return createWorld(createCase(seed)).ears.flatMap(({ side, model }) => {
    const { ratios, volumes } = exactRatios(model);
    return (['cochlea', 'vestibule'] as const).map((organ) => ({
      organ: `${NAMES[side]} ${organ}`,
      ratio: ratios[organ],
      volume: volumes[organ],
      limits: LIMITS[organ],
    }));
  });
}

/** A sentence for each number of the panel's table that the truth does not bear out. */
export function farFromTruth(rows: string[][], truth: OrganTruth[]): string[] {
  return truth.flatMap(({ organ, ratio, volume, limits }) => {
    const row = rows.find(([label]) => label?.startsWith(organ));
    if (!row) return [`${organ} is not in the table.`];
    const [, , shownRatio, shownEndolymph, shownTotal] = firstItems(row, 5);
    const measured = parseFloat(shownRatio) / 100;
    const total = Number(shownTotal);
    const faults: string[] = [];
    if (!(measured >= ratio - limits.below && measured <= ratio + limits.above)) {
      faults.push(`${organ}: ${shownRatio} endolymph, in truth ${(100 * ratio).toFixed(1)} %.`);
    }
    if (!(Math.abs(total / volume - 1) <= VOLUME_LIMIT)) {
      faults.push(`${organ}: ${shownTotal} mm³, in truth ${volume.toFixed(1)} mm³.`);
    }
    // Both are rounded to 0.1 mm³.
    if (!(Math.abs(Number(shownEndolymph) / total - measured) < 0.003)) {
      faults.push(`${organ}: ${shownEndolymph} of ${shownTotal} mm³ is not ${shownRatio}.`);
    }
    return faults;
  });
}
