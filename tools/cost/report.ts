import { type Bill, type BillPart, billOf } from './bill.ts';
import { peerDollarsPerMillion } from './peers.ts';
import { pictureDollars } from './pictures.ts';
import { PRICE_REGION, PRICES, PRICES_AS_OF } from './prices.ts';
import { processorsAlone } from './processors-alone.ts';
import { secretLines, standingOf, vaultDollars } from './standing.ts';
import { messagesOf, type Traffic } from './traffic.ts';
import { firstTraces, type MessageUse, messageUses, type Scene, usageOf } from './usage.ts';

export interface StageFacts {
  readonly stage: string;
  readonly model: string;
  readonly vault: 'secrets-manager' | 'tenants-table';
}

/** A month at so many conversations a day. */
export interface Month {
  readonly conversationsADay: number;
  readonly messages: number;
  readonly aws: number;
  readonly awsPerMillion: number;
  readonly model: number;
  readonly meta: number;
  readonly total: number;
  /** Processors that the busiest minute needs, with as many chats to a batch as are assumed. */
  readonly processors: number;
}

export interface Report extends StageFacts {
  readonly region: string;
  readonly pricesAsOf: string;
  readonly measuredOn: string;
  readonly traffic: Traffic;
  /** A million messages in AWS, at the first tier of each price. */
  readonly perMillion: Bill;
  /** Of it, the parts that the goal of $45 counts. */
  readonly perMillionOfGoal: number;
  readonly perMillionByPeers: { readonly model: number; readonly meta: number };
  /** What a million messages cost more when each is a picture. */
  readonly pictures: { readonly aws: number; readonly model: number };
  /** What a message uses, by function. */
  readonly uses: readonly MessageUse[];
  /** A month without a single message. */
  readonly standing: Bill;
  readonly months: readonly Month[];
  readonly vaults: { readonly tenants: number; readonly managed: number; readonly sealed: number };
  readonly unsurePrices: readonly string[];
}

const MILLION = 1e6;
const SIZES = [1e3, 1e4, 1e5, 1e6, 1e7];
const MANY_TENANTS = 10_000;

/** The goal counts what a turn does, and neither what is kept of it nor what is remembered after it. */
const BEYOND_THE_GOAL = /kept|backups|sent to|jobs/;

/** Everything that `npm run cost` says, from what it was given alone. */
export function reportOf(scene: Scene, facts: StageFacts): Report {
  const perMillion = billOf(usageOf(scene, MILLION));
  const months = SIZES.map((conversationsADay) =>
    monthOf({ ...scene, traffic: { ...scene.traffic, conversationsADay } }, facts),
  );
  return {
    ...facts,
    region: PRICE_REGION,
    pricesAsOf: PRICES_AS_OF,
    measuredOn: scene.measured.measuredOn,
    traffic: scene.traffic,
    perMillion,
    perMillionOfGoal: sumOf(perMillion.parts.filter(({ part }) => !BEYOND_THE_GOAL.test(part))),
    perMillionByPeers: peerDollarsPerMillion(scene.traffic, facts.model),
    pictures: pictureDollars(scene, facts.model),
    uses: messageUses(scene.measured),
    standing: billOf(standingOf(scene)),
    months,
    vaults: { tenants: MANY_TENANTS, ...vaultDollars(MANY_TENANTS) },
    unsurePrices: Object.entries(PRICES).flatMap(([unit, { isSure }]) => (isSure ? [] : [unit])),
  };
}

/** Of one size, with all that is there without a message. */
export function monthOf(scene: Scene, { model, vault }: StageFacts): Month {
  const messages = messagesOf(scene.traffic);
  const { managed, sealed } = secretLines(scene);
  const secrets = vault === 'secrets-manager' ? managed : sealed;
  const lines = [...usageOf(scene), ...firstTraces(scene), ...standingOf(scene), ...secrets];
  const aws = billOf(lines).dollars;
  const peers = peerDollarsPerMillion(scene.traffic, model);
  const asked = (peers.model * messages) / MILLION;
  const sent = (peers.meta * messages) / MILLION;
  const { conversationsADay } = scene.traffic;
  return {
    conversationsADay,
    messages,
    aws,
    awsPerMillion: (aws / messages) * MILLION,
    model: asked,
    meta: sent,
    total: aws + asked + sent,
    processors: processorsAlone(scene),
  };
}

function sumOf(parts: readonly BillPart[]): number {
  return parts.reduce((sum, { dollars }) => sum + dollars, 0);
}
