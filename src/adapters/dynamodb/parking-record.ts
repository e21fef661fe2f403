import { PARK_PEERS, PARK_REASONS, type Parking } from '#domain/conversation/parking.ts';
import { type JsonObject, numberAt, textAt } from '#domain/json.ts';

/** The `park…` attributes of a message, or of what the sparse index shows of it; undefined where it is not parked. */
export function readParking(fields: JsonObject): Parking | undefined {
  const reason = PARK_REASONS.find((each) => each === fields['parkReason']);
  if (!reason) return undefined;
  return {
    reason,
    class: fields['parkClass'] === 'bug' ? 'bug' : 'fix-needed',
    peer: PARK_PEERS.find((each) => each === fields['parkPeer']) ?? 'concierge',
    // Messages that were parked before these attributes were written have none.
    code: textAt(fields, 'parkCode') ?? reason,
    attempts: numberAt(fields, 'parkAttempts') ?? 0,
  };
}
