import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ANATOMY,
  RIGHT_EAR_OFFSET,
  SEGMENTS,
  hydropsOf,
  measure,
  type EarSide,
  type LabelVolume,
  type Organ,
  type PreparedStudy,
} from '@inner-ear-hydrops/core';
import { createCase, simulateStudy, type PhantomStudy } from '@inner-ear-hydrops/phantom';

/**
 * `node mixture.main.mjs OUT [COUNT] [FIRST]`: counted ratio and mixture-corrected fraction against the
 * exact fraction of phantoms, with the true regions: hydrops 0 to 1, gadolinium 0.02–0.2 mM (left and
 * right apart), drawn noise (signal-to-noise ratio 8–60 of CSF on MRC), coil, blur, tilt. Writes
 * OUT/mixture.json and prints a table.
 */
const [out = 'out', count = '32', first = '9000'] = process.argv.slice(2);
const HYDROPS = [0, 0.3, 0.6, 0.85, 1];
const GADOLINIUM = [0.02, 0.04, 0.08, 0.2];

interface Row {
  seed: number;
  ear: EarSide;
  organ: Organ;
  hydrops: number;
  gadolinium: number;
  signalToNoise: number;
  exact: number;
  counted: number;
  mixture: number | null;
  uncertainty: number | null;
}

const rows: Row[] = [];
for (let n = 0; n < Number(count); n++) {
  const seed = Number(first) + n;
  const hydrops = { left: HYDROPS[n % 5], right: HYDROPS[(n + 2 + Math.floor(n / 20)) % 5] };
  const gadolinium = {
    left: GADOLINIUM[n % 4],
    right: GADOLINIUM[(n + 1 + Math.floor(n / 4)) % 4],
  };
  const phantom = createCase(seed, {
    grid: { size: [200, 80, 28] },
    position: [0, 0, 0],
    tilt: [((n % 5) - 2) * 5, ((n % 3) - 1) * 4, ((n % 7) - 3) * 3],
    hydrops,
    gadolinium,
  });
  const study = simulateStudy(phantom);
  const { ears } = measure({
    prepared: preparedOf(study),
    labels: labelsOf(study),
    anatomy: study.truth.anatomy,
    model: null,
  });
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ['cochlea', 'vestibule'] as const) {
      const found = ears[ear]?.[organ];
      const exact = study.truth.ratios[ear]?.[organ];
      if (!found || exact === undefined) continue;
      rows.push({
        seed,
        ear,
        organ,
        hydrops: hydrops[ear],
        gadolinium: gadolinium[ear],
        signalToNoise: 1 / phantom.acquisition.noise.mrc,
        exact,
        counted: found.volume.ratio,
        mixture: found.mixture?.fraction ?? null,
        uncertainty: found.mixture?.uncertainty ?? null,
      });
    }
  }
}

print('hydrops', (row) => `hydrops ${row.hydrops}`);
print('gadolinium, hydrops below 1', (row) => (row.hydrops < 1 ? `${row.gadolinium} mM` : null));
print('signal-to-noise ratio, hydrops below 1', (row) =>
  row.hydrops === 1
    ? null
    : row.signalToNoise < 15
      ? '8–15'
      : row.signalToNoise < 30
        ? '15–30'
        : '30–60'
);
print('all', () => 'all');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'mixture.json'), `${JSON.stringify(rows, null, 1)}\n`);

function print(title: string, groupOf: (row: Row) => string | null): void {
  process.stdout.write(
    `\n| ${title} | organ | n | exact | counted − exact | mixture − exact | within 2 u | none |\n|-|-|-|-|-|-|-|-|\n`
  );
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groupOf(row);
    if (group === null) continue;
    const key = `${group} | ${row.organ}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  for (const key of [...groups.keys()].sort()) {
    const members = groups.get(key) ?? [];
    const known = members.filter((row) => row.mixture !== null);
    const counted = members.map((row) => row.counted - row.exact);
    const mixed = known.map((row) => (row.mixture as number) - row.exact);
    const covered = known.filter(
      (row, n) => Math.abs(mixed[n]) <= 2 * (row.uncertainty as number)
    ).length;
    process.stdout.write(
      `| ${key} | ${members.length} | ${mean(members.map((row) => row.exact)).toFixed(2)} | ${spread(counted)} | ` +
        `${spread(mixed)} | ${((100 * covered) / Math.max(1, known.length)).toFixed(0)} % | ${members.length - known.length} |\n`
    );
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: number[]): string {
  const middle = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  return `${middle >= 0 ? '+' : '−'}${Math.abs(middle).toFixed(3)} ± ${deviation.toFixed(3)}`;
}

function preparedOf({ mrc, ppi, pei }: PhantomStudy): PreparedStudy {
  const { hydrops, hydropsMi2 } = hydropsOf('hydrops-mi2', { mrc, ppi, pei });
  const still = {
    treatment: 'identical' as const,
    translation: [0, 0, 0] as [number, number, number],
    rotation: [0, 0, 0] as [number, number, number],
    displacement: 0,
    interpolation: 'none' as const,
  };
  return {
    header: { studyInstanceUid: '2.25.1', mrc: '2.25.2', ppi: '2.25.3', pei: '2.25.4' },
    mrc,
    ppi,
    pei,
    hydrops,
    hydropsMi2,
    method: 'hydrops-mi2',
    alignment: { ppi: still, pei: still },
    warnings: [],
    sopInstanceUids: [],
  };
}

function labelsOf({ mrc, truth }: PhantomStudy): LabelVolume {
  const { size, spacing, origin, direction } = mrc;
  const data = truth.anatomy.map((code) => {
    const side = code >= RIGHT_EAR_OFFSET ? 2 : 0;
    const organ = code % RIGHT_EAR_OFFSET;
    return organ === ANATOMY.cochlea ? 1 + side : organ === ANATOMY.vestibule ? 2 + side : 0;
  });
  return { size, spacing, origin, direction, data, segments: [...SEGMENTS] };
}
