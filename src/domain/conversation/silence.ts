import type { HandOverSettings } from '#domain/tenant/handover-settings.ts';
import { type BusinessHours, isOpen, opensAtMs } from '#domain/tenant/hours.ts';
import { ongoing } from './hand-over.ts';
import type { ChatHead } from './head.ts';

/** How a business wants its hand-overs, and when its people are there. */
export interface HandOverTerms {
  readonly handOver: HandOverSettings;
  readonly hours: BusinessHours | undefined;
}

/** Whether the assistant says nothing now, and what is written is left to a person. */
export function isSilent(
  { state }: Pick<ChatHead, 'state'>,
  { handOver, hours }: HandOverTerms,
  nowMs: number,
): boolean {
  if (state !== 'waiting') return state === 'human';
  return handOver.outsideHours === 'silent' || isOpen(hours, nowMs);
}

/**
 * When the assistant goes on, if nobody of the business does anything until then. Nobody can come while the
 * business is closed, so waiting counts from its opening.
 * @returns undefined where the assistant has the chat
 */
export function idleDueMs(head: ChatHead, { handOver, hours }: HandOverTerms): number | undefined {
  const record = ongoing(head);
  if (!record || head.state === 'assistant') return undefined;
  if (head.state === 'human') return record.activeAtMs + handOver.personIdleMinutes * MINUTE_MS;
  const fromMs = opensAtMs(hours, record.sinceMs) ?? record.sinceMs;
  return fromMs + handOver.waitingMinutes * MINUTE_MS;
}

const MINUTE_MS = 60_000;
