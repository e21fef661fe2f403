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

const MOVED: Outcome = 'moved';

/** Finishes messages as moved, unless they were taken back under a later version of the head. */
export async function moveMessagesAway(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  { version, ...kept }: Keeping & { readonly version: number },
): Promise<void> {
  await forEachKey(keys, (key) =>
    updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: `SET outcome = :moved, expiresAt = :expires REMOVE unfinishedShard, ${PARKING}`,
      ConditionExpression: `${OPEN_MESSAGE} AND (attribute_not_exists(takenBack) OR takenBack <= :version)`,
      ExpressionAttributeValues: {
        ':moved': { S: MOVED },
        ':version': { N: String(version) },
        ':expires': { N: String(expiresAtSeconds(kept)) },
      },
    }),
  );
}

/**
 * Puts messages that had moved away back among the unfinished ones; any other outcome stays. One that is
 * only about to be moved away is marked, so that it is not.
 */
export async function takeMessagesBack(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  version: number,
): Promise<void> {
  const stamp = { ':version': { N: String(version) } };
  await forEachKey(keys, async (key) => {
    const written = await updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression:
        'SET unfinishedShard = :unfinished, takenBack = :version REMOVE outcome, turnId, rings, rungAt',
      ConditionExpression: 'outcome = :moved',
      ExpressionAttributeValues: {
        ...stamp,
        ':moved': { S: MOVED },
        ':unfinished': { S: unfinishedShardOf(chat) },
      },
    });
    if (written === 'written') return;
    await updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: 'SET takenBack = :version',
      ConditionExpression: OPEN_MESSAGE,
      ExpressionAttributeValues: stamp,
    });
  });
}

const HANDED_OVER: Outcome = 'handed-over';

/** Finishes messages as left to a person, unless they were taken up under a later version of the head. */
export async function leaveMessages(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  { version, ...kept }: Keeping & { readonly version: number },
): Promise<void> {
  await forEachKey(keys, (key) =>
    updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: `SET outcome = :handedOver, expiresAt = :expires REMOVE unfinishedShard, ${PARKING}`,
      ConditionExpression: `${OPEN_MESSAGE} AND (attribute_not_exists(takenUp) OR takenUp <= :version)`,
      ExpressionAttributeValues: {
        ':handedOver': { S: HANDED_OVER },
        ':version': { N: String(version) },
        ':expires': { N: String(expiresAtSeconds(kept)) },
      },
    }),
  );
}

/**
 * Puts messages that were left to a person back among the unfinished ones: nobody has answered them, and
 * their customer's wait, and the sweeper's, count from now on; in their order, as if they had just been
 * accepted one after the other. One that is only about to be left is marked, so that it is not.
 */
export async function takeMessagesUp(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
  { version, nowMs }: { readonly version: number; readonly nowMs: number },
): Promise<void> {
  const stamp = { ':version': { N: String(version) } };
  await forEachKey(keys, async (key) => {
    const written = await updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression:
        'SET unfinishedShard = :unfinished, acceptedAt = :now, resumedAt = :now, takenUp = :version REMOVE outcome, turnId, rings, rungAt',
      ConditionExpression: 'outcome = :handedOver',
      ExpressionAttributeValues: {
        ...stamp,
        ':handedOver': { S: HANDED_OVER },
        ':unfinished': { S: unfinishedShardOf(chat) },
        ':now': { N: String(nowMs + keys.indexOf(key)) },
      },
    });
    if (written === 'written') return;
    await updateWhen(table, {
      Key: messageKey(chat, key),
      UpdateExpression: 'SET takenUp = :version',
      ConditionExpression: OPEN_MESSAGE,
      ExpressionAttributeValues: stamp,
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
