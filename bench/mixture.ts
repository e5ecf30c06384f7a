/** Benchmark: counted ratio and mixture fraction against the exact fraction of 40 phantoms, and of the real ear's study */
import {
  ANATOMY,
  RIGHT_EAR_OFFSET,
  SEGMENTS,
  endolymphMask,
  hydropsOf,
  measure,
  type EarSide,
  type LabelVolume,
  type Organ,
  type PreparedStudy,
  itemAt,
} from '@inner-ear-hydrops/core';
import { createCase, simulateStudy, type PhantomStudy } from '@inner-ear-hydrops/phantom';
import { hasRealEar, realEarStudy } from '../tools/src/phantom/realEar';
import { reportTable } from './table';

/**
 * True regions; hydrops 0 to 1, gadolinium 0.02–0.2 mM (left and right apart), drawn noise
 * (signal-to-noise ratio 8–60 of CSF on MRC), coil, blur, tilt. These seeds were not used while the
 * method was made.
 */
const FIRST_SEED = 9100;
const COUNT = 40;
const HYDROPS = [0, 0.3, 0.6, 0.85, 1];
const GADOLINIUM = [0.02, 0.04, 0.08, 0.2];
/** Of the endolymph that is placed into the real ear, where its data lie beside the checkout. */
const REAL_EAR_SEEDS = [7101, 7102, 7103];

interface Found {
  ear: EarSide;
  organ: Organ;
  exact: number;
  counted: number;
  mixture: number | null;
  uncertainty: number | null;
}

interface Row extends Found {
  seed: number;
  hydrops: number;
  gadolinium: number;
  signalToNoise: number;
}

const rows: Row[] = [];
for (let n = 0; n < COUNT; n++) {
  const seed = FIRST_SEED + n;
  const hydrops = {
    left: itemAt(HYDROPS, n % 5),
    right: itemAt(HYDROPS, (n + 2 + Math.floor(n / 20)) % 5),
  };
  const gadolinium = {
    left: itemAt(GADOLINIUM, n % 4),
    right: itemAt(GADOLINIUM, (n + 1 + Math.floor(n / 4)) % 4),
  };
  const phantom = createCase(seed, {
    grid: { size: [200, 80, 28] },
    position: [0, 0, 0],
    tilt: [((n % 5) - 2) * 5, ((n % 3) - 1) * 4, ((n % 7) - 3) * 3],
    hydrops,
    gadolinium,
  });
  const study = simulateStudy(phantom);
  rows.push(
    ...measureStudy(study).map((row) => ({
      ...row,
      seed,
      hydrops: hydrops[row.ear],
      gadolinium: gadolinium[row.ear],
      signalToNoise: 1 / phantom.acquisition.noise.mrc,
    }))
  );
}

function measureStudy(study: PhantomStudy): Found[] {
  const { ears } = measure({
    prepared: preparedOf(study),
    labels: labelsOf(study),
    anatomy: study.truth.anatomy,
    model: null,
  });
  return (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).flatMap((organ): Found[] => {
      const found = ears[ear]?.[organ];
      const exact = study.truth.ratios[ear]?.[organ];
      if (!found || exact === undefined) return [];
      const { fraction = null, uncertainty = null } = found.mixture ?? {};
      return [{ ear, organ, exact, counted: found.volume.ratio, mixture: fraction, uncertainty }];
    })
  );
}

const noiseGroup = (ratio: number) => (ratio < 15 ? '8–15' : ratio < 30 ? '15–30' : '30–60');
const belowOne = (row: Row, group: string) => (row.hydrops < 1 ? group : null);
reportTable(
  'mixture',
  {
    columns: [
      'group',
      'organ',
      'n',
      'exact',
      'counted − exact',
      'mixture − exact',
      'within 2 u',
      'none',
    ],
    rows: [
      ...grouped((row) => `hydrops ${row.hydrops}`),
      ...grouped((row) => belowOne(row, `${row.gadolinium} mM, hydrops below 1`)),
      ...grouped((row) => belowOne(row, `SNR ${noiseGroup(row.signalToNoise)}, hydrops below 1`)),
      ...grouped(() => 'all'),
    ],
  },
  [
    'Mean ± standard deviation; u: the stated uncertainty; none: organs without a fraction.',
    'Phantoms say nothing about patients.',
  ]
);

if (hasRealEar()) {
  console.log();
  reportTable(
    'mixture-real-ear',
    {
      columns: ['seed', 'ear', 'organ', 'exact', 'counted', 'mixture', 'u'],
      rows: REAL_EAR_SEEDS.flatMap((seed) =>
        measureStudy(realEarStudy(seed)).map((row) => [
          seed,
          row.ear,
          row.organ,
          row.exact.toFixed(2),
          row.counted.toFixed(2),
          row.mixture?.toFixed(2) ?? '–',
          row.uncertainty?.toFixed(2) ?? '–',
        ])
      ),
    },
    ['One real left ear and its mirror image, endolymph and PPI and PEI simulated.']
  );
}

function grouped(groupOf: (row: Row) => string | null): (string | number)[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groupOf(row);
    if (group === null) continue;
    const key = `${group}|${row.organ}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.keys()].sort().map((key) => {
    const members = groups.get(key) ?? [];
    const known = members.filter((row) => row.mixture !== null);
    const mixed = known.map((row) => (row.mixture as number) - row.exact);
    const covered = known.filter(
      (row, n) => Math.abs(mixed[n]!) <= 2 * (row.uncertainty as number)
    ).length;
    return [
      ...key.split('|'),
      members.length,
      mean(members.map((row) => row.exact)).toFixed(2),
      spread(members.map((row) => row.counted - row.exact)),
      spread(mixed),
      `${((100 * covered) / Math.max(1, known.length)).toFixed(0)} %`,
      members.length - known.length,
    ];
  });
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
    mrcScale: null,
    alignment: { ppi: still, pei: still },
    warnings: [],
    images: Array.from({ length: mrc.size[2] }, (_, k) => ({
      seriesNumber: null,
      instanceNumber: k + 1,
      frameNumber: null,
      sopInstanceUid: `2.25.9.${k}`,
    })),
    faults: [],
    endolymph: endolymphMask(hydropsMi2),
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
