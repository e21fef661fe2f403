import {
  type DeliveryStatus,
  isDeliveryRank,
  readDeliveryStatus,
} from '#domain/whatsapp/delivery-status.ts';
import type { Clock } from './ports/clock.ts';
import type { DeliveryLog } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { EventEnvelope } from './ports/queues.ts';

export interface RecordEventDeps {
  readonly deliveries: DeliveryLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Takes in whatever Meta reports that is not a customer's message: a status of one of our bubbles is
 * merged into it; everything else is counted and kept as it came.
 */
export async function recordEvent(envelope: EventEnvelope, deps: RecordEventDeps): Promise<void> {
  const status = envelope.kind === 'status' ? readDeliveryStatus(envelope.payload) : undefined;
  if (status && isOfItsNumber(status, envelope)) {
    await deps.deliveries.mergeDelivery(status, deps.clock.now());
    deps.metrics.count('StatusesMerged');
    if (status.status === 'failed') deps.metrics.count('DeliveriesFailed');
    const known = isDeliveryRank(status.status) || status.status === 'failed';
    deps.log.info('status_merged', {
      status: known ? status.status : 'unknown',
      code: status.errorCode,
      turnId: status.reference.turnId,
    });
    return;
  }
  await deps.deliveries.keepEvent(envelope);
  countUnhandled(envelope, deps);
}

/** Whoever sends from a number chooses the reference that comes back: it may only speak of that number. */
function isOfItsNumber({ reference }: DeliveryStatus, { phoneNumberId }: EventEnvelope): boolean {
  return reference.chat.phoneNumberId === phoneNumberId;
}

function countUnhandled({ kind, field }: EventEnvelope, { log, metrics }: RecordEventDeps): void {
  switch (kind) {
    case 'status':
      metrics.count('StatusesUnmatched');
      log.info('status_of_unknown_message');
      return;
    case 'malformed':
      log.warn('event_malformed', { field });
      return;
    case 'event':
      metrics.count('EventsUnhandled');
      log.info('event_kept', { field });
      return;
  }
}
