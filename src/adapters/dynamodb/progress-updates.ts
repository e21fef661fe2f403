import { marshall } from '@aws-sdk/util-dynamodb';
import pLimit from 'p-limit';
import type { MessageKey, Outcome } from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Chat, TurnId } from '#domain/ids.ts';
import { updateWhen } from './conditional-write.ts';
import { messageKey, parkedShardOf, unfinishedShardOf } from './keys.ts';
import { expiresAtSeconds, type Keeping } from './retention.ts';
import { PARALLEL_REQUESTS, type Table } from './table.ts';

/** What parking writes, and what takes a message up again removes. */
const PARKING = 'parkReason, parkClass, parkPeer, parkCode, parkAttempts';

/** The item is there (an update would else create it) and nobody finished it before. */
const OPEN_MESSAGE = 'attribute_exists(pk) AND attribute_not_exists(outcome)';

/** Takes messages out of the sparse index for good; the first outcome stays. */
export async function finishMessages(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  {
    outcome,
    turnId,
    ...kept
  }: Keeping & {
    readonly outcome: Outcome;
    readonly turnId: TurnId | undefined;
  },
): Promise<void> {
  await forEachKey(keys, (key) =>
    updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: `SET outcome = :outcome, expiresAt = :expires${turnId ? ', turnId = :turn' : ''} REMOVE unfinishedShard, ${PARKING}`,
      ConditionExpression: OPEN_MESSAGE,
      ExpressionAttributeValues: {
        ':outcome': { S: outcome },
        ':expires': { N: String(expiresAtSeconds(kept)) },
        ...(turnId ? { ':turn': { S: turnId } } : {}),
      },
    }),
  );
}

/** Puts messages among the parked ones of the sparse index, where the operator finds them. */
export async function parkMessages(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  parking: Parking,
): Promise<void> {
  await forEachKey(keys, (key) =>
    updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression:
        'SET parkReason = :reason, parkClass = :class, parkPeer = :peer, parkCode = :code, parkAttempts = :attempts, unfinishedShard = :parked',
      ConditionExpression: OPEN_MESSAGE,
      ExpressionAttributeValues: marshall({
        ':reason': parking.reason,
        ':class': parking.class,
        ':peer': parking.peer,
        ':code': parking.code,
        ':attempts': parking.attempts,
        ':parked': parkedShardOf(chat),
      }),
    }),
  );
}

/** Puts parked messages back among the unfinished ones; rings and waiting count from now on. */
export async function resumeMessages(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  nowMs: number,
): Promise<void> {
  await forEachKey(keys, (key) =>
    updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: `SET unfinishedShard = :unfinished, resumedAt = :now REMOVE ${PARKING}, rings, rungAt`,
      ConditionExpression: `${OPEN_MESSAGE} AND attribute_exists(parkReason)`,
      ExpressionAttributeValues: {
        ':unfinished': { S: unfinishedShardOf(chat) },
        ':now': { N: String(nowMs) },
      },
    }),
  );
}

/**
 * Outcomes that are not for good: the message may come back to this chat, and the stamp says as of which
 * version of the head it did.
 */
const RETURNS = {
  moved: 'takenBack',
  'handed-over': 'takenUp',
} as const satisfies Partial<Record<Outcome, string>>;

type Away = keyof typeof RETURNS;

/** Finishes messages with an outcome of `RETURNS`, unless they came back under a later version of the head. */
export async function sendAway(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  { outcome, version, ...kept }: Keeping & { readonly outcome: Away; readonly version: number },
): Promise<void> {
  const stamp = RETURNS[outcome];
  await forEachKey(keys, (key) =>
    updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: `SET outcome = :away, expiresAt = :expires REMOVE unfinishedShard, ${PARKING}`,
      ConditionExpression: `${OPEN_MESSAGE} AND (attribute_not_exists(${stamp}) OR ${stamp} <= :version)`,
      ExpressionAttributeValues: {
        ':away': { S: outcome },
        ':version': { N: String(version) },
        ':expires': { N: String(expiresAtSeconds(kept)) },
      },
    }),
  );
}

/**
 * Puts messages with that outcome back among the unfinished ones; any other outcome stays. One that is only
 * about to get it is marked, so that it does not. With `nowMs` their customer's wait, and the sweeper's, count
 * from then on; in their order, as if they had just been accepted one after the other.
 */
export async function bringBack(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  change: { readonly outcome: Away; readonly version: number; readonly nowMs?: number },
): Promise<void> {
  const { outcome, version, nowMs } = change;
  const stamp = RETURNS[outcome];
  const stamped = { ':version': { N: String(version) } };
  const anew = nowMs === undefined ? '' : 'acceptedAt = :now, resumedAt = :now, ';
  await forEachKey(keys, async (key) => {
    const written = await updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: `SET unfinishedShard = :unfinished, ${anew}${stamp} = :version REMOVE outcome, turnId, rings, rungAt`,
      ConditionExpression: 'outcome = :away',
      ExpressionAttributeValues: {
        ...stamped,
        ':away': { S: outcome },
        ':unfinished': { S: unfinishedShardOf(chat) },
        ...(nowMs !== undefined && { ':now': { N: String(nowMs + keys.indexOf(key)) } }),
      },
    });
    if (written === 'written') return;
    await updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: `SET ${stamp} = :version`,
      ConditionExpression: OPEN_MESSAGE,
      ExpressionAttributeValues: stamped,
    });
  });
}

async function forEachKey(
  keys: readonly MessageKey[],
  update: (key: MessageKey) => Promise<unknown>,
): Promise<void> {
  const limit = pLimit(PARALLEL_REQUESTS);
  await Promise.all([...new Set(keys)].map((key) => limit(() => update(key))));
}
