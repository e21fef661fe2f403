import { marshall } from '@aws-sdk/util-dynamodb';
import type { ActionEnd, OperatorAction } from '#app/ports/audit-trail.ts';
import { parseTenantId } from '#domain/ids.ts';
import { listAt } from '#domain/json.ts';
import { auditKey } from './keys.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';

/** How long an entry is kept: a year, and time to look back at it. */
const AUDIT_RETENTION_DAYS = 400;
const DAY_MS = 86_400_000;

/** The entry `AUDIT#<tenant> / AT#<begun>#<id>#begun`. */
export function writeBegun(action: OperatorAction): Item {
  const { id, beganAtMs, by, command, tenant, subject, options, fields } = action;
  return entry(action, 'begun', {
    id,
    beganAt: beganAtMs,
    arn: by.arn,
    claimedUser: by.claimedUser,
    command,
    tenantId: tenant,
    subject,
    options,
    fields,
  });
}

/** The entry that lies beside it once the command has ended. */
export function writeEnded(action: OperatorAction, end: ActionEnd): Item {
  const { endedAtMs, outcome, error, changed, chats } = end;
  const { id } = action;
  return entry(action, 'ended', { id, endedAt: endedAtMs, outcome, error, changed, chats });
}

function entry(
  action: OperatorAction,
  phase: 'begun' | 'ended',
  facts: Readonly<Record<string, unknown>>,
): Item {
  const expiresAt = Math.floor((action.beganAtMs + AUDIT_RETENTION_DAYS * DAY_MS) / 1000);
  return {
    ...auditKey(action, phase),
    ...marshall({ v: RECORD_VERSION, ...facts, expiresAt }, { removeUndefinedValues: true }),
  };
}

/** One entry of either kind, and the id of the action that it is of. */
export type AuditEntry =
  | { readonly id: string; readonly begun: OperatorAction }
  | { readonly id: string; readonly ended: ActionEnd };

/** @throws StoredRecordError */
export function readAuditEntry(item: Item): AuditEntry {
  const record = new StoredRecord(item);
  const id = record.text('id');
  return record.text('sk').endsWith('#ended')
    ? { id, ended: readEnded(record) }
    : { id, begun: readBegun(id, record) };
}

function readBegun(id: string, record: StoredRecord): OperatorAction {
  return {
    id,
    beganAtMs: record.number('beganAt'),
    by: { arn: record.text('arn'), claimedUser: record.optionalText('claimedUser') },
    command: record.text('command'),
    tenant: parseTenantId(record.fields['tenantId']),
    subject: record.optionalText('subject'),
    options: textsOf(record, 'options'),
    fields: textsOf(record, 'fields'),
  };
}

function readEnded(record: StoredRecord): ActionEnd {
  const { outcome } = record.fields;
  return {
    endedAtMs: record.number('endedAt'),
    outcome: record.required(
      'outcome',
      OUTCOMES.find((each) => each === outcome),
    ),
    error: record.optionalText('error'),
    changed: textsOf(record, 'changed'),
    chats: textsOf(record, 'chats'),
  };
}

const OUTCOMES: readonly ActionEnd['outcome'][] = ['done', 'incomplete', 'failed'];

function textsOf(record: StoredRecord, name: string): readonly string[] {
  return listAt(record.fields, name).filter((each) => typeof each === 'string');
}
