import * as echarts from 'echarts';
import type { ProgressPoint } from './checkpoint';

/**
 * Loss and validation IoU over the steps as an SVG document.
 * @param names of the foreground classes
 */
export function progressPlot(title: string, history: ProgressPoint[], names: string[]): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 860, height: 420 });
  const line = (
    name: string,
    axis: number,
    pick: (point: ProgressPoint) => number | null,
    bold = false
  ) => ({
    name,
    type: 'line' as const,
    yAxisIndex: axis,
    showSymbol: history.length < 2,
    lineStyle: { width: bold ? 3 : 1.2 },
    data: history.map((point) => [point.step, pick(point)]),
  });
  chart.setOption({
    animation: false,
    title: { text: title, left: 'center', textStyle: { fontSize: 14 } },
    legend: { bottom: 0 },
    grid: { left: 56, right: 56, top: 44, bottom: 74 },
    xAxis: { type: 'value', name: 'step', nameLocation: 'middle', nameGap: 24 },
    yAxis: [
      { type: 'value', name: 'loss', min: 0 },
      { type: 'value', name: 'IoU', min: 0, max: 1, splitLine: { show: false } },
    ],
    series: [
      line('loss', 0, (point) => point.loss),
      line('validation IoU, mean of the organs', 1, (point) => point.meanIou, true),
      ...names.map((name, index) => line(name, 1, (point) => point.iou[index] ?? null)),
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** The same as comma-separated values. */
export function progressTable(history: ProgressPoint[], names: string[]): string {
  const header = ['step', 'loss', 'mean_iou', ...names.map((name) => `iou_${name}`)].join(',');
  const rows = history.map((point) =>
    [
      point.step,
      point.loss.toFixed(5),
      point.meanIou.toFixed(4),
      ...point.iou.map((value) => value?.toFixed(4) ?? ''),
    ].join(',')
  );
  return `${[header, ...rows].join('\n')}\n`;
}
