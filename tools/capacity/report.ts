import { peakOf } from '../cost/processors-alone.ts';
import type { Traffic } from '../cost/traffic.ts';
import { type Ceiling, ceilingsOf } from './ceilings.ts';
import type { Deployment } from './deployment.ts';
import { type Hold, holdOf, type Scenario } from './hold.ts';
import { MODEL_TIERS } from './limits.ts';
import { processorsNeeded } from './needed.ts';
import { type Outage, type OutageKind, runOutage } from './outage.ts';
import { fullCell, type Planning, type Step, stepOf } from './plan.ts';
import { asTemplated } from './planning.ts';

/** A configuration, and what it holds. */
interface Configuration {
  readonly name: string;
  readonly deployment: Deployment;
  readonly hold: Hold;
}

/** Processors that a size needs in its busiest minute, by what is assumed otherwise. */
interface NeededRow {
  readonly conversationsADay: number;
  readonly messagesASecond: number;
  readonly reserved: readonly number[];
}

interface TierRow {
  readonly tier: number;
  readonly requests: number;
  readonly tokens: number;
  readonly messagesASecond: number;
  readonly conversationsADay: number;
}

export interface CapacityReport {
  readonly stage: string;
  readonly measuredOn: string;
  readonly traffic: Traffic;
  readonly scenario: Scenario;
  readonly configured: Deployment;
  readonly ceilings: readonly Ceiling[];
  readonly configurations: readonly Configuration[];
  readonly tiers: readonly TierRow[];
  readonly needed: readonly NeededRow[];
  readonly outages: readonly Outage[];
  readonly steps: readonly Step[];
}

const SIZES = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8] as const;

/** By which the processors that are needed are looked for: the model's time, and how many chats to a batch. */
export const NEEDED_BY = [
  { modelSeconds: 2, batchSize: 10 },
  { modelSeconds: 4, batchSize: 10 },
  { modelSeconds: 8, batchSize: 10 },
  { modelSeconds: 4, batchSize: 1 },
] as const;

/** Played one part in so many, so that an hour of it takes a second. */
const OUTAGE_MESSAGES_PLAYED = 10;
const HOUR_SECONDS = 3_600;

/** More processors than the stage has; the second number leaves too little of an account to the others. */
const [MANY, MORE] = [400, 850];

/** Other stages, to be compared. */
export type Others = readonly { readonly name: string; readonly deployment: Deployment }[];

/** Everything that `npm run capacity` says without a question of its own. */
export function reportOf(planning: Planning, measuredOn: string, others: Others): CapacityReport {
  const { scene, facts, deployment, scenario } = planning;
  const configurations = [...others, ...variants(facts.stage, deployment)].map((each) => ({
    ...each,
    hold: holdOf(each.deployment, scenario),
  }));
  const heldBy = (wanted: Deployment) =>
    configurations.find((each) => each.deployment === wanted)?.hold.messagesASecond ?? 0;
  const holds = {
    stage: heldBy(deployment),
    cell: configurations.at(-1)?.hold.messagesASecond ?? 0,
  };
  const steps = SIZES.map((size) => stepOf(size, planning, holds));
  return {
    stage: facts.stage,
    measuredOn,
    traffic: scene.traffic,
    scenario,
    configured: deployment,
    ceilings: ceilingsOf(deployment, scenario),
    configurations,
    tiers: MODEL_TIERS.map((tier) => tierRow(tier, planning)),
    needed: SIZES.slice(0, -1).map((size) => neededRow(size, planning)),
    outages: steps
      .filter(({ conversationsADay }) => conversationsADay >= 1e5 && conversationsADay <= 1e7)
      .flatMap((step) => outagesOf(step, scenario)),
    steps,
  };
}

function variants(stage: string, deployment: Deployment): Others {
  const batch = (batchSize: number) => ({
    ...deployment,
    processor: { ...deployment.processor, batchSize },
  });
  return [
    { name: `${stage}, as it is`, deployment },
    { name: `${stage}, a chat to a batch`, deployment: batch(1) },
    ...[MANY, MORE].map((processors) => ({
      name: `${stage}, ${processors} processors in a fresh account`,
      deployment: asTemplated(deployment, processors),
    })),
    {
      name: 'all that one stage can become, every quota raised',
      deployment: fullCell({ ...deployment, numbers: 10_000 }),
    },
  ];
}

function tierRow(
  { tier, requests, tokens }: (typeof MODEL_TIERS)[number],
  { deployment, scenario, scene }: Planning,
): TierRow {
  const limited = { ...deployment, modelRequestsAMinute: requests, modelTokensAMinute: tokens };
  const ceilings = ceilingsOf(limited, scenario).filter(({ part }) => part.startsWith('model'));
  const messagesASecond = Math.min(...ceilings.map((each) => each.messagesASecond));
  const conversationsADay = messagesASecond / peakOf({ ...scene.traffic, conversationsADay: 1 });
  return { tier, requests, tokens, messagesASecond, conversationsADay };
}

function neededRow(
  conversationsADay: number,
  { scene, deployment, scenario }: Planning,
): NeededRow {
  const messagesASecond = peakOf({ ...scene.traffic, conversationsADay });
  const reserved = NEEDED_BY.map(({ modelSeconds, batchSize }) => {
    const processor = { ...deployment.processor, batchSize };
    const peers = { ...scenario.peers, modelSeconds };
    const asked = { messagesASecond, waitSeconds: 1 };
    return processorsNeeded({ ...deployment, processor }, { ...scenario, peers }, asked).reserved;
  });
  return { conversationsADay, messagesASecond, reserved };
}

/** In the busiest hour, of one cell of the plan. */
function outagesOf({ deployment, messagesASecond, cells }: Step, scenario: Scenario) {
  const rate = messagesASecond / cells;
  const kinds: readonly OutageKind[] = ['model', 'processor'];
  const parts = Math.max(1, Math.round(rate / OUTAGE_MESSAGES_PLAYED));
  return kinds.map((kind) =>
    runOutage(deployment, scenario, { kind, messagesASecond: rate, seconds: HOUR_SECONDS, parts }),
  );
}
