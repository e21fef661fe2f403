import { type Deployment, withProcessors } from './deployment.ts';
import { grown, type Scenario } from './hold.ts';
import { runSteady, type Steady } from './steady.ts';

interface Asked {
  readonly messagesASecond: number;
  readonly waitSeconds: number;
}

/** How many processors a rate needs, and what came of it with these. */
export interface Needed {
  readonly reserved: number;
  readonly steady: Steady;
}

const MESSAGES_PLAYED = 60;
const NUMBERS_PLAYED = 100;
/** A mapping takes no lower maximum. */
const FEWEST = 2;

const known = new Map<string, Needed>();

/**
 * The fewest processors with which 95 of 100 chats wait in the queue for no longer than this. More messages
 * than are played need as many times more.
 */
export function processorsNeeded(
  deployment: Deployment,
  scenario: Scenario,
  { messagesASecond, waitSeconds }: Asked,
): Needed {
  const played = Math.min(messagesASecond, MESSAGES_PLAYED);
  const { batchSize } = deployment.processor;
  const asked = { messagesASecond: played, waitSeconds };
  const key = JSON.stringify({ asked, batchSize, scenario });
  const found = known.get(key) ?? lookFor(deployment, scenario, asked);
  known.set(key, found);
  return { ...found, reserved: Math.ceil((found.reserved * messagesASecond) / played) };
}

function lookFor(
  deployment: Deployment,
  scenario: Scenario,
  { messagesASecond, waitSeconds }: Asked,
): Needed {
  // Only the processors are looked for: whatever else there is, there is enough of it.
  const enough = grown({ ...boundless(deployment), numbers: NUMBERS_PLAYED });
  const played = (reserved: number) =>
    runSteady({ ...scenario, deployment: withProcessors(enough, reserved) }, messagesASecond);
  const isEnough = ({ isHeld, waits }: Steady) => isHeld && waits.p95 <= waitSeconds;
  const { peers, work } = scenario;
  const turnSeconds =
    work.turn.cpuSeconds + work.turn.callSeconds + peers.modelSeconds + peers.graphSeconds;
  // Of those that come by chance there are hardly ever more at once than this.
  const usual = messagesASecond * turnSeconds;
  let high = Math.max(FEWEST, Math.ceil(usual + 4 * Math.sqrt(usual) + 4));
  let low = FEWEST - 1;
  let steady = played(high);
  while (high - low > Math.max(1, high * 0.02)) {
    const middle = Math.floor((low + high) / 2);
    const tried = played(middle);
    if (isEnough(tried)) [high, steady] = [middle, tried];
    else low = middle;
  }
  return { reserved: high, steady };
}

/** A deployment in which nothing is scarce but what is for a chat or a number. */
export function boundless(deployment: Deployment): Deployment {
  const much = Number.POSITIVE_INFINITY;
  const many = 1_000_000_000;
  return {
    ...deployment,
    apiRequests: much,
    apiBurst: many,
    concurrency: many,
    newEnvironmentsASecond: much,
    newEnvironmentsAtOnce: many,
    events: { ...deployment.events, maxConcurrency: many },
    jobs: { ...deployment.jobs, maxConcurrency: many },
    fifoCalls: much,
    tableWrites: much,
    unfinishedWrites: much,
    modelRequestsAMinute: much,
    modelTokensAMinute: much,
  };
}
