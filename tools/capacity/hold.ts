import { ceilingsOf } from './ceilings.ts';
import { type Deployment, sliceOf } from './deployment.ts';
import { isBackground, type PartName } from './pressure.ts';
import type { ServiceOptions } from './service.ts';
import { nearestTo, runSteady, type Steady } from './steady.ts';

/** What a configuration holds, by the model. */
export interface Hold {
  /** Messages a second, without end. */
  readonly messagesASecond: number;
  /** What ends it. */
  readonly first: PartName;
  /** Up to here statuses and jobs are done as they come, and what ends that. */
  readonly background: { readonly messagesASecond: number; readonly first: PartName };
  /** The run at the last rate that is held. */
  readonly steady: Steady;
}

export type Scenario = Omit<ServiceOptions, 'deployment'>;

/** Of several parts, each of so many messages a second at most, one is played. */
const MESSAGES_PLAYED = 100;
const TRIES = 7;
/** So often it is looked further, where the closed form says that there is an end. */
const MOST_BEYOND = 3;

/** Event sources have grown to what they may: the load was there before. */
export function grown(deployment: Deployment): Deployment {
  return { ...deployment, pollersAtFirst: Number.MAX_SAFE_INTEGER };
}

/** In how many parts a deployment is played as one: none becomes so small that it has no room for chance. */
export function partsFor(deployment: Deployment, messagesASecond: number): number {
  const fewest = Math.min(
    deployment.reserved,
    deployment.numbers,
    deployment.unfinishedShards * 50,
  );
  const places = Math.min(deployment.events.maxConcurrency, deployment.jobs.maxConcurrency);
  const most = Math.max(1, Math.floor(Math.min(fewest / 10, places / 4)));
  return Math.max(1, Math.min(most, Math.ceil(messagesASecond / MESSAGES_PLAYED)));
}

/** Looks for the highest rate that is held, between nothing and what the closed form allows. */
export function holdOf(deployment: Deployment, scenario: Scenario): Hold {
  const ceilings = ceilingsOf(deployment, scenario);
  const top = 1.1 * (ceilings.find(({ part }) => !isBackground(part))?.messagesASecond ?? 0);
  const parts = partsFor(deployment, top);
  const slice = grown(sliceOf(deployment, parts));
  const played = (rate: number) => runSteady({ ...scenario, deployment: slice }, rate / parts);
  const { held, beyond } = highest(top, played, ({ isHeld }) => isHeld);
  const most = held.messagesASecond * parts;
  const byHand = 1.1 * Math.min(...ceilings.filter(({ part }) => isBackground(part)).map(rateOf));
  // Nothing more comes to them than customers' messages that are held.
  const background = held.isBackgroundHeld
    ? { held }
    : highest(Math.min(most, byHand), played, ({ isBackgroundHeld }) => isBackgroundHeld);
  const firstBackground = ceilings.find(({ part }) => isBackground(part))?.part ?? 'jobs';
  return {
    messagesASecond: held.messagesASecond * parts,
    first: nearestTo(beyond.pressures)?.part ?? 'processor',
    background: {
      messagesASecond: Math.min(most, background.held.messagesASecond * parts),
      first: firstBackground,
    },
    steady: held,
  };
}

function rateOf({ messagesASecond }: { readonly messagesASecond: number }): number {
  return messagesASecond;
}

/** The highest rate that is held and the lowest that is not, as far apart as a few tries leave them. */
function highest(
  wanted: number,
  played: (rate: number) => Steady,
  isHeld: (steady: Steady) => boolean,
): { readonly held: Steady; readonly beyond: Steady } {
  let top = wanted;
  let atTop = played(top);
  // The closed form is no law: what is held at its end may be held beyond it.
  for (let more = 0; isHeld(atTop) && more < MOST_BEYOND; more += 1) {
    top *= 1.2;
    atTop = played(top);
  }
  if (isHeld(atTop)) return { held: atTop, beyond: atTop };
  let [low, high] = [0, top];
  let [held, beyond] = [played(top / 100), atTop];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const rate = (low + high) / 2;
    const steady = played(rate);
    if (isHeld(steady)) [low, held] = [rate, steady];
    else [high, beyond] = [rate, steady];
  }
  return { held, beyond };
}
