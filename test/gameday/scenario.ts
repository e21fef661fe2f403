import type { Game } from './game.ts';

/** Something is made to go wrong, and these alarms have to go off because of it. */
interface Step {
  /** One sentence: what goes wrong from here on. */
  readonly words: string;
  readonly happens: (game: Game) => void | Promise<void>;
  /** Names without the stack's, composites among them; the next step waits for all. */
  readonly fires: readonly string[];
}

/** One bad day: what goes wrong, which alarms tell of it, and what ends it. */
export interface Scenario {
  /** In kebab-case, as it is typed. */
  readonly name: string;
  /** One or two sentences for whoever plays it. */
  readonly story: string;
  /**
   * How the fault comes about: `natural` by what happens in the cloud as well, `front-door` by refusals of
   * the local cloud's services, `put` where nothing here can bring it about, so that the metric itself is put.
   */
  readonly by: 'natural' | 'front-door' | 'put';
  readonly steps: readonly [Step, ...Step[]];
  /** Go off or not, as it happens: what may follow from the same fault, and why. All others have to stay quiet. */
  readonly mayFire: Readonly<Record<string, string>>;
  /** Those of them that tell nobody if they go off: another incident has told of the cause already. */
  readonly muted?: readonly string[];
  /** What somebody does, by the runbook; what was armed and repeated has ended by then. */
  readonly cure: { readonly words: string; readonly happens: (game: Game) => void | Promise<void> };
}

/** All that a scenario speaks of: what has to go off, and what may. */
export function namedBy(scenario: Scenario): readonly string[] {
  return [...new Set([...provenBy(scenario), ...Object.keys(scenario.mayFire)])];
}

/** What ends a scenario that ends when its fault does. */
export function faultEnds(words: string): Scenario['cure'] {
  return { words, happens: () => {} };
}

/** The alarms that a scenario proves. */
export function provenBy({ steps }: Scenario): readonly string[] {
  return steps.flatMap(({ fires }) => fires);
}
