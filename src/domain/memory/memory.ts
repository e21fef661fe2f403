import { isErasedMemory } from '#domain/conversation/erasure.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import type { TenantId, TurnId } from '#domain/ids.ts';
import { MOST_RETENTION_DAYS } from '#domain/tenant/retention.ts';

/** Names an item in its chat, to the model too. */
export type MemoryId = string;

/**
 * How long something is worth knowing: for this visit, for a matter that is under way, for a customer who
 * comes again, or until it is erased.
 */
export const RETENTION_LEVELS = ['session', 'short', 'long', 'permanent'] as const;
export type RetentionLevel = (typeof RETENTION_LEVELS)[number];

const DAYS: Readonly<Record<RetentionLevel, number>> = {
  session: 1,
  short: 30,
  long: 365,
  // "Until erased": a contact of whom nothing is heard for ten years is forgotten all the same.
  permanent: MOST_RETENTION_DAYS,
};

export const FACT_CATEGORIES = [
  'contact',
  'relationship',
  'preference',
  'order',
  'appointment',
  'health',
  'other',
] as const;
export type FactCategory = (typeof FACT_CATEGORIES)[number];

/** What the profile has one of each of. */
export const PROFILE_FIELDS = ['name', 'language', 'preferences'] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];

/** `summary`: what was said before the messages that a prompt holds. */
type MemoryKind = ProfileField | 'fact' | 'summary';

/** One thing that is remembered. It is never changed: what replaces it is another item. */
export interface MemoryItem {
  readonly id: MemoryId;
  /** What it took the place of: whoever wants one of those forgotten means this one too. */
  readonly formerIds: readonly MemoryId[];
  readonly kind: MemoryKind;
  readonly text: string;
  /** Of a fact. */
  readonly category: FactCategory | undefined;
  /** From 0 to 1. */
  readonly confidence: number;
  /** How often it was said. */
  readonly times: number;
  readonly level: RetentionLevel;
  /** The message that told it last; of a summary none. */
  readonly source: MessageKey | undefined;
  readonly seenAtMs: number;
  readonly expiresAtMs: number;
}

/** What is remembered of a contact, beside the head of the chat. Positions are versions of the head. */
export interface ChatMemory {
  /** Another one after each write; empty = none is stored. */
  readonly revision: string;
  readonly tenantId: TenantId | undefined;
  /** When it began. What began before the chat was its tenant's is another's. */
  readonly beganAtMs: number;
  /** The version of the head that it was made on. What an erasure came after is erased. */
  readonly headVersion: number;
  /** Turns up to here were looked through for facts. */
  readonly extractedUpTo: number;
  /** Turns up to here are in the summary, and no longer in a prompt. */
  readonly summarisedUpTo: number;
  /** Something was forgotten with this turn: of it, and of what came before, nothing is remembered anew. */
  readonly forgottenUpTo: number;
  readonly items: readonly MemoryItem[];
}

export const NO_MEMORY: ChatMemory = {
  revision: '',
  tenantId: undefined,
  beganAtMs: 0,
  headVersion: 0,
  // A chat's first turn is drafted on version 0.
  extractedUpTo: -1,
  summarisedUpTo: -1,
  forgottenUpTo: -1,
  items: [],
};

/** What goes when these are to be forgotten: also the summary, which may tell the same. */
export function isForgottenWith(
  { id, formerIds, kind }: MemoryItem,
  ids: readonly MemoryId[],
): boolean {
  return kind === 'summary' || [id, ...formerIds].some((each) => ids.includes(each));
}

/** @param keptDays a tenant that says for how long keeps nothing for longer, but for what is permanent */
export function expiresAtMs(
  level: RetentionLevel,
  keptDays: number | undefined,
  seenAtMs: number,
): number {
  const most = level === 'permanent' ? undefined : keptDays;
  const days = Math.min(DAYS[level], most ?? DAYS[level]);
  return seenAtMs + days * 24 * 60 * 60_000;
}

/**
 * What of the stored memory counts: nothing of before an erasure, nothing of another tenant's, and no item
 * whose time is over. What is left keeps its revision, since that is what the next write replaces.
 */
export function currentMemory(
  stored: ChatMemory,
  { erasure, tenantSinceMs }: ChatHead,
  tenantId: TenantId,
  nowMs: number,
): ChatMemory {
  const { revision, headVersion, beganAtMs } = stored;
  const isOurs = stored.tenantId === tenantId && beganAtMs >= (tenantSinceMs ?? 0);
  if (isErasedMemory(headVersion, erasure) || !isOurs) return { ...NO_MEMORY, revision };
  return { ...stored, items: stored.items.filter((item) => item.expiresAtMs > nowMs) };
}

/** The version of the head that a turn was drafted on: later turns of a chat have greater ones. */
export function versionOfTurn(turnId: TurnId): number {
  return Number(turnId.split('.')[1]);
}
