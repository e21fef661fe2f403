import { marshall } from '@aws-sdk/util-dynamodb';
import type { KeptEvent } from '#app/ports/conversation-store.ts';
import { boundedText } from './bounded-text.ts';
import { toJsonText } from './json-text.ts';
import { keptEventKey } from './keys.ts';
import { EVENT_KEPT_DAYS, expiresAtSeconds } from './retention.ts';
import { type Item, RECORD_VERSION } from './stored-record.ts';

/** An event that nobody handles. The same one, handed over again, overwrites itself. It fits an item. */
export function writeKeptEvent(event: KeptEvent): Item {
  const payload = toJsonText(event.payload);
  const content = `${event.kind} ${event.field} ${payload}`;
  return {
    ...keptEventKey(event.accountId, event.receivedAtMs, content),
    ...marshall(
      {
        v: RECORD_VERSION,
        kind: event.kind,
        field: boundedText(event.field, 256),
        accountId: event.accountId && boundedText(event.accountId, 256),
        phoneNumberId: event.phoneNumberId,
        payload,
        receivedAt: event.receivedAtMs,
        correlationId: boundedText(event.correlationId, 128),
        expiresAt: expiresAtSeconds({ nowMs: event.receivedAtMs, keptDays: EVENT_KEPT_DAYS }),
      },
      { removeUndefinedValues: true },
    ),
  };
}
