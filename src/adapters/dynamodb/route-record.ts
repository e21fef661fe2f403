import { marshall } from '@aws-sdk/util-dynamodb';
import { type PhoneNumberId, parseTenantId, type TenantId } from '#domain/ids.ts';
import { routeKey } from './keys.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';

/** The item `PHONE#<phone number id> / ROUTE`, ready for a put. */
export function writeRouteRecord(route: {
  readonly phoneNumberId: PhoneNumberId;
  readonly tenantId: TenantId;
}): Item {
  return { ...routeKey(route.phoneNumberId), ...marshall({ v: RECORD_VERSION, ...route }) };
}

/** @throws StoredRecordError */
export function readRouteRecord(item: Item): TenantId {
  const record = new StoredRecord(item);
  return record.required('tenantId', parseTenantId(record.fields['tenantId']));
}
