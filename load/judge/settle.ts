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
