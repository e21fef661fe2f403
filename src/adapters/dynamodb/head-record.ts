import { marshall } from '@aws-sdk/util-dynamodb';
import { CHAT_STATES } from '#domain/conversation/hand-over.ts';
import { type ChatHead, type Erasure, FLAGS } from '#domain/conversation/head.ts';
import {
  type Chat,
  type ContactId,
  parseContactId,
  parseTenantId,
  type TenantId,
} from '#domain/ids.ts';
import { type JsonObject, numberAt } from '#domain/json.ts';
import { readChoice } from './choice-record.ts';
import { readUsage, writeUsage } from './contact-usage-record.ts';
import { readHandOver } from './handover-record.ts';
import { headKey } from './keys.ts';
import { readOpenTurn } from './open-turn-record.ts';
import { expiresAtSeconds, headKeeping, type Keeping } from './retention.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';

export interface HeadWrite extends Keeping {
  readonly id: string;
  /** Of a tombstone whose erasure is under way: the contact's other ids, and whose the chat was. */
  readonly erasing?: { readonly linked: readonly ContactId[]; readonly tenant: TenantId };
}

/**
 * The head as an item. With a tenant it is also in the index `byTenant` (tenantId, lastMessageAt), unless
 * the contact has moved on to another chat: that one is listed, and here the tenant has another name.
 * `writeId` tells this very write from another one of the same version.
 */
export function writeHead(chat: Chat, head: ChatHead, write: HeadWrite): Item {
  return {
    ...headKey(chat),
    ...marshall(
      {
        v: versionOf(head),
        version: head.version,
        writeId: write.id,
        [head.movedTo === undefined ? 'tenantId' : 'unlistedTenantId']: head.tenantId,
        tenantSince: head.tenantSinceMs,
        state: head.state,
        handOver: head.handOver,
        failures: head.failures || undefined,
        flag: head.flag,
        openTurn: head.openTurn,
        lastMessageAt: head.lastMessageAtMs,
        movedTo: head.movedTo,
        movedAt: head.movedAtMs,
        phone: head.phone,
        formerly: head.formerly,
        asked: head.asked || undefined,
        apologisedAt: head.apologisedAtMs,
        pairPaidUpTo: head.pairPaidUpToMs,
        usage: writeUsage(head.usage),
        language: head.language,
        tokenRatio: head.tokenRatio,
        replies: head.replies,
        erasedAt: head.erasure?.atMs,
        erasedVersion: head.erasure?.version,
        erasing: write.erasing?.linked,
        erasingTenant: write.erasing?.tenant,
        savedAt: write.nowMs,
        expiresAt: expiresAtSeconds(headKeeping(head, write)),
      },
      { removeUndefinedValues: true },
    ),
  };
}

/**
 * A head is written as a whole by whoever read it, so a release that knows nothing of opt-outs and erasures
 * would drop them. It refuses this version instead, and the chat waits for the release that wrote it.
 */
const VERSION_OF_WISHES = 2;
/** Likewise, of hand-overs, and turns that offer choices, or forget something once they are closed. */
const VERSION_OF_ANSWERS = 3;

function versionOf({ replies, erasure, openTurn, handOver }: ChatHead): number {
  const isRich = openTurn?.parts.some(({ choices, quotes }) => choices ?? quotes);
  const isRepeatOfPerson = openTurn?.repeats?.author !== undefined;
  if (isRich || openTurn?.forgets.length) return VERSION_OF_ANSWERS;
  if (handOver || isRepeatOfPerson) return VERSION_OF_ANSWERS;
  const isNewKind = openTurn?.kind === 'notice' || openTurn?.kind === 'limit';
  return replies || erasure || isNewKind ? VERSION_OF_WISHES : RECORD_VERSION;
}

/** @throws StoredRecordError */
export function readHead(item: Item): ChatHead {
  const record = new StoredRecord(item, [RECORD_VERSION, VERSION_OF_WISHES, VERSION_OF_ANSWERS]);
  const { state, flag, openTurn, tenantId, unlistedTenantId } = record.fields;
  return {
    version: record.number('version'),
    tenantId: parseTenantId(tenantId ?? unlistedTenantId),
    tenantSinceMs: record.optionalNumber('tenantSince'),
    state: record.required(
      'state',
      CHAT_STATES.find((each) => each === state),
    ),
    handOver: readHandOver(record.fields['handOver']),
    failures: record.optionalNumber('failures') ?? 0,
    flag: FLAGS.find((each) => each === flag),
    openTurn:
      openTurn === undefined ? undefined : record.required('openTurn', readOpenTurn(openTurn)),
    lastMessageAtMs: record.number('lastMessageAt'),
    movedTo: parseContactId(record.fields['movedTo']),
    movedAtMs: record.number('movedAt'),
    phone: parseContactId(record.fields['phone']),
    formerly: parseContactId(record.fields['formerly']),
    asked: record.optionalNumber('asked') ?? 0,
    apologisedAtMs: record.optionalNumber('apologisedAt'),
    pairPaidUpToMs: record.optionalNumber('pairPaidUpTo') ?? 0,
    usage: readUsage(record.fields['usage']),
    language: record.optionalText('language'),
    tokenRatio: record.optionalNumber('tokenRatio'),
    replies: readChoice(record.fields['replies']),
    erasure: readErasure(record.fields),
  };
}

/** Also of a head that cannot be read otherwise. */
export function readErasure(fields: JsonObject): Erasure | undefined {
  const atMs = numberAt(fields, 'erasedAt');
  const version = numberAt(fields, 'erasedVersion');
  return atMs === undefined || version === undefined ? undefined : { atMs, version };
}
