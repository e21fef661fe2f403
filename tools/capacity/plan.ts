import { billOf } from '../cost/bill.ts';
import { peakOf } from '../cost/processors-alone.ts';
import { type Month, monthOf, type StageFacts } from '../cost/report.ts';
import { standingOf } from '../cost/standing.ts';
import type { Scene } from '../cost/usage.ts';
import { ceilingsOf } from './ceilings.ts';
import { type Deployment, sliceOf, withProcessors } from './deployment.ts';
import { grown, partsFor, type Scenario } from './hold.ts';
import { LIMITS } from './limits.ts';
import { boundless, processorsNeeded } from './needed.ts';
import type { PartName } from './pressure.ts';
import { runSteady, type Steady } from './steady.ts';

/** What a size asks for, and whether the model holds it with that. */
export interface Step {
  readonly conversationsADay: number;
  /** In the busiest minute. */
  readonly messagesASecond: number;
  /** Parts of the stage as it is configured that do not hold it, the first to be full first. */
  readonly breaks: readonly PartName[];
  /** Stages like this one, each in an account or a region of its own. */
  readonly cells: number;
  /** Each of these cells. */
  readonly deployment: Deployment;
  /** Quotas of a fresh account that do not do, by what is asked for. */
  readonly quotas: readonly Quota[];
  /** The busiest minute, played with that. */
  readonly steady: Steady;
  readonly month: Pick<Month, 'messages' | 'aws' | 'model' | 'meta' | 'total'>;
}

interface Quota {
  readonly name: string;
  readonly needed: number;
}

/** More than is needed on average, so that chance and a day like no other find room. */
const ROOM = 1.3;
/** A customer hardly notices a second. */
const WAIT_SECONDS = 1;
/** Of what a cell holds at the most, so much is put into one. */
const CELL_SHARE = 0.8;
/** A business of this size a day on average, and a hundred of them at least. */
const CONVERSATIONS_OF_A_BUSINESS = 10_000;

/** What is planned for: a stage, customers, and the model of both. */
export interface Planning {
  readonly scene: Scene;
  readonly facts: StageFacts;
  readonly deployment: Deployment;
  readonly scenario: Scenario;
}

export function businessesOf(conversationsADay: number, atLeast: number): number {
  return Math.max(atLeast, Math.ceil(conversationsADay / CONVERSATIONS_OF_A_BUSINESS));
}

/** All that one stage can become: every quota is raised, and what cannot be raised stays. */
export function fullCell(deployment: Deployment): Deployment {
  const processors = withProcessors(boundless(deployment), LIMITS.pollersAtMost.value);
  return { ...processors, unfinishedWrites: deployment.unfinishedWrites };
}

/** Messages a second that are held, by the model. */
export interface Holds {
  /** The stage as it is configured. */
  readonly stage: number;
  /** One that has all there is. */
  readonly cell: number;
}

export function stepOf(conversationsADay: number, planning: Planning, holds: Holds): Step {
  const { facts, scenario } = planning;
  const { traffic } = planning.scene;
  const tenants = businessesOf(conversationsADay, traffic.tenants);
  const scene = { ...planning.scene, traffic: { ...traffic, conversationsADay, tenants } };
  const messagesASecond = peakOf(scene.traffic);
  const cells = Math.max(1, Math.ceil(messagesASecond / (CELL_SHARE * holds.cell)));
  const numbers = Math.ceil(tenants / cells);
  const sized = { ...planning.deployment, numbers };
  const deployment = sizedFor(messagesASecond / cells, { ...planning, deployment: sized });
  const atPeak = play(deployment, scenario, messagesASecond / cells);
  const onAverage = play(deployment, scenario, messagesASecond / cells / traffic.peak);
  const chatsPerBatch = sharedBy(onAverage, scenario);
  const month = monthOf({ ...scene, traffic: { ...scene.traffic, chatsPerBatch } }, facts);
  const more = (cells - 1) * billOf(standingOf(scene)).dollars;
  const { messages, aws, model, meta, total } = month;
  return {
    conversationsADay,
    messagesASecond,
    breaks: ceilingsOf({ ...planning.deployment, numbers: tenants }, scenario)
      .map((each) => (each.part === 'processor' ? { ...each, messagesASecond: holds.stage } : each))
      .filter((ceiling) => ceiling.messagesASecond < messagesASecond)
      .toSorted((one, other) => one.messagesASecond - other.messagesASecond)
      .map(({ part }) => part),
    cells,
    deployment,
    quotas: quotasOf(deployment, messagesASecond, cells, scenario),
    steady: atPeak,
    month: { messages, aws: aws + more, model, meta, total: total + more },
  };
}

/** A deployment with as much of everything as a rate asks for, and some room. */
function sizedFor(messagesASecond: number, { deployment, scenario }: Planning): Deployment {
  const { work } = scenario;
  const { reserved } = processorsNeeded(deployment, scenario, {
    messagesASecond,
    waitSeconds: WAIT_SECONDS,
  });
  const ceilings = new Map(
    ceilingsOf(deployment, scenario).map((each) => [each.part, each.messagesASecond]),
  );
  const wanted = messagesASecond * ROOM;
  const grownBy = (part: PartName) => wanted / (ceilings.get(part) ?? wanted);
  const places = (part: 'events' | 'jobs') =>
    Math.max(10, Math.ceil(deployment[part].maxConcurrency * grownBy(part)));
  const events = { ...deployment.events, maxConcurrency: places('events') };
  const jobs = { ...deployment.jobs, maxConcurrency: places('jobs') };
  // Events and jobs take all that they are allowed when they are behind: ingest must find room beside them.
  const { cpuSeconds, callSeconds } = work.ingest;
  const ofIngest = wanted * work.webhooks * (cpuSeconds + callSeconds);
  const others = events.maxConcurrency + jobs.maxConcurrency + ofIngest + LIMITS.unreserved.value;
  const requests = Math.max(deployment.apiRequests, roundUp(wanted * work.webhooks));
  return {
    ...withProcessors(deployment, reserved),
    concurrency: Math.max(LIMITS.concurrency.value, roundUp(reserved + others)),
    apiRequests: requests,
    apiBurst: Math.max(deployment.apiBurst, requests / 2),
    events,
    jobs,
    tableWrites: Math.max(deployment.tableWrites, roundUp(wanted * work.writeUnits)),
    modelRequestsAMinute:
      deployment.modelRequestsAMinute * Math.max(1, grownBy('model’s requests')),
    modelTokensAMinute: deployment.modelTokensAMinute * Math.max(1, grownBy('model’s tokens')),
  };
}

function play(deployment: Deployment, scenario: Scenario, rate: number): Steady {
  const parts = partsFor(deployment, rate);
  return runSteady({ ...scenario, deployment: grown(sliceOf(deployment, parts)) }, rate / parts);
}

/** With how many others a chat shares what its invocation waits for, by what it takes of a processor. */
function sharedBy({ processorSeconds }: Steady, { work, peers }: Scenario): number {
  const alone = peers.modelSeconds + peers.graphSeconds + work.turn.callSeconds;
  return Math.max(1, alone / (processorSeconds - work.turn.cpuSeconds));
}

function quotasOf(
  cell: Deployment,
  messagesASecond: number,
  cells: number,
  { work }: Scenario,
): readonly Quota[] {
  const tableWrites = roundUp((messagesASecond / cells) * ROOM * work.writeUnits);
  // The organisation's, whichever cell asks.
  const modelRequests = roundUp(cell.modelRequestsAMinute * cells);
  const modelTokens = roundUp(cell.modelTokensAMinute * cells);
  const all = [
    { name: 'invocations at once', needed: cell.concurrency, has: LIMITS.concurrency.value },
    { name: 'requests a second to APIs', needed: cell.apiRequests, has: LIMITS.apiRequests.value },
    { name: 'write units a second of a table', needed: tableWrites, has: LIMITS.tableWrites.value },
    {
      name: 'requests a minute to the model',
      needed: modelRequests,
      has: LIMITS.modelRequests.value,
    },
    { name: 'tokens a minute of the model', needed: modelTokens, has: LIMITS.modelTokens.value },
  ];
  return all
    .filter(({ needed, has }) => needed > has)
    .map(({ name, needed }) => ({ name, needed }));
}

/** To two digits, upwards: nobody asks for a quota of 1,043. */
function roundUp(value: number): number {
  if (value <= 10) return Math.ceil(value);
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
}
