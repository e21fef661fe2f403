import { isObject, valueAt } from '#domain/json.ts';
import { type ApiSettings, areCallers } from '#domain/tenant/api-settings.ts';
import {
  DEFAULT_INTEGRATION,
  type IntegrationSettings,
} from '#domain/tenant/integration-settings.ts';
import {
  isWebhookUrl,
  NOTICE_KINDS,
  type NoticesSettings,
  type NoticesWebhook,
} from '#domain/tenant/notices-settings.ts';
import type { StoredRecord } from './stored-record.ts';

/** Attributes of the tenant's item. */
export function writeTenantIntegration({ notices, api }: IntegrationSettings) {
  return {
    notices: notices.webhook && { webhook: notices.webhook },
    api: api.callers.length > 0 ? { callers: api.callers } : undefined,
  };
}

/** What was stored before there was any has none. @throws StoredRecordError */
export function readTenantIntegration(record: StoredRecord): IntegrationSettings {
  return {
    notices: record.required('notices', readNotices(record.fields['notices'])),
    api: record.required('api', readApi(record.fields['api'])),
  };
}

function readNotices(notices: unknown): NoticesSettings | undefined {
  if (notices === undefined) return DEFAULT_INTEGRATION.notices;
  const webhook = isObject(notices) ? readWebhook(valueAt(notices, 'webhook')) : undefined;
  return webhook && { webhook };
}

function readWebhook(webhook: unknown): NoticesWebhook | undefined {
  if (!isObject(webhook)) return undefined;
  const url = valueAt(webhook, 'url');
  const events = valueAt(webhook, 'events');
  if (typeof url !== 'string' || !isWebhookUrl(url) || !Array.isArray(events)) return undefined;
  // A later release may know more of them.
  return { url, events: NOTICE_KINDS.filter((kind) => events.includes(kind)) };
}

function readApi(api: unknown): ApiSettings | undefined {
  if (api === undefined) return DEFAULT_INTEGRATION.api;
  const callers = isObject(api) ? valueAt(api, 'callers') : undefined;
  const isList = Array.isArray(callers) && callers.every((each) => typeof each === 'string');
  return isList && areCallers(callers) ? { callers } : undefined;
}
