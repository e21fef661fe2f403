import { expect, it, vi } from 'vitest';
import { pageOf } from '../../../load/report/page.ts';
import { plotsOf } from '../../../load/report/plots.ts';
import { sample } from '../../../load/report/samples.ts';
import { aLook, aPosted } from './support.ts';

it('plots arrivals by kind, acknowledgements by second, and what became of the messages', () => {
  const at = (atMs: number, ms: number) => aPosted({ atMs, answer: { status: 200, ms } });
  const posted = [
    at(5_000, 10),
    at(5_900, 30),
    at(7_100, 90),
    aPosted({ atMs: 7_200, kind: 'forged', answer: { status: 401, ms: 900 } }),
  ];
  const before = aLook({ counts: { accepted: 4, answered: 4 } });
  const looks = [before, aLook({ atMs: 6_000, counts: { accepted: 6, answered: 5 }, backlog: 1 })];
  const [arrivals, acknowledged, progress] = plotsOf(posted, before, looks);
  expect(arrivals?.lines).toEqual([
    {
      name: 'message',
      points: [
        [0, 2],
        [1, 0],
        [2, 1],
      ],
    },
    {
      name: 'forged',
      points: [
        [0, 0],
        [1, 0],
        [2, 1],
      ],
    },
  ]);
  expect(acknowledged?.lines).toEqual([
    {
      name: 'median',
      points: [
        [0, 10],
        [2, 90],
      ],
    },
    {
      name: '95 %',
      points: [
        [0, 30],
        [2, 90],
      ],
    },
    {
      name: '99 %',
      points: [
        [0, 30],
        [2, 90],
      ],
    },
  ]);
  expect(progress?.lines.map(({ name, points }) => [name, points])).toEqual([
    ['accepted', [[1, 2]]],
    ['answered', [[1, 1]]],
    ['waiting in the queues', [[1, 1]]],
  ]);
  expect(plotsOf([], undefined, [])).toHaveLength(2);
});

it('is a page that needs nothing beside it, and takes no word for markup', () => {
  const verdict = {
    by: 'thresholds',
    what: 'acknowledged, median',
    is: '60 ms',
    wanted: 'below 50 ms',
    holds: false,
  } as const;
  const page = pageOf({
    title: 'burst, local',
    what: 'a < b & c',
    facts: ['sent <script>'],
    verdicts: [verdict],
    plots: ['<svg>plot</svg>'],
    log: 'ok: 1 < 2',
  });
  expect(page).toContain('<tr class="missed"><td>MISSED</td>');
  expect(page).toContain('<svg>plot</svg>');
  expect(page).toContain('a &lt; b &amp; c');
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/(src|href)=/);
});

it('looks again and again, and leaves a gap where a look fails', async () => {
  vi.useFakeTimers();
  try {
    let looks = 0;
    const sampling = sample({
      everyMs: 1_000,
      look: async () => {
        looks += 1;
        if (looks === 2) throw new Error('busy');
        return aLook({ atMs: looks });
      },
    });
    await vi.advanceTimersByTimeAsync(3_500);
    expect((await sampling.stop()).map(({ atMs }) => atMs)).toEqual([1, 3]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(looks).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});
