import { isObject, type JsonObject, valueAt } from '#domain/json.ts';
import { NO_BUDGET, readWarnAt, type TenantBudget } from '#domain/money/budget.ts';
import { type MicroUsd, microUsd } from '#domain/money/micro-usd.ts';
import {
  DEFAULT_TERMS,
  HIGHEST_LIMITS,
  type TenantLimits,
  type TenantTerms,
} from '#domain/tenant/terms.ts';
import type { StoredRecord } from './stored-record.ts';

/** Attributes of the tenant's item, amounts in micro-dollars. */
export function writeTenantTerms({ limits, budget, limitText, fallbackModel }: TenantTerms) {
  return { limits, budget, limitText, fallbackModel };
}

/** What was stored before there were terms has none of them. @throws StoredRecordError */
export function readTenantTerms(record: StoredRecord): TenantTerms {
  const { limits, budget, limitText } = record.fields;
  return {
    limits: record.required('limits', readLimits(limits)),
    budget: record.required('budget', readBudget(budget)),
    limitText: record.required('limitText', readLimitText(limitText)),
    fallbackModel: record.optionalText('fallbackModel'),
  };
}

function readLimitText(text: unknown): string | undefined {
  if (text === undefined) return DEFAULT_TERMS.limitText;
  return typeof text === 'string' && text.trim() ? text : undefined;
}

function readLimits(limits: unknown): TenantLimits | undefined {
  if (limits === undefined) return DEFAULT_TERMS.limits;
  if (!isObject(limits)) return undefined;
  const contact = valueAt(limits, 'contact') ?? {};
  if (!isObject(contact)) return undefined;
  const { contact: usual } = DEFAULT_TERMS.limits;
  const answersPerMinute = readCount(contact, 'answersPerMinute', usual.answersPerMinute);
  const messagesPerMinute = readCount(contact, 'messagesPerMinute', usual.messagesPerMinute);
  const messagesPerHour = readCount(contact, 'messagesPerHour', usual.messagesPerHour);
  const turnsPerMinute = readCount(limits, 'turnsPerMinute', 'unlimited');
  if (!answersPerMinute || !messagesPerMinute || !messagesPerHour || !turnsPerMinute) {
    return undefined;
  }
  return {
    contact: { answersPerMinute, messagesPerMinute, messagesPerHour },
    turnsPerMinute: turnsPerMinute === 'unlimited' ? undefined : turnsPerMinute,
  };
}

/** @returns undefined for what is no count, `usual` where nothing is said */
function readCount<Usual>(
  parent: JsonObject,
  key: keyof typeof HIGHEST_LIMITS,
  usual: Usual,
): number | Usual | undefined {
  const value = valueAt(parent, key);
  if (value === undefined) return usual;
  const isCount = typeof value === 'number' && Number.isSafeInteger(value);
  return isCount && value >= 1 && value <= HIGHEST_LIMITS[key] ? value : undefined;
}

function readBudget(budget: unknown): TenantBudget | undefined {
  if (budget === undefined) return NO_BUDGET;
  if (!isObject(budget)) return undefined;
  const amounts = {
    perDay: readAmount(budget, 'perDay'),
    perMonth: readAmount(budget, 'perMonth'),
    contactPerDay: readAmount(budget, 'contactPerDay'),
    contactPerMonth: readAmount(budget, 'contactPerMonth'),
  };
  const warnAt = readWarnAt(valueAt(budget, 'warnAt') ?? NO_BUDGET.warnAt);
  const { perDay, perMonth, contactPerDay, contactPerMonth } = amounts;
  if (perDay === 'wrong' || perMonth === 'wrong') return undefined;
  if (contactPerDay === 'wrong' || contactPerMonth === 'wrong' || !warnAt) return undefined;
  return { perDay, perMonth, contactPerDay, contactPerMonth, warnAt };
}

function readAmount(budget: JsonObject, key: string): MicroUsd | 'wrong' | undefined {
  const value = valueAt(budget, key);
  if (value === undefined) return undefined;
  const isAmount = typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
  return isAmount ? microUsd(value) : 'wrong';
}
