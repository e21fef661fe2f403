import type { BusinessNotice, Job, NoticeKind } from '#app/ports/jobs.ts';
import { chatKey, parseChatKey, parseTenantId } from '#domain/ids.ts';
import { isObject, type JsonObject, listAt, numberAt, textAt, valueAt } from '#domain/json.ts';
import { readBody, writeBody } from './json-body.ts';

/** A job as it lies in the jobs queue. */
export function writeJobBody(job: Job): string {
  switch (job.kind) {
    case 'memory': {
      const { kind, chat, headVersion, correlationId } = job;
      return writeBody({ kind, chat: chatKey(chat), headVersion, correlationId });
    }
    case 'notice':
      return writeBody({ kind: job.kind, notice: writeNotice(job.notice) });
  }
}

/** `malformed` for a body that no version up to this one wrote. */
export function readJobBody(text: string): Job | 'malformed' {
  const body = readBody(text);
  switch (body?.['kind']) {
    case 'memory':
      return readMemoryJob(body);
    case 'notice': {
      const notice = readNotice(valueAt(body, 'notice'));
      return notice ? { kind: 'notice', notice } : 'malformed';
    }
    default:
      return 'malformed';
  }
}

function readMemoryJob(body: JsonObject): Job | 'malformed' {
  const chat = parseChatKey(textAt(body, 'chat') ?? '');
  const headVersion = numberAt(body, 'headVersion');
  if (!chat || headVersion === undefined) return 'malformed';
  return { kind: 'memory', chat, headVersion, correlationId: textAt(body, 'correlationId') ?? '' };
}

function writeNotice(notice: BusinessNotice): JsonObject {
  const { id, tenantId, chat, kind, atMs, messageKeys, reason, correlationId } = notice;
  return { id, tenantId, chat: chatKey(chat), kind, atMs, messageKeys, reason, correlationId };
}

const NOTICE_KINDS: readonly NoticeKind[] = [
  'chat.taken',
  'chat.released',
  'message.kept',
  'hand-over.requested',
];

function readNotice(value: unknown): BusinessNotice | undefined {
  if (!isObject(value)) return undefined;
  const id = textAt(value, 'id');
  const tenantId = parseTenantId(value['tenantId']);
  const chat = parseChatKey(textAt(value, 'chat') ?? '');
  const kind = NOTICE_KINDS.find((each) => each === value['kind']);
  const atMs = numberAt(value, 'atMs');
  if (!id || !tenantId || !chat || !kind || atMs === undefined) return undefined;
  return {
    id,
    tenantId,
    chat,
    kind,
    atMs,
    messageKeys: listAt(value, 'messageKeys').filter((key) => typeof key === 'string'),
    reason: textAt(value, 'reason'),
    correlationId: textAt(value, 'correlationId') ?? '',
  };
}
