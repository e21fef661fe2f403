import type { Look } from '../../../load/judge/reconcile.ts';
import { NO_COUNTS } from '../../../load/judge/reconcile.ts';
import type { Posted } from '../../../load/ledger/sent.ts';

let webhooks = 0;

/** A message of its own, acknowledged in 10 ms. */
export function aPosted(differences: Partial<Posted> = {}): Posted {
  webhooks += 1;
  return {
    id: `webhook-${webhooks}`,
    atMs: 1_000 * webhooks,
    sender: `sender-${webhooks}`,
    kind: 'message',
    side: 'any',
    run: 'ab',
    first: webhooks,
    messages: 1,
    statuses: 0,
    answer: { status: 200, ms: 10 },
    ...differences,
  };
}

export function aLook({
  counts,
  ...differences
}: { readonly counts?: Partial<Look['counts']> } & Partial<Omit<Look, 'counts'>> = {}): Look {
  return {
    atMs: 0,
    backlog: 0,
    deadLetters: 0,
    ...differences,
    counts: { ...NO_COUNTS, ...counts },
  };
}
