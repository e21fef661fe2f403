import type { TurnId } from '#domain/ids.ts';
import type { OptOutSettings } from '#domain/tenant/opt-out.ts';
import { saidAtMs } from './age.ts';
import { planConsent } from './consent.ts';
import type { ChatHead, OpenTurn, TurnPart } from './head.ts';
import { keyTimeMs, type StoredInbound } from './message.ts';

/**
 * Tables that were restored know nothing of the time between their snapshot and the moment they began to
 * serve: what they hold as unfinished was perhaps finished in it. `docs/recovery.md` says what that means.
 */
export interface LostTime {
  /** When restored tables began to serve; undefined where none were restored. */
  readonly restoredUntilMs?: number | undefined;
}

/** Of a part that was perhaps sent in the lost time; a status may prove it yet. */
export const MAYBE_SENT = 'maybe-sent';

/** Whether something that is unfinished may have been answered, or carried out, in the lost time. */
export function mayBeAnswered(
  { message, acceptedAtMs }: Pick<StoredInbound, 'message' | 'acceptedAtMs'>,
  { restoredUntilMs }: LostTime,
): boolean {
  return (
    restoredUntilMs !== undefined && saidAtMs(message.sentAtMs, acceptedAtMs) < restoredUntilMs
  );
}

/** Whether a bubble's turn was drafted in the lost time, or before it. */
export function isDraftedBefore(turnId: TurnId, { restoredUntilMs }: LostTime): boolean {
  return restoredUntilMs !== undefined && Number(turnId.split('.')[0]) < restoredUntilMs;
}

/**
 * Whether an open turn may have gone on in the lost time. What it answers tells that by Meta's clock: nothing
 * of before is answered since. Our own clocks, which differ, are asked where it answers nothing.
 */
export function mayBeSent({ id, answers }: OpenTurn, lost: LostTime): boolean {
  const { restoredUntilMs } = lost;
  if (restoredUntilMs === undefined) return false;
  const saidMs = answers.map(keyTimeMs).filter((atMs) => atMs > 0);
  if (saidMs.length === 0) return isDraftedBefore(id, lost);
  return saidMs.some((atMs) => atMs < restoredUntilMs);
}

/**
 * The head whose open turn is sent no further: parts that a status has proved are sent, of any other that is
 * not settled nobody knows. `proofs` are WhatsApp's ids, by part.
 */
export function sendNoFurther(
  head: ChatHead,
  proofs: readonly (string | undefined)[],
  tenantId: ChatHead['tenantId'],
): ChatHead {
  const { openTurn } = head;
  if (!openTurn) return head;
  const parts = openTurn.parts.map((part, index): TurnPart => {
    const { delivery } = part;
    if (delivery.kind === 'sent' || delivery.kind === 'refused') return part;
    const wamid = proofs[index];
    if (wamid === undefined) return { ...part, delivery: { kind: 'refused', code: MAYBE_SENT } };
    return { ...part, delivery: { kind: 'sent', wamid, copies: (delivery.resends ?? 0) + 1 } };
  });
  const settled: ChatHead = { ...head, tenantId, openTurn: { ...openTurn, parts } };
  return isUnsure(settled) ? { ...settled, flag: 'maybe-answered' } : settled;
}

/** Whether the open turn has a part of which nobody knows. */
export function isUnsure({ openTurn }: Pick<ChatHead, 'openTurn'>): boolean {
  return (openTurn?.parts ?? []).some(
    ({ delivery }) => delivery.kind === 'refused' && delivery.code === MAYBE_SENT,
  );
}

/** What the contact says of answers in these holds, although nobody confirms it. */
export function heardIn(
  head: ChatHead,
  messages: readonly StoredInbound[],
  settings: OptOutSettings,
): ChatHead {
  let heard = head;
  let rest = messages;
  for (;;) {
    const step = planConsent(heard, rest, settings);
    if (step.kind === 'none') return heard;
    if (step.kind === 'confirm') heard = { ...heard, replies: step.choice };
    rest = rest.slice(step.messages.length);
  }
}
