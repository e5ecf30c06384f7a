import { FLUIDS, cssColor } from '@inner-ear-hydrops/core';
import * as echarts from 'echarts';

/**
 * Histogram of HYDROPS-Mi2 inside one ROI as an SVG document; bins left of zero (endolymph) have
 * a colour of their own, and zero is always a bin edge.
 *
 * @param values HYDROPS-Mi2 of each ROI voxel
 */
export function drawHistogram(title: string, values: number[]): string {
  const limit = Math.max(1e-9, quantile(values.map(Math.abs), 0.995));
  const bins = 20;
  const counts = new Array<number>(2 * bins).fill(0);
  for (const value of values) {
    const bin = Math.floor((value / limit) * bins) + bins;
    counts[Math.min(2 * bins - 1, Math.max(0, bin))]!++;
  }
  const label = (bin: number) => (((bin - bins + 0.5) / bins) * limit).toPrecision(3);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 420, height: 220 });
  chart.setOption({
    animation: false,
    title: { text: title, left: 'center', textStyle: { fontSize: 13 } },
    grid: { left: 46, right: 12, top: 34, bottom: 42 },
    xAxis: {
      type: 'category',
      data: counts.map((_, bin) => label(bin)),
      name: 'HYDROPS-Mi2',
      nameLocation: 'middle',
      nameGap: 26,
    },
    yAxis: { type: 'value', name: 'voxels' },
    series: [
      {
        type: 'bar',
        barCategoryGap: '5%',
        data: counts.map((value, bin) => ({
          value,
          itemStyle: { color: cssColor(FLUIDS[bin < bins ? 'endolymph' : 'perilymph'].color) },
        })),
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function quantile(values: number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}
