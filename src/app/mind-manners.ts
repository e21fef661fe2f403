import { greeted } from '#domain/conversation/greeting.ts';
import { isOwn } from '#domain/conversation/tenancy.ts';
import type { Draft } from '#domain/conversation/turn.ts';
import { setText } from '#domain/tenant/set-texts.ts';
import { languageOf } from '#domain/tenant/speech.ts';
import type { Question } from './ask-model.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Moderated, Stopped } from './ports/reply-model.ts';

interface MindMannersDeps {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** An answer that is not sent. What it said is in no log: only why. */
export function countStop(stopped: Stopped, { metrics, log }: MindMannersDeps): void {
  metrics.count(stopped.by === 'screen' ? 'RepliesWithheld' : 'ModerationStops');
  const because = stopped.by === 'screen' ? stopped.because : `moderation-${stopped.at}`;
  log.warn('reply_withheld', { because });
}

/** What moderation has flagged where the tenant only wants it counted. */
export function countFlags(
  flagged: readonly Moderated[] = [],
  { metrics, log }: MindMannersDeps,
): void {
  for (const at of flagged) {
    metrics.count('ModerationFlags');
    log.warn('moderation_flagged', { at });
  }
}

/** What is said instead. */
export function wordsFor(stopped: Stopped): 'fallback' | 'blocked' {
  return stopped.by === 'moderation' ? 'blocked' : 'fallback';
}

/** Whoever has never heard of the business is greeted in the same bubble, where it has room: each is billed. */
export function withGreeting(
  draft: Omit<Draft, 'tenantId'>,
  { work, tenant, head, former, messages }: Question,
  language: string | undefined,
): Omit<Draft, 'tenantId'> {
  const isKnown =
    head.language !== undefined ||
    [...former, ...messages].some((each) => each.direction === 'out' && isOwn(head, each));
  if (isKnown) return draft;
  const listener = { contact: work.chat.contact, language };
  const greeting = setText(tenant, 'greeting', languageOf(tenant, listener));
  return greeting === undefined ? draft : { ...draft, bubbles: greeted(draft.bubbles, greeting) };
}
