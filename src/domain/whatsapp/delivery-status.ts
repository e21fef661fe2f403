import { type PartReference, readCallbackData } from '#domain/conversation/callback-data.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import { readTimestamp } from './inbound-message.ts';

/** Ranks of Meta's delivery states; they arrive in any order and some are skipped. */
const DELIVERY_RANKS = ['sent', 'delivered', 'read', 'played'] as const;
export type DeliveryRank = (typeof DELIVERY_RANKS)[number];

/** One status webhook about one of our bubbles. */
export interface DeliveryStatus {
  readonly reference: PartReference;
  readonly wamid: string;
  /** Meta's word; a rank, `failed`, or one that nobody knows yet. */
  readonly status: string;
  readonly atMs: number;
  /** Error code of `failed`. */
  readonly errorCode: number | undefined;
  /** Meta's `pricing`, kept as sent; it comes with only some of the statuses. */
  readonly pricing: JsonObject | undefined;
}

/** @returns undefined for a status of a message that this concierge did not send */
export function readDeliveryStatus(payload: unknown): DeliveryStatus | undefined {
  if (!isObject(payload)) return undefined;
  const reference = readCallbackData(payload['biz_opaque_callback_data']);
  const wamid = textAt(payload, 'id');
  const status = textAt(payload, 'status');
  const atMs = readTimestamp(payload['timestamp']);
  if (!reference || !wamid || !status || atMs === undefined) return undefined;
  const error = listAt(payload, 'errors').find(isObject);
  return {
    reference,
    wamid,
    status,
    atMs,
    errorCode: error && numberAt(error, 'code'),
    pricing: objectAt(payload, 'pricing'),
  };
}

/** Whether a state tells that the bubble has arrived: `delivered` is left out where the chat was open. */
export function isArrival(status: string): boolean {
  return isDeliveryRank(status) && status !== 'sent';
}

export function isDeliveryRank(status: string): status is DeliveryRank {
  return DELIVERY_RANKS.some((rank) => rank === status);
}
