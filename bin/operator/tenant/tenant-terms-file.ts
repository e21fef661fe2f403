import { z } from 'zod';
import { isObject, type JsonObject, objectAt } from '#domain/json.ts';
import { DEFAULT_WARN_AT, readWarnAt, type TenantBudget } from '#domain/money/budget.ts';
import { inDollars, type MicroUsd, parseDollars } from '#domain/money/micro-usd.ts';
import { MEMORY_SWITCHES } from '#domain/tenant/memory-settings.ts';
import { DEFAULT_TERMS, HIGHEST_LIMITS, type TenantTerms } from '#domain/tenant/terms.ts';
import { HAND_OVER_KEYS } from './tenant-handover-file.ts';

/** What a file says of what a business may use and spend. */

const { contact: usual } = DEFAULT_TERMS.limits;

function count(most: number) {
  const words = `must be a whole number from 1 to ${most}`;
  return z.number(words).int(words).min(1, words).max(most, words);
}

const AMOUNT =
  'must be an amount in US dollars above 0, such as "12.50", with at most six decimals';

const dollars = z
  .union([z.string(), z.number()], AMOUNT)
  .refine((value) => (parseDollars(value) ?? 0) > 0, AMOUNT)
  .optional();

const SHARES = 'must be shares of the budget above 0 and up to 1, such as [0.5, 0.8]';

const contactSchema = z.strictObject({
  answersPerMinute: count(HIGHEST_LIMITS.answersPerMinute)
    .default(usual.answersPerMinute)
    .describe('How often one contact is answered'),
  messagesPerMinute: count(HIGHEST_LIMITS.messagesPerMinute)
    .default(usual.messagesPerMinute)
    .describe('How much one contact may write'),
  messagesPerHour: count(HIGHEST_LIMITS.messagesPerHour).default(usual.messagesPerHour),
});

const limitsSchema = z.strictObject({
  contact: contactSchema.prefault({}),
  turnsPerMinute: count(HIGHEST_LIMITS.turnsPerMinute)
    .optional()
    .describe("Answers to all contacts together; default: the stage's"),
});

const budgetSchema = z.strictObject({
  perDay: dollars.describe('US dollars that the business may cost in a day of UTC'),
  perMonth: dollars,
  contactPerDay: dollars.describe('US dollars that one contact may cost in a day of UTC'),
  contactPerMonth: dollars,
  warnAt: z
    .array(z.number(SHARES), SHARES)
    .refine((shares) => readWarnAt(shares) !== undefined, SHARES)
    .default([...DEFAULT_WARN_AT])
    .describe('Shares of the budget at which the operator is warned'),
});

/** Keys of a tenant's file. */
export const termsSchema = {
  limits: limitsSchema.prefault({}).describe('How much is answered, to whom'),
  budget: budgetSchema.prefault({}).describe('Money for the model and for Meta; default: no limit'),
  limitText: z
    .string()
    .trim()
    .min(1)
    .max(4096)
    .default(DEFAULT_TERMS.limitText)
    .describe('Sent once when a limit or a budget is reached'),
  fallbackModel: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .optional()
    .describe('A cheaper model, for when the budget has no room for the other'),
};

/** The keys of each level, for messages. */
export const TERMS_KEYS: Readonly<Record<string, readonly string[]>> = {
  limits: Object.keys(limitsSchema.shape),
  'limits.contact': Object.keys(contactSchema.shape),
  budget: Object.keys(budgetSchema.shape),
  memory: MEMORY_SWITCHES,
};

interface TermsFile {
  readonly limits: z.output<typeof limitsSchema>;
  readonly budget: z.output<typeof budgetSchema>;
  readonly limitText: string;
  readonly fallbackModel?: string | undefined;
}

export function toTerms({ limits, budget, limitText, fallbackModel }: TermsFile): TenantTerms {
  return {
    limits: { contact: limits.contact, turnsPerMinute: limits.turnsPerMinute },
    budget: {
      perDay: parseDollars(budget.perDay),
      perMonth: parseDollars(budget.perMonth),
      contactPerDay: parseDollars(budget.contactPerDay),
      contactPerMonth: parseDollars(budget.contactPerMonth),
      warnAt: readWarnAt(budget.warnAt) ?? DEFAULT_WARN_AT,
    },
    limitText,
    fallbackModel,
  };
}

/** As it is written in a file. */
export function termsDocument({ limits, budget, limitText, fallbackModel }: TenantTerms) {
  const { contact, turnsPerMinute } = limits;
  return {
    limits: { contact, ...(turnsPerMinute !== undefined && { turnsPerMinute }) },
    budget: budgetDocument(budget),
    limitText,
    ...(fallbackModel !== undefined && { fallbackModel }),
  };
}

function budgetDocument({ warnAt, ...amounts }: TenantBudget): JsonObject {
  const written = Object.entries(amounts)
    .filter((entry): entry is [string, MicroUsd] => entry[1] !== undefined)
    .map(([key, amount]) => [key, inDollars(amount)]);
  return { ...Object.fromEntries(written), warnAt };
}

const NESTED = ['limits', 'budget', 'manners', 'media', 'memory', 'handOver'];

/**
 * What was said before and what is said now: of limits, budget and the like each key by itself, of all others
 * the whole. A key that is now `null` goes back to its default.
 */
export function overlaid(before: JsonObject, now: JsonObject): JsonObject {
  const nested = NESTED.filter((key) => isObject(now[key]));
  return { ...before, ...now, ...overlaidAt('', nested, before, now) };
}

function overlaidAt(
  path: string,
  keys: readonly string[],
  before: JsonObject,
  now: JsonObject,
): JsonObject {
  const merged = keys.map((key) => {
    const place = `${path}${key}`;
    const value = now[key];
    if (!isObject(value)) return [key, value];
    const former = before[key] === null ? allNull(place) : (objectAt(before, key) ?? {});
    return [key, { ...former, ...overlaidAt(`${place}.`, Object.keys(value), former, value) }];
  });
  return Object.fromEntries(merged);
}

/** Of what changes key by key. */
const NESTED_KEYS: Readonly<Record<string, readonly string[]>> = {
  ...TERMS_KEYS,
  handOver: HAND_OVER_KEYS['handOver'] ?? [],
};

/** As one that goes back to its defaults as a whole. */
function allNull(place: string): JsonObject {
  return Object.fromEntries((NESTED_KEYS[place] ?? []).map((key) => [key, null]));
}

/** Also without what is null within limits, budget and the like. */
export function withoutNulls(raw: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      NESTED.includes(key) && isObject(value) ? cleaned(value) : value,
    ]),
  );
}

function cleaned(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([key, each]) => [key, isObject(each) ? cleaned(each) : each]),
  );
}
