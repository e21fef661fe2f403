import { OPENS } from '#domain/tenant/handover-settings.ts';
import { openingInWords, opensAtMs } from '#domain/tenant/hours.ts';
import { requiredText, spokenText } from '#domain/tenant/set-texts.ts';
import { type Listener, languageOf } from '#domain/tenant/speech.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { Answer } from './answer.ts';
import { type HandOverCause, moveOn } from './hand-over.ts';
import type { ChatHead } from './head.ts';

/** The head as it is with a reply, and what the customer is told beside it. */
interface Asked {
  readonly head: ChatHead;
  readonly says: string | undefined;
}

/** What an answer means for who has the chat: the model asks for a person, or is not sure. */
export function afterAnswer(
  head: ChatHead,
  { handOver, confidence }: Answer,
  tenant: Tenant,
  { contact, nowMs }: { readonly contact: string; readonly nowMs: number },
): Asked {
  const answered = { ...head, failures: 0 };
  const says = () => personTextOf(tenant, { contact, language: head.language }, nowMs);
  if (handOver) {
    const asked = requestPerson(answered, 'assistant', nowMs, handOver);
    // In hours the model's own words tell of it.
    const isNew = asked.state !== head.state;
    const isOpenNow = opensAtMs(tenant.hours, nowMs) === nowMs;
    return { head: asked, says: isNew && !isOpenNow ? says() : undefined };
  }
  if (confidence !== 'low') return { head: answered, says: undefined };
  switch (tenant.handOver.lowConfidence) {
    case 'off':
      return { head: answered, says: undefined };
    case 'flag':
      return { head: { ...answered, flag: head.flag ?? 'low-confidence' }, says: undefined };
    case 'hand-over': {
      const asked = requestPerson(answered, 'low-confidence', nowMs);
      const isNew = asked.state !== head.state;
      return { head: asked, says: isNew ? says() : undefined };
    }
  }
}

/** One more turn that the model had no answer for. */
export function afterNoAnswer(head: ChatHead, { handOver }: Tenant, nowMs: number): ChatHead {
  const failed = { ...head, failures: head.failures + 1 };
  const isEnough = handOver.afterFailures > 0 && failed.failures >= handOver.afterFailures;
  return isEnough ? requestPerson(failed, 'failures', nowMs) : failed;
}

export function requestPerson(
  head: ChatHead,
  cause: HandOverCause,
  nowMs: number,
  said: { readonly reason?: string; readonly summary?: string } = {},
): ChatHead {
  const { head: moved, tells } = moveOn(head, {
    event: 'requested',
    atMs: nowMs,
    cause,
    reason: said.reason || undefined,
    summary: said.summary || undefined,
  });
  if (moved.state === head.state || !moved.handOver) return moved;
  return { ...moved, handOver: { ...moved.handOver, untold: tells, done: undefined } };
}

/** What is said to who gets a person: that one comes, or when one is back. */
export function personTextOf(tenant: Tenant, listener: Listener, nowMs: number): string {
  const { hours } = tenant;
  const language = languageOf(tenant, listener);
  const opensMs = opensAtMs(hours, nowMs);
  if (!hours || opensMs === undefined || opensMs === nowMs) {
    return requiredText(tenant, 'person', language);
  }
  const closed = spokenText(tenant, 'closed', language);
  if (!closed) return requiredText(tenant, 'closed', language);
  // In the language of the words around it, whatever was asked for.
  const opens = openingInWords({ ...hours, locale: closed.language ?? hours.locale }, opensMs);
  return closed.text.replaceAll(OPENS, opens);
}
