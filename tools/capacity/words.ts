import { inDollars } from '../cost/dollars.ts';
import { peakOf } from '../cost/processors-alone.ts';
import { ASSUMED, type KnownLimit, LIMITS } from './limits.ts';
import type { Outage } from './outage.ts';
import type { Step } from './plan.ts';
import { type CapacityReport, NEEDED_BY } from './report.ts';
import { about, roughly, seconds, table, whole } from './table.ts';

/** The report as Markdown: docs/scale.md has it between its marks, and a terminal shows it as well. */
export function inWords(report: CapacityReport): string {
  return [
    headOf(report),
    `### What each configuration holds\n\n${configurations(report)}`,
    `### What of ${report.stage} is full first\n\n${ceilings(report)}`,
    `### What the model’s limits hold\n\n${tiers(report)}`,
    `### Processors that a size needs\n\n${needed(report)}`,
    `### After an hour’s outage\n\n${outages(report)}`,
    `### The plan\n\n${steps(report)}`,
    `### What it costs\n\n${costs(report)}`,
    `### What one customer, number and business holds\n\n${ownLimits(report)}`,
    `### Limits that no template says\n\n${limits()}`,
  ].join('\n\n');
}

function headOf({ stage, measuredOn, traffic, scenario }: CapacityReport): string {
  const { peers } = scenario;
  return `Stage ${stage}; measured on ${measuredOn}. A conversation is ${traffic.turns} messages, one each ${ASSUMED.gapSeconds} s or so; the busiest minute of a day has ${traffic.peak} times its mean. A turn waits ${peers.modelSeconds} s for the model (log-normal, its deviation ${ASSUMED.modelSpread * 100} % of that) and ${peers.graphSeconds} s for WhatsApp; it counts ${whole(peers.turnTokens)} tokens towards the model’s limit, what it may say included. ${traffic.tenants} businesses with a number each, or one for each 10,000 conversations a day.`;
}

function configurations({ configurations: all, traffic }: CapacityReport): string {
  const ofAConversation = peakOf({ ...traffic, conversationsADay: 1 });
  return `${table(
    [
      'configuration',
      'messages a second',
      'conversations a day',
      'full first',
      'chats to a batch there',
      'statuses and jobs keep up until',
    ],
    all.map(({ name, hold }) => [
      name,
      about(hold.messagesASecond),
      roughly(hold.messagesASecond / ofAConversation),
      hold.first,
      hold.steady.chatsPerBatch.toFixed(1),
      hold.background.messagesASecond < hold.messagesASecond
        ? `${about(hold.background.messagesASecond)} (${hold.background.first})`
        : 'the end',
    ]),
  )}\n\nHeld is a rate at which as many messages are answered as come, without end, and of 100 chats 95 wait for less than five seconds in the queue.`;
}

function ceilings({ ceilings: all, traffic }: CapacityReport): string {
  const ofAConversation = peakOf({ ...traffic, conversationsADay: 1 });
  return `${table(
    ['part', 'messages a second', 'conversations a day'],
    all.map(({ part, messagesASecond }) => [
      part,
      about(messagesASecond),
      roughly(messagesASecond / ofAConversation),
    ]),
  )}\n\nBy hand: what each part has, by what a message takes of it, no chance and every batch full and of equal length. The model above holds less where a batch lasts as long as its slowest chat. Other functions are ingest, events and jobs in what the account leaves them; for events and jobs nobody waits.`;
}

function tiers({ tiers: all }: CapacityReport): string {
  return table(
    ['tier', 'requests a minute', 'tokens a minute', 'messages a second', 'conversations a day'],
    all.map((each) => [
      String(each.tier),
      whole(each.requests),
      roughly(each.tokens),
      about(each.messagesASecond),
      roughly(each.conversationsADay),
    ]),
  );
}

function needed({ needed: all }: CapacityReport): string {
  const head = NEEDED_BY.map(({ modelSeconds, batchSize }) =>
    batchSize === 1 ? `${modelSeconds} s, a chat to a batch` : `model ${modelSeconds} s`,
  );
  return `${table(
    ['conversations a day', 'messages a second', ...head],
    all.map(({ conversationsADay, messagesASecond, reserved }) => [
      whole(conversationsADay),
      about(messagesASecond),
      ...reserved.map(whole),
    ]),
  )}\n\nThe fewest with which of 100 chats 95 wait for less than a second in the queue; reserved, and the event source’s maximum.`;
}

function outages({ outages: all }: CapacityReport): string {
  return `${table(
    [
      'outage of',
      'messages a second',
      'waiting at its end',
      'drained after',
      'got the fallback text, or a person',
      'rings in flight at most',
    ],
    all.map((each) => [
      each.kind === 'model' ? 'the model' : 'the processor',
      about(each.messagesASecond),
      whole(each.backlog),
      each.drainSeconds === undefined ? 'never' : seconds(each.drainSeconds),
      `${Math.round(each.lateShare * 100)} %`,
      `${whole(each.mostInFlight)}${each.stalls > 0 ? ', the most there is' : ''}`,
    ]),
  )}\n\nIn the busiest hour, each size with the processors of the plan below, one cell of it. ${stalled(all)}`;
}

function stalled(all: readonly Outage[]): string {
  const most = LIMITS.inFlight.value;
  const found = all.find(({ stalls }) => stalls > 0);
  return found
    ? `At ${about(found.messagesASecond)} messages a second all of the ${whole(most)} rings that a queue lets be in flight are put off while the model is down; what comes then waits in the queue.`
    : `Nowhere are as many rings put off as a queue lets be in flight, ${whole(most)}.`;
}

function steps({ steps: all }: CapacityReport): string {
  return `${table(
    [
      'conversations a day',
      'messages a second',
      'cells',
      'processors',
      'events, jobs',
      'API, requests a second',
      'quotas to raise',
      'as it is, full first',
    ],
    all.map((step) => [
      whole(step.conversationsADay),
      about(step.messagesASecond),
      whole(step.cells),
      whole(step.deployment.reserved),
      `${step.deployment.events.maxConcurrency}, ${step.deployment.jobs.maxConcurrency}`,
      whole(step.deployment.apiRequests),
      quotas(step),
      step.breaks.join(', '),
    ]),
  )}\n\nPer cell, but for the model’s limits, which are the organisation’s. Thirty per cent more than the busiest minute asks for, processors excepted: they are the fewest by the table above.`;
}

function quotas({ quotas: all }: Step): string {
  return all.map(({ name, needed: asked }) => `${name}: ${roughly(asked)}`).join('; ');
}

function costs({ steps: all }: CapacityReport): string {
  return `${table(
    [
      'conversations a day',
      'AWS a million messages',
      'AWS',
      'model',
      'Meta',
      'answered in',
      'wait in the queue',
    ],
    all.map(({ conversationsADay, month, steady }) => [
      whole(conversationsADay),
      inDollars((month.aws / month.messages) * 1e6),
      inDollars(month.aws),
      inDollars(month.model),
      inDollars(month.meta),
      seconds(steady.answers.median),
      `${seconds(steady.waits.mean)}, ${seconds(steady.waits.p95)}`,
    ]),
  )}\n\nA month, with the plan’s cells and processors and as many chats to a batch as there are at the mean of a day; in the busiest minute half of the answers are out by then, and a chat waits so long in the queue: on average, and 95 of 100 for less.`;
}

function ownLimits({ configured, scenario }: CapacityReport): string {
  const { partitionWrites, ledgerShards, tenantTurnsAMinute, numberMessages } = configured;
  const { work } = scenario;
  const rows: readonly (readonly [string, string])[] = [
    ['a chat', `a reply each ${LIMITS.pairSeconds.value} s, ${LIMITS.pairBurst.value} at once`],
    ['a number', `${about(numberMessages / 2)} turns a second, in and out counted`],
    [
      'a number that Meta has raised',
      `${about(LIMITS.raisedNumberMessages.value / 2)} turns a second`,
    ],
    ['a business, by its limit', `${about(tenantTurnsAMinute / 60)} turns a second`],
    [
      'its ledger',
      `${about((partitionWrites * ledgerShards) / work.ledgerWrites)} turns a second, ${ledgerShards} shard`,
    ],
    ['the list of its chats', `${about(partitionWrites / work.chatListWrites)} turns a second`],
  ];
  return table(['who', 'holds'], rows);
}

function limits(): string {
  const all: Readonly<Record<string, KnownLimit>> = LIMITS;
  return table(
    ['limit', 'of what', 'kind', 'who says so'],
    Object.values(all).map(({ value, unit, kind, source }) => [
      value.toLocaleString('en-US'),
      unit,
      kind,
      source,
    ]),
  );
}
