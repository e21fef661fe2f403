import { marshall } from '@aws-sdk/util-dynamodb';
import type { OwnApp } from '#app/ports/app-directory.ts';
import { type AppId, parseTenantId } from '#domain/ids.ts';
import { appKey } from './keys.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';

/** The item `APP#<app> / OWNER`, ready for a put. */
export function writeOwnAppRecord(app: AppId, { tenantId, accountIds }: OwnApp): Item {
  return { ...appKey(app), ...marshall({ v: RECORD_VERSION, tenantId, accountIds }) };
}

/** @throws StoredRecordError */
export function readOwnAppRecord(item: Item): OwnApp {
  const record = new StoredRecord(item);
  const { tenantId, accountIds } = record.fields;
  return {
    tenantId: record.required('tenantId', parseTenantId(tenantId)),
    accountIds: record.required('accountIds', readTexts(accountIds)),
  };
}

function readTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
    ? value
    : undefined;
}
