import type { ChatHead } from '#domain/conversation/head.ts';
import type { MessageKey, StoredInbound } from '#domain/conversation/message.ts';
import type { Failure } from '#domain/failure.ts';
import { contentTypeOf, isImage, isReadable } from '#domain/media/content-type.ts';
import { MOST_BYTES, ROOM_OF_A_DOCUMENT } from '#domain/media/limits.ts';
import { type Medium, mediumOf } from '#domain/media/medium.ts';
import type { KeptObject, MediaReading, UnreadReason } from '#domain/media/reading.ts';
import { type MicroUsd, NO_MONEY } from '#domain/money/micro-usd.ts';
import { DEFAULT_RETENTION_DAYS } from '#domain/tenant/retention.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type FetchMediumDeps, fetchMedium } from './fetch-medium.ts';
import type { Clock } from './ports/clock.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Log } from './ports/log.ts';
import type { MediaStore } from './ports/media-store.ts';
import type { Metrics } from './ports/metrics.ts';
import { type ReadWordsDeps, readWords } from './read-words.ts';
import type { Place, Room } from './room.ts';

export interface ReadMediumDeps extends ReadWordsDeps, FetchMediumDeps {
  readonly store: ConversationStore;
  readonly media: MediaStore;
  /** In bytes, for the files and images of all chats together. */
  readonly room: Room;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A file to see to. */
export interface MediumTask {
  readonly work: ChatWork;
  readonly tenant: Tenant;
  readonly head: ChatHead;
  readonly stored: StoredInbound;
  /** Whether the assistant is to know what is in it; else it is only kept. */
  readonly isRead: boolean;
  /** It has been tried for long enough: what cannot be had now is gone without. */
  readonly isLast: boolean;
  readonly endsAtMs: number;
}

export type ReadOne =
  | {
      readonly kind: 'done';
      readonly key: MessageKey;
      readonly reading: MediaReading;
      readonly cost: MicroUsd;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Another worker was faster, or the message is erased. */
  | { readonly kind: 'overtaken' };

/** A process that dies in a reading must not pay for it again and again. */
const MOST_TRIES = 3;

/** Other chats' files take all of the memory: this one's turn comes. */
const NO_ROOM: Failure = { class: 'retry', code: 'media:no-room' };

/**
 * 0. The process has room for it, whatever other chats have just sent.
 * 1. Fetched, unless that was done before. What can never be had is noted as such.
 * 2. Told by its bytes what it is, kept, and noted on the message before anything is paid.
 * 3. Read, if it has words; noted again.
 */
export async function readMedium(task: MediumTask, deps: ReadMediumDeps): Promise<ReadOne> {
  const medium = mediumOf(task.stored.message);
  if (!medium) return { kind: 'overtaken' };
  const place = await deps.room.enter(roomOf(medium), task.endsAtMs - deps.clock.now());
  if (!place) return { kind: 'failed', failure: NO_ROOM };
  try {
    return await readInPlace(task, medium, place, deps);
  } finally {
    place.leave();
  }
}

function roomOf({ kind }: Medium): number {
  return kind === 'document' ? ROOM_OF_A_DOCUMENT : MOST_BYTES[kind];
}

async function readInPlace(
  task: MediumTask,
  medium: Medium,
  place: Place,
  deps: ReadMediumDeps,
): Promise<ReadOne> {
  const { stored } = task;
  if (stored.reading?.kind === 'begun') return goOn(task, medium, stored.reading, deps);
  const got = await fetchMedium(task, medium, deps);
  if (got.kind !== 'fetched') {
    return got.kind === 'unread' ? note(task, unread(got.why), NO_MONEY, deps) : got;
  }
  if (contentTypeOf(got.bytes) !== 'application/pdf') place.shrink(got.bytes.length);
  const { tenantId, chat } = placeOf(task);
  const object = await deps.media.put({
    tenantId,
    chat,
    message: stored.key,
    bytes: got.bytes,
    type: contentTypeOf(got.bytes),
    keptDays: task.tenant.retentionDays ?? DEFAULT_RETENTION_DAYS,
  });
  deps.metrics.count('MediaKept');
  const first = firstReading(task, medium, object);
  const noted = await note(task, first, NO_MONEY, deps);
  if (noted.kind !== 'done' || first.kind !== 'begun' || !task.isRead) return noted;
  return finish(task, medium, { object, bytes: got.bytes, before: first }, deps);
}

/** What is known once it is kept: an image is for the model's own eyes, words have to be found first. */
function firstReading(
  { tenant, isRead }: MediumTask,
  medium: Medium,
  object: KeptObject,
): MediaReading {
  const { kind, isAnimated } = medium;
  const { type } = object;
  const reads = {
    image: 'images',
    sticker: 'images',
    audio: 'audio',
    document: 'documents',
  } as const;
  if (kind === 'video' || !isReadable(kind, type) || isAnimated)
    return unread('unsupported', object);
  if (!tenant.media[reads[kind]]) return unread('switched-off', object);
  if (isImage(type)) return { kind: 'image', object };
  return { kind: 'begun', object, tries: isRead ? 1 : 0 };
}

/** It is kept already: its reading is begun, or begun again. */
async function goOn(
  task: MediumTask,
  medium: Medium,
  before: Extract<MediaReading, { kind: 'begun' }>,
  deps: ReadMediumDeps,
): Promise<ReadOne> {
  const { object, tries } = before;
  if (!task.isRead) return { kind: 'done', key: task.stored.key, reading: before, cost: NO_MONEY };
  if (tries >= MOST_TRIES) return note(task, unread('unavailable', object), NO_MONEY, deps);
  const bytes = await deps.media.get(object.key);
  if (!bytes) return note(task, unread('gone', object), NO_MONEY, deps);
  const again = { ...before, tries: tries + 1 };
  const noted = await note(task, again, NO_MONEY, deps);
  return noted.kind === 'done'
    ? finish(task, medium, { object, bytes, before: again }, deps)
    : noted;
}

interface Begun {
  readonly object: KeptObject;
  readonly bytes: Uint8Array;
  readonly before: MediaReading;
}

async function finish(
  task: MediumTask,
  medium: Medium,
  { object, bytes, before }: Begun,
  deps: ReadMediumDeps,
): Promise<ReadOne> {
  const read = await readWords(task, medium, { object, bytes }, deps);
  if (read.kind === 'failed') {
    return task.isLast
      ? note(
          { ...task, stored: { ...task.stored, reading: before } },
          unread('unavailable', object),
          read.cost,
          deps,
        )
      : read;
  }
  const known = { ...task, stored: { ...task.stored, reading: before } };
  return note(known, read.reading, read.cost, deps);
}

/** Stores what is known now. What was kept of a message that is erased meanwhile goes with it. */
async function note(
  task: MediumTask,
  reading: MediaReading,
  cost: MicroUsd,
  { store, media, metrics }: ReadMediumDeps,
): Promise<ReadOne> {
  const { work, stored } = task;
  const change = { reading, before: stored.reading };
  const recorded = await store.recordReading(work.chat, stored.key, change);
  if (recorded === 'gone') await media.erase(placeOf(task));
  if (recorded !== 'recorded') return { kind: 'overtaken' };
  if (reading.kind === 'unread') metrics.count('MediaUnread');
  return { kind: 'done', key: stored.key, reading, cost };
}

function placeOf({ work, tenant, stored }: MediumTask) {
  return { tenantId: tenant.id, chat: work.chat, message: stored.key };
}

function unread(why: UnreadReason, object?: KeptObject): MediaReading {
  return { kind: 'unread', object, why };
}
