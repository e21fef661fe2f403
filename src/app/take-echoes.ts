import { inboundKey } from '#domain/conversation/message.ts';
import { ECHO_FIELDS, readEchoes } from '#domain/whatsapp/echo.ts';
import type { Clock } from './ports/clock.ts';
import type { Inbox } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { ChatBell, EventEnvelope } from './ports/queues.ts';

export interface TakeEchoesDeps {
  readonly inbox: Inbox;
  readonly bell: ChatBell;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Raised for echoes that the table did not take: the envelope comes back, and those that it took are known. */
class EchoesNotTakenError extends Error {
  override readonly name = 'EchoesNotTakenError';
}

/**
 * What somebody typed on the business's phone goes into the chat's inbox, and its bell rings: the processor
 * alone says what comes of it. A ring that is lost delays it until the sweeper's, and no more.
 * @returns false for what is no echo, or none that can be read whole
 */
export async function areEchoesTaken(
  { kind, field, phoneNumberId, payload, correlationId }: EventEnvelope,
  { inbox, bell, clock, log, metrics }: TakeEchoesDeps,
): Promise<boolean> {
  if (kind !== 'event' || !ECHO_FIELDS.includes(field) || !phoneNumberId) return false;
  const echoes = readEchoes(phoneNumberId, payload);
  if (!echoes) return false;
  const nowMs = clock.now();
  const results = await inbox.accept(
    echoes.map((message, position) => ({ message, acceptedAtMs: nowMs, position, correlationId })),
  );
  const taken = results.filter((result) => result === 'accepted').length;
  metrics.count('EchoesTaken', taken);
  await bell.ring(
    echoes.map((message) => ({
      chat: message.chat,
      messageKey: inboundKey(message),
      number: 0,
      correlationId,
    })),
  );
  if (results.includes('refused')) throw new EchoesNotTakenError('The table did not take an echo');
  log.info('echoes_taken', { echoes: taken });
  return true;
}
