import { marshall } from '@aws-sdk/util-dynamodb';
import { type PhoneNumberId, parseTenantId, type TenantId } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { routeKey, tenantKey } from './keys.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';

const STATUSES: readonly Tenant['status'][] = ['active', 'suspended'];

/** The item `TENANT#<id> / CONFIG`, ready for a put. */
export function writeTenantRecord(tenant: Tenant): Item {
  const { id, name, status, instructions, model, fallbackText } = tenant;
  return {
    ...tenantKey(id),
    ...marshall(
      {
        v: RECORD_VERSION,
        tenantId: id,
        name,
        status,
        instructions,
        model,
        fallbackText,
      },
      { removeUndefinedValues: true },
    ),
  };
}

/** The item `PHONE#<phone number id> / ROUTE`, ready for a put. */
export function writeRouteRecord(route: {
  readonly phoneNumberId: PhoneNumberId;
  readonly tenantId: TenantId;
}): Item {
  return { ...routeKey(route.phoneNumberId), ...marshall({ v: RECORD_VERSION, ...route }) };
}

/** @throws StoredRecordError naming the attribute that is missing or wrong */
export function readTenantRecord(item: Item): Tenant {
  const record = new StoredRecord(item);
  const { tenantId, status } = record.fields;
  const fallbackText = record.text('fallbackText');
  return {
    id: record.required('tenantId', parseTenantId(tenantId)),
    name: record.text('name'),
    status: record.required(
      'status',
      STATUSES.find((each) => each === status),
    ),
    instructions: record.text('instructions'),
    model: record.optionalText('model'),
    // Meta refuses a blank text, and a customer would be left without any answer.
    fallbackText: record.required('fallbackText', fallbackText.trim() ? fallbackText : undefined),
  };
}

/** @throws StoredRecordError */
export function readRouteRecord(item: Item): TenantId {
  const record = new StoredRecord(item);
  return record.required('tenantId', parseTenantId(record.fields['tenantId']));
}
