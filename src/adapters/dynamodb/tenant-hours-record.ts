import { isObject, listAt, textAt, valueAt } from '#domain/json.ts';
import {
  type BusinessHours,
  isLocale,
  isTimeZone,
  minutesOf,
  type OpenTime,
} from '#domain/tenant/hours.ts';
import type { StoredRecord } from './stored-record.ts';

/** Where nothing is said, somebody is always there. @throws StoredRecordError */
export function readTenantHours(record: StoredRecord): BusinessHours | undefined {
  const { hours } = record.fields;
  return hours === undefined ? undefined : record.required('hours', readHours(hours));
}

function readHours(value: unknown): BusinessHours | undefined {
  if (!isObject(value)) return undefined;
  const timeZone = textAt(value, 'timeZone');
  const locale = textAt(value, 'locale') ?? 'en';
  const week = listAt(value, 'week').map(readDay);
  const closed = listAt(value, 'closed').filter((each) => typeof each === 'string');
  if (!timeZone || !isTimeZone(timeZone) || !isLocale(locale) || week.length !== 7) {
    return undefined;
  }
  const days = week.filter((day) => day !== undefined);
  return days.length === 7 ? { timeZone, locale, week: days, closed } : undefined;
}

function readDay(value: unknown): readonly OpenTime[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const times = value.map(readTime).filter((time) => time !== undefined);
  return times.length === value.length ? times : undefined;
}

function readTime(value: unknown): OpenTime | undefined {
  if (!isObject(value)) return undefined;
  const [from, to] = [valueAt(value, 'from'), valueAt(value, 'to')];
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  return Number.isNaN(minutesOf(from) + minutesOf(to)) ? undefined : { from, to };
}
