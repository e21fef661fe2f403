import { Chance } from '../chance.ts';
import { ASSUMED } from '../limits.ts';

/** A message, and how long the model takes to answer it. */
export interface Arrival {
  /** In seconds since the beginning. */
  readonly at: number;
  readonly modelSeconds: number;
}

/** The same customers for the local stack and for the model. */
export interface Trial {
  readonly name: string;
  readonly batchSize: number;
  readonly arrivals: readonly Arrival[];
}

export const PROCESSORS = 4;
const MODEL_SECONDS = 3;
const SEED = 7;

/** Few enough that two processors of a machine do the work in a fraction of the time that is waited. */
export const TRIALS: readonly Trial[] = [
  { name: 'one a second', batchSize: 10, arrivals: steady(1, 24) },
  { name: 'three a second', batchSize: 10, arrivals: steady(3, 60) },
  { name: 'fifty at once', batchSize: 10, arrivals: atOnce(50) },
  { name: 'one a second, a chat to a batch', batchSize: 1, arrivals: steady(1, 24) },
];

function steady(perSecond: number, count: number): readonly Arrival[] {
  const chance = new Chance(SEED);
  let at = 0;
  return Array.from({ length: count }, () => {
    at += chance.exponential('arrival', 1 / perSecond);
    return { at, modelSeconds: modelSeconds(chance) };
  });
}

function atOnce(count: number): readonly Arrival[] {
  const chance = new Chance(SEED);
  return Array.from({ length: count }, () => ({ at: 0, modelSeconds: modelSeconds(chance) }));
}

function modelSeconds(chance: Chance): number {
  return chance.skewed('model', MODEL_SECONDS, ASSUMED.modelSpread);
}
