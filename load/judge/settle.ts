import { isDeepStrictEqual } from 'node:util';
import type { Tally } from '../ledger/tally.ts';
import { isSettled, type Look } from './reconcile.ts';

export interface SettleDeps {
  look(): Promise<Look>;
  pause(ms: number): Promise<unknown>;
  now(): number;
}

/** Waits until all that was taken is done with, or as long as is given. @returns how it stands then */
export async function settle(
  tally: Tally,
  before: Look,
  { patienceMs, everyMs }: { readonly patienceMs: number; readonly everyMs: number },
  { look, pause, now }: SettleDeps,
): Promise<Look> {
  const until = now() + patienceMs;
  for (;;) {
    const found = await look();
    if (isSettled(tally, before, found) || now() >= until) return found;
    await pause(everyMs);
  }
}

/** What came before the run may still be on its way, and would be counted with it. */
const LOOKS_BEFORE = 20;

/** Waits until nothing moves any more, so that the run is counted from there; not for long. */
export async function calm(
  everyMs: number,
  { look, pause }: Pick<SettleDeps, 'look' | 'pause'>,
): Promise<Look> {
  let last = await look();
  for (let looks = 1; looks < LOOKS_BEFORE; looks += 1) {
    await pause(everyMs);
    const found = await look();
    const isStill = isDeepStrictEqual(found.counts, last.counts) && found.backlog === 0;
    last = found;
    if (isStill) return found;
  }
  return last;
}
