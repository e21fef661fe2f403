import {
  inboundKey,
  type Progress,
  type StoredMessage,
  type StoredOutbound,
} from '#domain/conversation/message.ts';
import { type CanaryWebhook, canaryWebhook } from '#domain/whatsapp/canary-webhook.ts';
import type { Clock, Pauses } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log, LogFields } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import { type SecretSource, SecretUnavailableError } from './ports/secret-source.ts';
import type { WebhookDoor } from './ports/webhook-door.ts';

export interface RunCanaryDeps {
  readonly secrets: Pick<SecretSource, 'platform'>;
  readonly door: WebhookDoor;
  readonly store: Pick<ConversationStore, 'readRecent'>;
  readonly clock: Clock;
  readonly pauses: Pauses;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Where the message of the canary got to, on its way:
 * - `not-set-up`: the platform has no secret yet, so nobody can be answered, and nobody expects it
 * - `not-signed`: the platform's secret cannot be read
 * - `unreachable`, `refused`: the webhook did not say 200
 * - `not-seen`: the table could not be read
 * - `not-stored`: the webhook said 200 and the message is not there
 * - `not-answered`: it is there, and unfinished
 * - `parked`, `not-by-the-model`: it was given up, or got a set text in place of an answer
 * - `not-recorded`: it is answered, and there is no bubble
 */
type Station =
  | 'answered'
  | 'not-set-up'
  | 'not-signed'
  | 'unreachable'
  | 'refused'
  | 'not-seen'
  | 'not-stored'
  | 'not-answered'
  | 'parked'
  | 'not-by-the-model'
  | 'not-recorded';

interface Reached {
  readonly station: Station;
  /** Looking again changes nothing. */
  readonly isFinal: boolean;
  readonly fields?: LogFields;
  readonly error?: unknown;
}

/** The function's own time is a little longer. */
const LONGEST_MS = 50_000;
const LONGEST_POST_MS = 12_000;
const LOOK_AGAIN_AFTER_MS = 1_000;

/**
 * Sends our own webhook a signed message of a customer who does not exist, and sees whether it is answered,
 * by the model, within the time. Nothing is sent to anybody: see `answer-canary.ts`.
 */
export async function runCanary(deps: RunCanaryDeps): Promise<void> {
  const { clock, log, metrics } = deps;
  const startedMs = clock.now();
  const { station, fields, error } = await check(startedMs, deps);
  const ms = clock.now() - startedMs;
  const isFailure = station !== 'answered' && station !== 'not-set-up';
  // Also where all is well, since an alarm takes silence for a failure.
  metrics.count('CanaryFailures', isFailure ? 1 : 0);
  if (station === 'not-set-up') {
    log.warn('canary_not_set_up', fields);
    return;
  }
  metrics.count('CanaryRuns');
  if (isFailure) {
    log.error('canary_failed', { station, ms, ...fields }, error);
    return;
  }
  metrics.duration('CanaryTime', ms);
  log.info('canary_answered', { ms, ...fields });
}

async function check(startedMs: number, deps: RunCanaryDeps): Promise<Reached> {
  const webhook = canaryWebhook(startedMs);
  const refused = await post(webhook, deps);
  if (refused) return refused;
  for (;;) {
    const reached = await look(webhook, deps);
    if (reached.isFinal || deps.clock.now() - startedMs >= LONGEST_MS) return reached;
    await deps.pauses.pause(LOOK_AGAIN_AFTER_MS, new AbortController().signal);
  }
}

/** @returns undefined where the webhook took it */
async function post(
  { body }: CanaryWebhook,
  { secrets, door }: RunCanaryDeps,
): Promise<Reached | undefined> {
  let appSecret: string | undefined;
  try {
    [appSecret = ''] = (await secrets.platform()).appSecrets;
  } catch (error) {
    const isEmpty = error instanceof SecretUnavailableError && error.isEmpty;
    return { station: isEmpty ? 'not-set-up' : 'not-signed', isFinal: true, error };
  }
  const knock = await door.post(JSON.stringify(body), { appSecret, timeoutMs: LONGEST_POST_MS });
  if (knock.kind === 'unreachable') {
    return { station: 'unreachable', isFinal: true, fields: { code: knock.code } };
  }
  if (knock.status === 200) return undefined;
  return { station: 'refused', isFinal: true, fields: { status: knock.status } };
}

async function look({ message }: CanaryWebhook, { store }: RunCanaryDeps): Promise<Reached> {
  try {
    const { messages } = await store.readRecent(message.chat, { limit: 5, keys: [] });
    return whereIs(inboundKey(message), messages);
  } catch (error) {
    return { station: 'not-seen', isFinal: false, error };
  }
}

function whereIs(key: string, messages: readonly StoredMessage[]): Reached {
  const found = messages.find((each) => each.key === key);
  if (found?.direction !== 'in') return { station: 'not-stored', isFinal: false };
  const bubbles = messages.filter((each) => each.direction === 'out');
  const { station, isFinal, fields } = whatBecame(found.progress, bubbles);
  // By which whoever looks finds it in the logs of ingest and processor.
  return { station, isFinal, fields: { ...fields, correlationId: found.correlationId } };
}

function whatBecame(progress: Progress, bubbles: readonly StoredOutbound[]): Reached {
  switch (progress.kind) {
    case 'unfinished':
      return { station: 'not-answered', isFinal: false };
    case 'parked': {
      const { reason, code } = progress.parking;
      return { station: 'parked', isFinal: true, fields: { reason, code } };
    }
    case 'finished': {
      const { outcome, turnId } = progress;
      if (outcome !== 'answered') {
        return { station: 'not-by-the-model', isFinal: true, fields: { outcome } };
      }
      const isSent = bubbles.some((each) => each.turnId === turnId && each.wamid !== undefined);
      // The message is finished, and its bubble recorded, side by side.
      return isSent
        ? { station: 'answered', isFinal: true }
        : { station: 'not-recorded', isFinal: false };
    }
  }
}
