import type { TenantId, TurnId } from '#domain/ids.ts';
import { type ChatHead, newHead } from './head.ts';
import { keyTimeMs, type StoredMessage } from './message.ts';

/** Whether what a chat remembers is another tenant's: its number has changed hands since. */
export function isOfAnother({ tenantId }: ChatHead, now: TenantId): boolean {
  return tenantId !== undefined && tenantId !== now;
}

/**
 * The chat as it begins for the tenant that has its number now: without an open turn, a person or a flag.
 * What is true of the contact whoever they write to stays, and what waits is answered by the new tenant.
 */
export function takeOver(head: ChatHead, tenantId: TenantId, nowMs: number): ChatHead {
  const { version, lastMessageAtMs, pairPaidUpToMs, movedTo, movedAtMs, phone, erasure } = head;
  return {
    ...newHead(),
    version,
    tenantId,
    tenantSinceMs: nowMs,
    lastMessageAtMs,
    pairPaidUpToMs,
    movedTo,
    movedAtMs,
    phone,
    // What was erased stays erased, whoever has the number.
    erasure,
  };
}

/** Whether it belongs to the chat's present tenant: was said since, or still waits. */
export function isOwn({ tenantSinceMs }: ChatHead, stored: StoredMessage): boolean {
  if (tenantSinceMs === undefined || isWaiting(stored)) return true;
  const turn = turnOf(stored);
  const saidAtMs = turn === undefined ? keyTimeMs(stored.key) : Number(turn.split('.')[0]);
  return saidAtMs >= tenantSinceMs;
}

/** Of two chats of one contact, both with the same tenant: since when it may know the past of both. */
export function tenantSinceMsOf(one: ChatHead, other: ChatHead): number | undefined {
  const since = [one.tenantSinceMs, other.tenantSinceMs].filter((each) => each !== undefined);
  return since.length === 0 ? undefined : Math.max(...since);
}

function isWaiting(stored: StoredMessage): boolean {
  return stored.direction === 'in' && stored.progress.kind !== 'finished';
}

function turnOf(stored: StoredMessage): TurnId | undefined {
  if (stored.direction === 'out') return stored.turnId;
  return stored.progress.kind === 'finished' ? stored.progress.turnId : undefined;
}
