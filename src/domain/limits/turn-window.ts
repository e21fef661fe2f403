/**
 * A part of a minute, and of its turns: one that is refused waits for the next. Much shorter than a turn
 * of the model, or a flood would take every place of the processor at the beginning of each minute.
 */
export interface TurnWindow {
  /** Begins at, in milliseconds since the epoch. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** So many turns fit into it; at least one. */
  readonly turns: number;
}

const SHORTEST_SECONDS = 5;
const MINUTE_SECONDS = 60;
/** A tenant of few turns may have so many at once. */
const TURNS_AT_ONCE = 10;

/** Windows of whole seconds, the same for every process, of a limit of at least one turn a minute. */
export function turnWindow(turnsPerMinute: number, atMs: number): TurnWindow {
  const forTurns = Math.ceil((TURNS_AT_ONCE * MINUTE_SECONDS) / turnsPerMinute);
  const seconds = Math.min(Math.max(forTurns, SHORTEST_SECONDS), MINUTE_SECONDS);
  const fromMs = Math.floor(atMs / (seconds * 1_000)) * seconds * 1_000;
  const turns = Math.max(1, Math.floor((turnsPerMinute * seconds) / MINUTE_SECONDS));
  return { fromMs, untilMs: fromMs + seconds * 1_000, turns };
}
