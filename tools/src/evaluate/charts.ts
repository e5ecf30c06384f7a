import { ORGANS, ORGAN_KEYS, type Organ } from '@inner-ear-hydrops/core';
import * as echarts from 'echarts';
import type { BlandAltman, Pair } from './agreement';
import type { ModelSummary } from './summarise';

/** Points of a chart by organ. */
export type PairsByOrgan = Record<Organ, Pair[]>;

function draw(option: echarts.EChartsOption, width = 460, height = 400): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Measured against reference ratio, with the line of identity (the paper's Figure 3B). */
export function scatterPlot(title: string, pairs: PairsByOrgan): string {
  return draw({
    title: { text: title, left: 'center', textStyle: { fontSize: 13 } },
    legend: { bottom: 0 },
    grid: { left: 56, right: 20, top: 40, bottom: 70 },
    xAxis: {
      type: 'value',
      min: 0,
      max: 1,
      name: 'EH ratio, annotated',
      nameLocation: 'middle',
      nameGap: 24,
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: 1,
      name: 'EH ratio, found',
      nameLocation: 'middle',
      nameGap: 36,
    },
    series: [
      ...organPoints(pairs, ([reference, measured]) => [reference, measured]),
      {
        type: 'line' as const,
        name: 'identity',
        showSymbol: false,
        lineStyle: { type: 'dashed' as const, color: '#64748b', width: 1 },
        itemStyle: { color: '#64748b' },
        data: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  });
}

/** Dice against the network's confidence: what a warning of low confidence could rest on. */
export function confidencePlot(title: string, pairs: PairsByOrgan): string {
  const lowest = Math.min(0.9, ...Object.values(pairs).flat(2));
  const least = Math.floor(10 * lowest) / 10;
  const axis = (name: string, nameGap: number) => ({
    type: 'value' as const,
    min: least,
    max: 1,
    name,
    nameLocation: 'middle' as const,
    nameGap,
  });
  return draw({
    title: { text: title, left: 'center', textStyle: { fontSize: 13 } },
    legend: { bottom: 0 },
    grid: { left: 56, right: 20, top: 40, bottom: 70 },
    xAxis: axis('mean probability of the organ’s voxels', 24),
    yAxis: axis('Dice', 36),
    series: organPoints(pairs, ([confidence, overlap]) => [confidence, overlap]),
  });
}

/** Difference against mean with the limits of agreement (the paper's Figure 4). */
export function blandAltmanPlot(title: string, pairs: PairsByOrgan, limits: BlandAltman): string {
  const line = (value: number, name: string, color: string) => ({
    yAxis: value,
    lineStyle: { color },
    label: { formatter: `${name} ${value.toFixed(3)}`, position: 'insideEndTop' as const, color },
  });
  const all = Object.values(pairs)
    .flat()
    .map(([a, b]) => Math.abs(b - a));
  const reach = Math.max(0.1, Math.ceil(Math.max(0, ...all) * 22) / 20);
  const [first, ...others] = organPoints(pairs, ([reference, measured]) => [
    (reference + measured) / 2,
    measured - reference,
  ]);
  return draw({
    title: { text: title, left: 'center', textStyle: { fontSize: 13 } },
    legend: { bottom: 0 },
    grid: { left: 60, right: 20, top: 40, bottom: 70 },
    xAxis: {
      type: 'value',
      min: 0,
      max: 1,
      name: 'mean of the two EH ratios',
      nameLocation: 'middle',
      nameGap: 24,
    },
    yAxis: {
      type: 'value',
      min: -reach,
      max: reach,
      name: 'found − annotated',
      nameLocation: 'middle',
      nameGap: 42,
    },
    series: [
      {
        ...first,
        markLine: {
          symbol: 'none',
          silent: true,
          data: [
            line(limits.upper.value, 'upper limit', '#15803d'),
            line(limits.bias.value, 'bias', '#334155'),
            line(limits.lower.value, 'lower limit', '#b91c1c'),
          ],
        },
      },
      ...others,
    ],
  });
}

/** ICC(2,1) of the volume ratio with 95 % intervals and p-values, all organs and each (the paper's Figure 3A). */
export function iccPlot(title: string, summary: ModelSummary): string {
  const groups = (['all', ...ORGAN_KEYS] as const).flatMap((name) => {
    const agreement = summary[name].volumeRatio;
    if (!agreement) return [];
    const chance = agreement.chance < 0.001 ? 'p < 0.001' : `p = ${agreement.chance.toFixed(3)}`;
    return [{ name, ...agreement.icc21, label: `${name}\n${chance}` }];
  });
  const lowest = Math.min(1, ...groups.map((group) => group.interval[0]));
  return draw(
    {
      title: { text: title, left: 'center', textStyle: { fontSize: 13 } },
      grid: { left: 60, right: 20, top: 40, bottom: 40 },
      xAxis: { type: 'category', data: groups.map((group) => group.label) },
      yAxis: { type: 'value', min: Math.floor(lowest * 20) / 20, max: 1, name: 'ICC(2,1)' },
      series: [
        {
          type: 'candlestick',
          data: groups.map(({ value, interval }) => [value, value, interval[0], interval[1]]),
          itemStyle: { borderColor: '#334155', borderWidth: 2 },
        },
        {
          type: 'scatter',
          symbolSize: 10,
          data: groups.map((group) => group.value),
          itemStyle: { color: '#d97706' },
          label: {
            show: true,
            position: 'right',
            formatter: ({ value }) => Number(value).toFixed(3),
          },
        },
      ],
    },
    460,
    300
  );
}

function organPoints(pairs: PairsByOrgan, place: (pair: Pair) => [number, number]) {
  return ORGAN_KEYS.map((organ) => ({
    type: 'scatter' as const,
    name: organ,
    symbol: ORGANS[organ].chartSymbol,
    symbolSize: 7,
    itemStyle: { color: ORGANS[organ].chartColor, opacity: 0.75 },
    data: pairs[organ].map(place),
  }));
}
