import type { FollowUp } from '#domain/conversation/message.ts';
import { outboundKey } from '#domain/conversation/message.ts';
import { costOfPricing } from '#domain/money/bubble-cost.ts';
import {
  type DeliveryStatus,
  isDeliveryRank,
  readDeliveryStatus,
} from '#domain/whatsapp/delivery-status.ts';
import { readUserPreferences } from '#domain/whatsapp/user-preference.ts';
import type { Clock } from './ports/clock.ts';
import type { DeliveryLog, MergedDelivery } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { PreferenceLog } from './ports/preference-log.ts';
import type { Pseudonyms } from './ports/pseudonyms.ts';
import type { ChatBell, EventEnvelope } from './ports/queues.ts';
import type { SpendLedger } from './ports/spend-ledger.ts';
import type { TenantDirectory } from './ports/tenant-directory.ts';
import { spenderOf } from './spender-of.ts';
import { areEchoesTaken, type TakeEchoesDeps } from './take-echoes.ts';

export interface RecordEventDeps extends TakeEchoesDeps {
  readonly deliveries: DeliveryLog;
  readonly preferences: PreferenceLog;
  readonly tenants: TenantDirectory;
  readonly ledger: SpendLedger;
  /** The stage's limit, by which a tenant's writes to the ledger are spread. */
  readonly turnsPerMinute: number | undefined;
  readonly bell: ChatBell;
  readonly pseudonyms: Pseudonyms;
  /** What a delivery that failed with this error code leads to; undefined: it is only recorded. */
  readonly followUpOf: (errorCode: number | undefined) => FollowUp | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Takes in whatever Meta reports that is not a customer's message: a status of one of our bubbles is
 * merged into it, and one that failed is followed up; what a contact chose of marketing is kept
 * beside their chat's head; what somebody typed on the business's phone goes into the chat's inbox;
 * everything else is counted and kept as it came.
 */
export async function recordEvent(envelope: EventEnvelope, deps: RecordEventDeps): Promise<void> {
  const status = envelope.kind === 'status' ? readDeliveryStatus(envelope.payload) : undefined;
  if (status && isOfItsNumber(status, envelope)) {
    const merged = await mergeAndCharge(status, deps);
    if (merged.kind === 'gone') {
      deps.metrics.count('StatusesUnmatched');
      deps.log.info('status_of_erased_chat', { turnId: status.reference.turnId });
      return;
    }
    countMerged(status, merged, deps);
    if (status.status === 'failed') await afterFailedDelivery(status, envelope, deps);
    return;
  }
  if (await isPreferenceRecorded(envelope, deps)) return;
  if (await areEchoesTaken(envelope, deps)) return;
  await deps.deliveries.keepEvent(envelope);
  countUnhandled(envelope, deps);
}

/** @returns false for what is no preference, or none that can be read whole */
async function isPreferenceRecorded(
  { kind, field, phoneNumberId, payload }: EventEnvelope,
  deps: RecordEventDeps,
): Promise<boolean> {
  if (kind !== 'event' || field !== 'user_preferences' || !phoneNumberId) return false;
  const preferences = readUserPreferences(payload);
  if (!preferences) return false;
  for (const { contact, choice } of preferences) {
    const isNew = await deps.preferences.recordPreference({ phoneNumberId, contact }, choice);
    deps.log.info('preference_recorded', { kind: choice.kind, isNew });
  }
  return true;
}

/**
 * Meta tells the price of a bubble several times: what it costs is counted with the status that tells it
 * first. The tenant is looked up before, since afterwards no other try would be the first.
 */
async function mergeAndCharge(
  status: DeliveryStatus,
  { deliveries, tenants, ledger, turnsPerMinute, clock, log, metrics }: RecordEventDeps,
): Promise<MergedDelivery> {
  const { reference, pricing } = status;
  const { chat } = reference;
  const tenant = pricing && (await tenants.findByPhoneNumber(chat.phoneNumberId));
  const nowMs = clock.now();
  const merged = await deliveries.mergeDelivery(status, nowMs);
  if (merged.kind === 'gone' || !merged.isFirstPrice || !pricing) return merged;
  const meta = costOfPricing(pricing, chat.contact);
  metrics.count('MetaCost', meta);
  if (tenant && tenant !== 'misconfigured') {
    const spender = spenderOf(tenant, chat, { turnsPerMinute });
    await ledger.add(spender, { meta }, Math.min(status.atMs, nowMs));
    log.info('price_told', { tenantId: tenant.id, cost: meta });
  } else log.warn('spend_not_counted', { kind: 'meta', amount: meta });
  return merged;
}

function countMerged(
  { status, errorCode, wamid, reference }: DeliveryStatus,
  { isFirst, isFirstArrival }: Extract<MergedDelivery, { readonly kind: 'merged' }>,
  { log, metrics, pseudonyms }: RecordEventDeps,
): void {
  metrics.count('StatusesMerged');
  if (isFirstArrival) metrics.count('BubblesDelivered');
  if (isFirst && status === 'read') metrics.count('BubblesRead');
  const isKnown = isDeliveryRank(status) || status === 'failed';
  log.info('status_merged', {
    status: isKnown ? status : 'unknown',
    code: errorCode,
    chat: pseudonyms.ofChat(reference.chat),
    turnId: reference.turnId,
    part: reference.part,
    bubbleId: pseudonyms.ofWamid(wamid),
  });
}

/**
 * First into the sparse index, where the sweeper sees it, then the bell: a ring that is lost delays the
 * follow-up and no more, so an unwell queue is no reason to take the status in again.
 */
async function afterFailedDelivery(
  status: DeliveryStatus,
  { correlationId }: EventEnvelope,
  { deliveries, bell, followUpOf, clock, metrics }: RecordEventDeps,
): Promise<void> {
  metrics.count('DeliveriesFailed');
  const followUp = followUpOf(status.errorCode);
  if (!followUp) return;
  const nowMs = clock.now();
  const isNew = await deliveries.requestFollowUp(status, followUp, { nowMs, correlationId });
  if (!isNew || followUp === 'send-later') return;
  const { chat, turnId, part } = status.reference;
  const messageKey = outboundKey(turnId, part);
  await bell.ring([{ chat, messageKey, number: nowMs, correlationId }]);
}

/** Whoever sends from a number chooses the reference that comes back: it may only speak of that number. */
function isOfItsNumber({ reference }: DeliveryStatus, { phoneNumberId }: EventEnvelope): boolean {
  return reference.chat.phoneNumberId === phoneNumberId;
}

/** Meta's words for fields are such; what is not may be anybody's words, and stays out of the log. */
function fieldForLog(field: string): string {
  return /^[a-z_]{1,64}$/.test(field) ? field : 'unknown';
}

function countUnhandled(envelope: EventEnvelope, { log, metrics }: RecordEventDeps): void {
  const field = fieldForLog(envelope.field);
  switch (envelope.kind) {
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
