import { isObject, type JsonObject, valueAt } from '#domain/json.ts';
import {
  DEFAULT_MANNERS,
  EFFORTS,
  type LocalTexts,
  type MannersSettings,
  MODERATIONS,
  OUTPUT_TOKENS,
  parseHost,
  parseLanguage,
  TEXT_KINDS,
  type TextsByLanguage,
} from '#domain/tenant/manners-settings.ts';
import type { StoredRecord } from './stored-record.ts';

/** The attribute `manners` of the tenant's item: a map of what was said. */
export function writeTenantManners(manners: MannersSettings): {
  readonly manners: MannersSettings;
} {
  return { manners };
}

/** What was stored before there were manners has the default ones. @throws StoredRecordError */
export function readTenantManners(record: StoredRecord): MannersSettings {
  const { manners } = record.fields;
  if (manners === undefined) return DEFAULT_MANNERS;
  const fields = record.required('manners', isObject(manners) ? manners : undefined);
  const read = <Value>(name: string, parse: (value: unknown) => Value | undefined) =>
    readPart(record, fields, name, parse);
  return {
    purpose: read('purpose', asText),
    greeting: read('greeting', asText),
    blockedText: read('blockedText', asText),
    language: read('language', parseLanguage),
    texts: read('texts', readTexts) ?? {},
    moderation: read('moderation', (value) => oneOf(MODERATIONS, value)) ?? 'off',
    effort: read('effort', (value) => oneOf(EFFORTS, value)),
    maxOutputTokens: read('maxOutputTokens', readTokens),
    links: read('links', readHosts),
  };
}

/** @throws StoredRecordError for what is there and is not what it should be */
function readPart<Value>(
  record: StoredRecord,
  fields: JsonObject,
  name: string,
  parse: (value: unknown) => Value | undefined,
): Value | undefined {
  const value = valueAt(fields, name);
  return value === undefined ? undefined : record.required(`manners.${name}`, parse(value));
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}

function readTokens(value: unknown): number | undefined {
  const isCount = typeof value === 'number' && Number.isSafeInteger(value);
  return isCount && value >= OUTPUT_TOKENS.least && value <= OUTPUT_TOKENS.most ? value : undefined;
}

function readHosts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const hosts = value.map(parseHost).filter((host) => host !== undefined);
  return hosts.length === value.length ? hosts : undefined;
}

function readTexts(value: unknown): TextsByLanguage | undefined {
  if (!isObject(value)) return undefined;
  const texts = Object.entries(value).map(([tag, local]) => [parseLanguage(tag), readLocal(local)]);
  return texts.every(([tag, local]) => tag !== undefined && local !== undefined)
    ? Object.fromEntries(texts)
    : undefined;
}

function readLocal(value: unknown): LocalTexts | undefined {
  if (!isObject(value)) return undefined;
  const texts = TEXT_KINDS.flatMap((kind) => {
    const text = valueAt(value, kind);
    return text === undefined ? [] : [[kind, asText(text)] as const];
  });
  return texts.every(([, text]) => text !== undefined) ? Object.fromEntries(texts) : undefined;
}
