// Plain JavaScript: what it draws with lies in this folder's own package, which the product's compiler
// does not see.
import { init } from 'echarts';

const SIZE = { width: 900, height: 420 };

export function draw({ title, x, y, lines }) {
  const chart = init(undefined, undefined, { renderer: 'svg', ssr: true, ...SIZE });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center' },
    legend: { bottom: 0 },
    grid: { top: 60, bottom: 80, left: 80, right: 40 },
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
