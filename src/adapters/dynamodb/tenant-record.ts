import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { BusinessNumber, RegisteredTenant } from '#app/ports/tenant-register.ts';
import { type BurstWait, LONGEST_BURST_WAIT_MS } from '#domain/conversation/burst.ts';
import {
  type AppId,
  type PhoneNumberId,
  parseAppId,
  parsePhoneNumberId,
  parseTenantId,
  type TenantId,
} from '#domain/ids.ts';
import { isObject, numberAt, textAt } from '#domain/json.ts';
import type { OptOutSettings } from '#domain/tenant/opt-out.ts';
import { LEAST_RETENTION_DAYS, MOST_RETENTION_DAYS } from '#domain/tenant/retention.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { tenantKey } from './keys.ts';
import {
  type Item,
  NewerVersionError,
  RECORD_VERSION,
  StoredRecord,
  StoredRecordError,
} from './stored-record.ts';
import { readTenantHandOver } from './tenant-handover-record.ts';
import { readTenantHours } from './tenant-hours-record.ts';
import { readTenantIntegration, writeTenantIntegration } from './tenant-integration-record.ts';
import { readTenantManners, writeTenantManners } from './tenant-manners-record.ts';
import { readTenantMedia } from './tenant-media-record.ts';
import { readMemorySettings } from './tenant-memory-record.ts';
import { readTenantTerms, writeTenantTerms } from './tenant-terms-record.ts';

const STATUSES: readonly Tenant['status'][] = ['active', 'suspended'];

/** What the operator's book keeps beside the tenant; of it the functions read whose a number is. */
type Bookkeeping = Pick<RegisteredTenant, 'numbers' | 'revision'>;

/** The item `TENANT#<id> / CONFIG`, ready for a put. */
export function writeTenantRecord(
  tenant: Tenant,
  { numbers, revision }: Bookkeeping = { numbers: [], revision: 1 },
): Item {
  const { id, name, status, instructions, model, fallbackText, burstWait, app } = tenant;
  const { retentionDays, optOut, manners, media, memory, handOver, hours } = tenant;
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
        burstWait: burstWait.kind === 'fixed' ? burstWait.seconds : burstWait.kind,
        app,
        ...writeTenantTerms(tenant),
        retentionDays,
        ...optOut,
        ...writeTenantIntegration(tenant),
        handOver,
        hours,
        ...writeTenantManners(manners),
        media,
        memory,
        numbers,
        revision,
      },
      { removeUndefinedValues: true },
    ),
  };
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
    burstWait: record.required('burstWait', readBurstWait(record.fields['burstWait'])),
    app: readApp(record),
    ...readTenantTerms(record),
    retentionDays: readRetention(record),
    optOut: readOptOut(record),
    ...readTenantIntegration(record),
    handOver: readTenantHandOver(record),
    hours: readTenantHours(record),
    manners: readTenantManners(record),
    media: readTenantMedia(record),
    memory: readMemorySettings(record),
  };
}

/** Some older records say fewer days than are possible. */
function readRetention(record: StoredRecord): number | undefined {
  const days = record.optionalNumber('retentionDays');
  return days && Math.min(Math.max(days, LEAST_RETENTION_DAYS), MOST_RETENTION_DAYS);
}

function readOptOut(record: StoredRecord): OptOutSettings {
  const [optOutText, optInText] = [
    record.optionalText('optOutText'),
    record.optionalText('optInText'),
  ];
  return {
    ...wordsAt(record, 'optOutWords'),
    ...wordsAt(record, 'optInWords'),
    ...(optOutText?.trim() && { optOutText }),
    ...(optInText?.trim() && { optInText }),
  };
}

function wordsAt(record: StoredRecord, name: 'optOutWords' | 'optInWords'): OptOutSettings {
  const value = record.fields[name];
  if (value === undefined) return {};
  const words = Array.isArray(value) && value.every(isText) ? value : undefined;
  return { [name]: record.required(name, words) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** @throws NewerVersionError */
export function requireKnownVersion(item: Item): void {
  try {
    new StoredRecord(item);
  } catch (error) {
    if (error instanceof NewerVersionError) throw error;
  }
}

/** Also of a tenant that cannot be read: its numbers as far as they can. */
export function readTenantEntry(id: TenantId, item: Item): RegisteredTenant {
  const fields = unmarshall(item);
  const numbers: unknown = fields['numbers'];
  return {
    id,
    tenant: tenantOrProblem(id, item),
    numbers: Array.isArray(numbers) ? numbers.flatMap(readNumber) : [],
    revision: numberAt(fields, 'revision') ?? 0,
  };
}

/** Whether the tenant's record names this number as its own; one that was put by hand may name none. */
export function hasNumber(item: Item, phoneNumberId: PhoneNumberId): boolean {
  const numbers = item['numbers']?.L ?? [];
  return numbers.some((each) => each.M?.['phoneNumberId']?.S === phoneNumberId);
}

function tenantOrProblem(id: TenantId, item: Item): Tenant | 'misconfigured' {
  try {
    const tenant = readTenantRecord(item);
    return tenant.id === id ? tenant : 'misconfigured';
  } catch (error) {
    if (error instanceof StoredRecordError) return 'misconfigured';
    throw error;
  }
}

function readNumber(value: unknown): readonly BusinessNumber[] {
  if (!isObject(value)) return [];
  const phoneNumberId = parsePhoneNumberId(value['phoneNumberId']);
  return phoneNumberId ? [{ phoneNumberId, accountId: textAt(value, 'accountId') }] : [];
}

/** Where nothing is said, it has none. */
function readApp(record: StoredRecord): AppId | undefined {
  const { app } = record.fields;
  return app === undefined ? undefined : record.required('app', parseAppId(app));
}

/** `adaptive` (also where nothing is said), `none`, or a number of seconds up to the longest wait. */
function readBurstWait(value: unknown): BurstWait | undefined {
  if (value === undefined || value === 'adaptive') return { kind: 'adaptive' };
  if (value === 'none') return { kind: 'none' };
  const isSeconds =
    typeof value === 'number' && value >= 0 && value * 1_000 <= LONGEST_BURST_WAIT_MS;
  return isSeconds ? { kind: 'fixed', seconds: value } : undefined;
}
