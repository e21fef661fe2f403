import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runArtillery } from './artillery.ts';
import { reconcile } from './judge/reconcile.ts';
import { calm, settle } from './judge/settle.ts';
import { judgeThresholds } from './judge/thresholds.ts';
import { inLines } from './judge/verdict.ts';
import { readLedger } from './ledger/ledger.ts';
import type { Posted } from './ledger/sent.ts';
import { type Tally, tallyOf, tokensOf } from './ledger/tally.ts';
import { sample } from './report/samples.ts';
import { factsOf, type Outcome, writeReport } from './report/write-report.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { Answers, LoadTarget } from './targets/target.ts';

const REPORTS = join(import.meta.dirname, 'reports');

/** Sends a scenario, waits until it is dealt with, judges it and writes the report. @returns whether all holds */
export async function play(scenario: Scenario, target: LoadTarget): Promise<boolean> {
  const folder = newFolder(scenario, target);
  console.log(`\n${scenario.name}, ${target.name}: ${scenario.what}`);
  const { witness } = target;
  const startedAtMs = Date.now();
  const before = witness && (await calm(witness.everyMs, { look: () => witness.look(), pause }));
  const sampling = witness && sample(witness);
  const artillery = await runArtillery(scenario, target, folder);
  const posted = readLedger(folder);
  const tally = tallyOf(posted);
  const { after, answers } = await settled(target, tally, before);
  const looks = (await sampling?.stop()) ?? [];
  const strangers = witness?.strangersIn(Date.now() - startedAtMs) ?? 0;
  const verdicts = [
    ...judgeThresholds(scenario, target.place, tally, quietly(posted, answers)),
    ...artillery,
    ...(before && after
      ? reconcile({ tally, before, after, strangers, answers: answers?.times })
      : []),
  ];
  const outcome: Outcome = {
    scenario,
    target,
    posted,
    tally,
    before,
    looks: after ? [...looks, after] : looks,
    answers,
    verdicts,
  };
  console.log(factsOf(outcome).join('\n'));
  console.log(inLines(verdicts));
  if (!witness) console.log('  What became of the messages is not known: only a stage tells it.');
  console.log(`Report: ${writeReport(outcome, folder)}`);
  return verdicts.every(({ holds }) => holds);
}

async function settled({ witness }: LoadTarget, tally: Tally, before: Outcome['before']) {
  if (!witness || !before) return { after: undefined, answers: undefined };
  const after = await settle(tally, before, witness, {
    look: () => witness.look(),
    pause,
    now: Date.now,
  });
  return { after, answers: await witness.readAnswers?.() };
}

/** Until each message to the quiet tenant was answered. */
function quietly(posted: readonly Posted[], answers: Answers | undefined): readonly number[] {
  return posted
    .filter(({ side }) => side === 'quiet')
    .flatMap(tokensOf)
    .flatMap((token) => answers?.afterMs.get(token) ?? []);
}

function newFolder({ name }: Scenario, target: LoadTarget): string {
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const folder = join(REPORTS, `${time}-${name}-${target.name}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}
