import { tokenOf } from '../senders/webhook.ts';
import { expectedStatus, type Posted } from './sent.ts';

/** What was sent, and what of it the stack took. */
export interface Tally {
  readonly webhooks: number;
  /** Not answered as they had to be, or not at all. */
  readonly wrong: number;
  readonly forged: number;
  /** Of the forged those that were refused. */
  readonly refused: number;
  /** Tokens of the messages that were taken; each once, however often it came. */
  readonly taken: ReadonlySet<string>;
  /** What was in webhooks that were not taken, or never answered: it may be stored all the same. */
  readonly unsure: { readonly messages: number; readonly statuses: number };
  /** Messages that were taken and had been before. */
  readonly duplicates: number;
  readonly statuses: number;
  /** Until a taken webhook was acknowledged, in order. */
  readonly acknowledgedMs: readonly number[];
  readonly mostAtOnce: number;
}

export function tallyOf(posted: readonly Posted[]): Tally {
  const genuine = posted.filter(({ kind }) => kind !== 'forged');
  const forged = posted.filter(({ kind }) => kind === 'forged');
  const taken = genuine.filter(({ answer }) => answer?.status === 200);
  const tokens = new Set(taken.flatMap(tokensOf));
  const untaken = genuine.filter(({ answer }) => answer?.status !== 200);
  return {
    webhooks: posted.length,
    wrong: posted.filter(({ kind, answer }) => answer?.status !== expectedStatus(kind)).length,
    forged: forged.length,
    refused: forged.filter(({ answer }) => answer?.status === 401).length,
    taken: tokens,
    unsure: { messages: sumOf(untaken, 'messages'), statuses: sumOf(untaken, 'statuses') },
    duplicates: sumOf(taken, 'messages') - tokens.size,
    statuses: sumOf(taken, 'statuses'),
    acknowledgedMs: taken.map(({ answer }) => answer?.ms ?? 0).sort((one, other) => one - other),
    mostAtOnce: mostAtOnce(posted),
  };
}

function sumOf(posted: readonly Posted[], what: 'messages' | 'statuses'): number {
  return posted.reduce((sum, each) => sum + each[what], 0);
}

export function tokensOf({ run, first, messages }: Posted): readonly string[] {
  return Array.from({ length: messages }, (_, nth) => tokenOf(run, first + nth));
}

/** @param sorted in order @returns 0 of nothing */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** How many senders were there at once, from the first that each posted to its last answer. */
function mostAtOnce(posted: readonly Posted[]): number {
  const stays = new Map<string, { from: number; to: number }>();
  for (const { sender, atMs, answer } of posted) {
    const to = atMs + (answer?.ms ?? 0);
    const stay = stays.get(sender);
    if (!stay) stays.set(sender, { from: atMs, to });
    else stay.to = Math.max(stay.to, to);
  }
  const moments = [...stays.values()]
    .flatMap(({ from, to }) => [
      { atMs: from, by: 1 },
      { atMs: to, by: -1 },
    ])
    .sort((one, other) => one.atMs - other.atMs);
  let [now, most] = [0, 0];
  for (const { by } of moments) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
