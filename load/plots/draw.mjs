// Plain JavaScript: what it draws with lies in this folder's own package, which the product's compiler
// does not see.
import { init } from 'echarts';

const SIZE = { width: 900, height: 440 };
// Gaps for the readers' fonts, which are not known here: names are not to run into each other.
const LEGEND = { bottom: 0, itemGap: 28, width: 760 };
const COLORS = ['#1f5fbf', '#c2410c', '#15803d', '#7e22ce', '#0e7490', '#6b7280'];

export function draw({ title, x, y, lines }) {
  const chart = init(undefined, undefined, { renderer: 'svg', ssr: true, ...SIZE });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center' },
    color: COLORS,
    textStyle: { fontFamily: 'Arial, Helvetica, sans-serif' },
    legend: LEGEND,
    grid: { top: 60, bottom: 110, left: 80, right: 50 },
    xAxis: { ...axis(x), nameGap: 30 },
    yAxis: { ...axis(y), nameGap: 55 },
    series: lines.map(({ name, points }) => ({
      name,
      type: 'line',
      data: points,
      showSymbol: points.length < 30,
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Names its styles by how many charts the process has drawn.
  return svg.replaceAll(/\bzr\d+-/g, 'zr-');
}

function axis({ name, isLogarithmic = false }) {
  return { name, type: isLogarithmic ? 'log' : 'value', nameLocation: 'middle' };
}
