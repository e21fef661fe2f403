import { isBeyondDuplicateWindow } from '#domain/conversation/age.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import type { JsonObject } from '#domain/json.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { readWebhook, type WebhookContent } from '#domain/whatsapp/webhook.ts';
import type { Clock } from './ports/clock.ts';
import type { Arrival, ArrivalResult, Inbox } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Pseudonyms } from './ports/pseudonyms.ts';
import type { ChatBell, EventsQueue } from './ports/queues.ts';

export interface AcceptWebhookDeps {
  readonly inbox: Inbox;
  readonly bell: ChatBell;
  readonly events: EventsQueue;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** `taken`: everything is stored and rung, answer 200. `not-taken`: answer 5xx, Meta sends it again. */
export type WebhookResult = 'taken' | 'not-taken';

/**
 * Makes a verified webhook durable. A message from before the time that ids are remembered for is only
 * counted: it may have been answered and forgotten.
 * 1. Each message goes into its chat's inbox; one that is there already is recognised.
 * 2. Then its bell rings, also for a duplicate: a ring too many is harmless, one too few is not. A ring
 *    that overtook its message would be answered by nothing.
 * 3. Statuses and all other events go to the events queue, side by side with the above.
 */
export function acceptWebhook(
  body: JsonObject,
  correlationId: string,
  deps: AcceptWebhookDeps,
): Promise<WebhookResult> {
  return acceptContent(readWebhook(body), correlationId, deps);
}

/** As `acceptWebhook`, of what is left of one. */
export async function acceptContent(
  content: WebhookContent,
  correlationId: string,
  deps: AcceptWebhookDeps,
): Promise<WebhookResult> {
  const receivedAtMs = deps.clock.now();
  const isTooOld = ({ sentAtMs }: InboundMessage) =>
    isBeyondDuplicateWindow(sentAtMs, receivedAtMs);
  const arrivals = content.messages
    .map((message, position) => ({
      message,
      acceptedAtMs: receivedAtMs,
      position,
      correlationId,
    }))
    .filter(({ message }) => !isTooOld(message));
  const envelopes = content.events.map((event) => ({ ...event, receivedAtMs, correlationId }));
  const [messagesMissing, eventsMissing] = await Promise.all([
    acceptMessages(arrivals, deps),
    envelopes.length > 0 ? deps.events.send(envelopes) : 0,
  ]);
  const forgotten = content.messages.length - arrivals.length;
  if (forgotten > 0) deps.metrics.count('MessagesTooOld', forgotten);
  for (const each of content.messages.filter(isTooOld)) logArrival(each, 'too-old', deps);
  deps.metrics.count('EventsAccepted', envelopes.length - eventsMissing);
  const malformed = envelopes.filter(({ kind }) => kind === 'malformed').length;
  if (malformed > 0) deps.metrics.count('ElementsMalformed', malformed);
  if (messagesMissing + eventsMissing > 0) {
    deps.metrics.count('WebhooksNotTaken');
    deps.log.error('webhook_not_taken', { messagesMissing, eventsMissing });
    return 'not-taken';
  }
  deps.log.info('webhook_accepted', {
    messages: arrivals.length,
    events: envelopes.length,
    forgotten: forgotten > 0 ? forgotten : undefined,
  });
  return 'taken';
}

/** @returns how many messages were not both stored and rung */
async function acceptMessages(
  arrivals: readonly Arrival[],
  deps: AcceptWebhookDeps,
): Promise<number> {
  const { inbox, bell, metrics } = deps;
  if (arrivals.length === 0) return 0;
  const results = await inbox.accept(arrivals);
  const stored = arrivals.filter((_, index) => results[index] !== 'refused');
  const duplicates = results.filter((result) => result === 'duplicate').length;
  metrics.count('MessagesAccepted', stored.length - duplicates);
  if (duplicates > 0) metrics.count('MessagesDuplicate', duplicates);
  for (const [index, { message }] of arrivals.entries()) {
    logArrival(message, results[index] ?? 'refused', deps);
  }
  const unrung = await bell.ring(
    stored.map(({ message, correlationId }) => ({
      chat: message.chat,
      messageKey: inboundKey(message),
      number: 0,
      correlationId,
    })),
  );
  return arrivals.length - stored.length + unrung.length;
}

/** A line for each message: of one that is not stored nothing else tells what came of it. */
function logArrival(
  { chat, wamid }: InboundMessage,
  outcome: ArrivalResult | 'too-old',
  { log, pseudonyms }: Pick<AcceptWebhookDeps, 'log' | 'pseudonyms'>,
): void {
  log.info('message_arrived', {
    outcome,
    phoneNumberId: chat.phoneNumberId,
    chat: pseudonyms.ofChat(chat),
    messageId: pseudonyms.ofWamid(wamid),
  });
}
