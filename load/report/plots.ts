import { type Look, since } from '../judge/reconcile.ts';
import type { Posted } from '../ledger/sent.ts';
import { percentile } from '../ledger/tally.ts';
import type { Line, Plot } from '../plots/draw.mjs';

const SECOND_MS = 1_000;
const X = { name: 'seconds since the first webhook' };

/** The run over its time: what came, how fast it was acknowledged, what became of it. */
export function plotsOf(
  posted: readonly Posted[],
  before: Look | undefined,
  looks: readonly Look[],
): readonly Plot[] {
  const fromMs = posted[0]?.atMs ?? 0;
  return [
    {
      title: 'Arrivals',
      x: X,
      y: { name: 'webhooks in a second' },
      lines: arrivals(posted, fromMs),
    },
    {
      title: 'Acknowledgement',
      x: X,
      y: { name: 'ms, of webhooks sent in that second' },
      lines: acknowledgements(posted, fromMs),
    },
    ...(before
      ? [
          {
            title: 'Messages',
            x: X,
            y: { name: 'messages, or rings and events' },
            lines: progress(before, looks, fromMs),
          },
        ]
      : []),
  ];
}

function arrivals(posted: readonly Posted[], fromMs: number): readonly Line[] {
  const kinds = [...new Set(posted.map(({ kind }) => kind))];
  return kinds.map((name) => {
    const seconds = bySecond(
      posted.filter(({ kind }) => kind === name),
      fromMs,
    );
    const last = Math.max(0, ...seconds.keys());
    return {
      name,
      points: Array.from(
        { length: last + 1 },
        (_, second) => [second, seconds.get(second)?.length ?? 0] as const,
      ),
    };
  });
}

function acknowledgements(posted: readonly Posted[], fromMs: number): readonly Line[] {
  const taken = posted.filter(({ answer }) => answer?.status === 200);
  const seconds = [...bySecond(taken, fromMs)].map(([second, webhooks]) => ({
    second,
    ms: webhooks.map(({ answer }) => answer?.ms ?? 0).sort((one, other) => one - other),
  }));
  return [['median', 0.5] as const, ['95 %', 0.95] as const, ['99 %', 0.99] as const].map(
    ([name, share]) => ({
      name,
      points: seconds.map(({ second, ms }) => [second, rounded(percentile(ms, share))] as const),
    }),
  );
}

function progress(before: Look, looks: readonly Look[], fromMs: number): readonly Line[] {
  const line = (name: string, y: (look: Look) => number): Line => ({
    name,
    points: looks
      .filter(({ atMs }) => atMs >= fromMs)
      .map((look) => [rounded((look.atMs - fromMs) / SECOND_MS), y(look)] as const),
  });
  return [
    line('accepted', (look) => since(before, look).accepted),
    line('answered', (look) => since(before, look).answered),
    line('waiting in the queues', ({ backlog }) => backlog),
  ];
}

function bySecond(posted: readonly Posted[], fromMs: number): ReadonlyMap<number, Posted[]> {
  return Map.groupBy(posted, ({ atMs }) => Math.floor((atMs - fromMs) / SECOND_MS));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
