import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import { evidenceWaitMs, markRefused, markResending, markSent } from '#domain/conversation/turn.ts';
import {
  type DeliverTurnDeps,
  defer,
  type Step,
  save,
  stop,
  type TurnWork,
} from './delivery-step.ts';

const LOOK_FOR_EVIDENCE_MS = 20_000;
/** With the waits between them more than half an hour; then a person looks at the chat. */
const MOST_RESENDS = 4;
const UNPROVEN = 'unproven';

/** An earlier try marked this part and did not come back: a status webhook may prove that it was sent. */
export async function settlePart(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  found: { readonly part: number; readonly sinceMs: number; readonly resends: number },
  deps: DeliverTurnDeps,
): Promise<Step> {
  const leftMs = found.sinceMs + evidenceWaitMs(found.resends) - deps.clock.now();
  const proven = await findProof(work, head, turn, found.part, deps);
  if (proven) return proven;
  if (leftMs > 0) return stop(defer(Math.min(leftMs, LOOK_FOR_EVIDENCE_MS), 'awaiting-evidence'));
  return markAndCountResend(work, head, turn, found, deps);
}

/** The part may have gone out before its last try was refused: proof is looked for before each new one. */
export async function resendPart(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  ambiguous: { readonly part: number; readonly resends: number },
  deps: DeliverTurnDeps,
): Promise<Step> {
  const proven = await findProof(work, head, turn, ambiguous.part, deps);
  return proven ?? markAndCountResend(work, head, turn, ambiguous, deps);
}

async function findProof(
  { chat }: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  part: number,
  deps: DeliverTurnDeps,
): Promise<Step | undefined> {
  const record = await deps.store.readOutbound({ chat, turnId: turn.id, part });
  if (!record?.wamid) return undefined;
  deps.log.info('ambiguous_part_proven', { turnId: turn.id, part });
  return save(chat, markSent(head, part, record.wamid, deps.clock.now()), 'ours', deps);
}

/**
 * Whoever was to send it before may come back at any time, and is fenced by nothing once it is at its end: so
 * proof is looked for once more with the mark in the head.
 */
async function markAndCountResend(
  work: TurnWork,
  head: ChatHead,
  turn: OpenTurn,
  { part, resends }: { readonly part: number; readonly resends: number },
  deps: DeliverTurnDeps,
): Promise<Step> {
  if (resends >= MOST_RESENDS) {
    deps.log.warn('send_refused', { code: UNPROVEN, turnId: turn.id, part });
    return save(work.chat, markRefused(head, part, UNPROVEN), 'ours', deps);
  }
  const now = deps.clock.now();
  const marked = await save(work.chat, markResending(head, part, resends, now), 'ours', deps);
  if (marked.kind === 'stop') return marked;
  const unmarked = { ...head, version: marked.head.version };
  const proven = await findProof(work, unmarked, turn, part, deps);
  if (proven) return proven;
  deps.metrics.count('AmbiguousResends');
  deps.log.warn('ambiguous_part_resent', { turnId: turn.id, part, resends });
  return marked;
}
