import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { ARTILLERY_LOG } from '../artillery.ts';
import type { Look } from '../judge/reconcile.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Posted } from '../ledger/sent.ts';
import { percentile, type Tally } from '../ledger/tally.ts';
import { draw } from '../plots/draw.mjs';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Answers, LoadTarget } from '../targets/target.ts';
import { pageOf } from './page.ts';
import { plotsOf } from './plots.ts';

export interface Outcome {
  readonly scenario: Scenario;
  readonly target: LoadTarget;
  readonly posted: readonly Posted[];
  readonly tally: Tally;
  readonly before: Look | undefined;
  readonly looks: readonly Look[];
  readonly answers: Answers | undefined;
  readonly verdicts: readonly Verdict[];
}

/** Writes the page and, for programs, the verdicts. @returns where the page is */
export function writeReport(outcome: Outcome, folder: string): string {
  const { scenario, target, posted, before, looks, verdicts } = outcome;
  const page = join(folder, 'report.html');
  const facts = factsOf(outcome);
  writeFileSync(
    page,
    pageOf({
      title: `${scenario.name}, ${target.name}`,
      what: scenario.what,
      facts,
      verdicts,
      plots: plotsOf(posted, before, looks).map(draw),
      log: readFileSync(join(folder, ARTILLERY_LOG), 'utf8'),
    }),
  );
  const summary = { scenario: scenario.name, target: target.name, facts, verdicts };
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  return page;
}

export function factsOf({ target, tally, posted, answers }: Outcome): readonly string[] {
  const { webhooks, taken, duplicates, statuses, forged, mostAtOnce } = tally;
  const first = posted[0]?.atMs ?? 0;
  const seconds = ((posted.at(-1)?.atMs ?? first) - first) / 1_000;
  const afterMs = [...(answers?.afterMs.values() ?? [])].sort((one, other) => one - other);
  return [
    `${new Date(first).toISOString()}, ${target.url}; Node ${process.versions.node} on ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'})`,
    `sent ${webhooks} webhooks in ${seconds.toFixed(1)} s by up to ${mostAtOnce} senders at once: ${taken.size} messages, ${duplicates} of them again, ${statuses} statuses, ${forged} signed wrongly`,
    ...(afterMs.length === 0
      ? []
      : [
          `answered, the model's time included: median ${inSeconds(percentile(afterMs, 0.5))}, 95 % ${inSeconds(percentile(afterMs, 0.95))}, longest ${inSeconds(percentile(afterMs, 1))}`,
        ]),
  ];
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
