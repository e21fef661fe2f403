import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import type { BusinessNumber, TenantEntry } from '#app/ports/tenant-register.ts';
import { type BurstWait, LONGEST_BURST_WAIT_MS } from '#domain/conversation/burst.ts';
import { parseAppId, parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import { isObject, type JsonObject, objectAt, textAt } from '#domain/json.ts';
import { isOfCanary } from '#domain/tenant/canary-tenant.ts';
import {
  LONGEST_WORD,
  type OptOutSettings,
  optInWords,
  optOutWords,
  plainWords,
} from '#domain/tenant/opt-out.ts';
import {
  DEFAULT_RETENTION_DAYS,
  LEAST_RETENTION_DAYS,
  MOST_RETENTION_DAYS,
} from '#domain/tenant/retention.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { UsageError } from '#operator/operator-error.ts';
import { suggestion } from '#operator/suggest.ts';
import {
  HAND_OVER_KEYS,
  handOverDocument,
  handOverFileSchema,
  toHandOver,
} from './tenant-handover-file.ts';
import {
  INTEGRATION_KEYS,
  integrationDocument,
  integrationSchema,
  toIntegration,
} from './tenant-integration-file.ts';
import {
  LOCAL_KEYS,
  MANNERS_KEYS,
  mannersDocument,
  mannersFileSchema,
  toManners,
} from './tenant-manners-file.ts';
import { MEDIA_KEYS, mediaDocument, mediaSchema, toMedia } from './tenant-media-file.ts';
import { memoryDocument, memorySchema, toMemory } from './tenant-memory-file.ts';
import {
  TERMS_KEYS,
  termsDocument,
  termsSchema,
  toTerms,
  withoutNulls,
} from './tenant-terms-file.ts';

const OF_THE_CANARY =
  'is of the check that every stage has built in (docs/canary.md); take another';

const tenantId = z
  .string()
  .refine(
    (text) => parseTenantId(text) !== undefined,
    'must be lower-case letters, digits and dashes, at most 64, such as "bakery-madrid"',
  )
  .refine((text) => !isOfCanary(text), OF_THE_CANARY)
  .describe("How the business is called here; never changes. Part of its secret's name.");

const appId = z
  .string()
  .refine(
    (text) => parseAppId(text) !== undefined,
    'must be lower-case letters, digits and dashes, at most 64, such as "bakery-app"; Meta\'s id of it goes into its secret',
  );

const metaId = z
  .string()
  .refine(
    (text) => /^\d{5,32}$/.test(text),
    "must be one of Meta's ids: digits only, and not the phone number itself",
  )
  .refine((text) => !isOfCanary(text), OF_THE_CANARY);

const numberSchema = z.strictObject({
  phoneNumberId: metaId.describe('Phone number ID, as the app dashboard shows it under API setup'),
  accountId: metaId
    .optional()
    .describe('WhatsApp Business Account ID; found by asking Meta where it is left out'),
});

const LONGEST_WAIT_S = LONGEST_BURST_WAIT_MS / 1000;
const WAITS = `must be adaptive, none, or a number of seconds up to ${LONGEST_WAIT_S}`;

const DAYS = `must be a whole number of days from ${LEAST_RETENTION_DAYS} to ${MOST_RETENTION_DAYS}`;

const optWords = z
  .array(
    z
      .string()
      .trim()
      .max(LONGEST_WORD)
      .refine((word) => plainWords(word) !== '', 'must have a letter or digit'),
  )
  .max(100)
  .optional();

const shortText = z.string().trim().min(1).max(1024).optional();

const tenantSchema = z
  .strictObject({
    id: tenantId,
    name: z.string().trim().min(1).max(256).describe('What the business is called'),
    status: z
      .enum(['active', 'suspended'])
      .default('active')
      .describe('Messages of a suspended business are parked'),
    numbers: z
      .array(numberSchema)
      .min(1)
      .max(50)
      .superRefine((numbers, context) => {
        const ids = numbers.map(({ phoneNumberId }) => phoneNumberId);
        ids.forEach((id, index) => {
          if (ids.indexOf(id) === index) return;
          const path = [index, 'phoneNumberId'];
          context.addIssue({ code: 'custom', path, message: 'is listed twice' });
        });
      })
      .describe('Its WhatsApp numbers'),
    instructions: z
      .string()
      .trim()
      .min(1)
      .max(100_000)
      .refine((text) => !text.includes('\u0000'), 'must hold no NUL byte: is it a text?')
      .describe('What the business is and how the assistant should answer'),
    fallbackText: z
      .string()
      .trim()
      .min(1)
      .max(4096)
      .describe('Sent when no answer can be had in time'),
    model: z.string().trim().min(1).max(128).optional().describe("Default: the stage's model"),
    burstWait: z
      .union(
        [z.enum(['adaptive', 'none']), z.number().min(0, WAITS).max(LONGEST_WAIT_S, WAITS)],
        WAITS,
      )
      .default('adaptive')
      .describe('How long to wait whether the customer writes on'),
    app: appId
      .optional()
      .describe(
        'The Meta app that the business brought, as it is called here. Default: the shared one',
      ),
    ...termsSchema,
    ...mannersFileSchema,
    ...mediaSchema,
    ...memorySchema,
    retentionDays: z
      .number()
      .refine(Number.isInteger, DAYS)
      .min(LEAST_RETENTION_DAYS, DAYS)
      .max(MOST_RETENTION_DAYS, DAYS)
      .optional()
      .describe(`For how long what is said is kept; default ${DEFAULT_RETENTION_DAYS}`),
    optOutWords: optWords.describe('Who sends one of these gets no answers any more; [] for none'),
    optInWords: optWords.describe('Who sends one of these gets answers again'),
    optOutText: shortText.describe('What is said to who opts out'),
    optInText: shortText.describe('What is said to who is back'),
    ...integrationSchema,
    ...handOverFileSchema,
  })
  .superRefine(checkOptWords)
  .meta({ title: 'A business of the WhatsApp Concierge' });

const KEYS: readonly string[] = Object.keys(tenantSchema.shape);
const NUMBER_KEYS: readonly string[] = Object.keys(numberSchema.shape);

/** Which of the file's keys were given; a key that there is not might be anything. */
export function keysOf(fields: JsonObject): readonly string[] {
  return KEYS.filter((key) => Object.hasOwn(fields, key));
}

/** The schema for editors and other programs. */
export function tenantJsonSchema(): object {
  return z.toJSONSchema(tenantSchema, { io: 'input' });
}

/** What was written into a file of YAML or JSON, not yet checked. @throws UsageError */
export function parseTenantText(text: string, source: string): JsonObject {
  // Ids are longer than what a number holds exactly.
  const document = parseDocument(text, { intAsBigInt: true });
  const [error] = document.errors;
  if (error) {
    if (error.code === 'MULTIPLE_DOCS') {
      throw new UsageError(`${source} holds several documents (---): it must hold one business.`);
    }
    const [line = ''] = error.message.split('\n');
    throw new UsageError(`${source} is neither YAML nor JSON: ${line.replace(/:$/, '')}`);
  }
  const value = withPlainNumbers(contentOf(document, source));
  if (isObject(value)) return value;
  throw new UsageError(
    `${source} must hold the keys ${KEYS.join(', ')}: docs/tenant.md has an example.`,
  );
}

/** @throws UsageError where aliases stand for more than anybody writes, or for nothing */
function contentOf(document: ReturnType<typeof parseDocument>, source: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new UsageError(
      `${source} cannot be read because of its aliases (*name): write out what they stand for.`,
      { cause },
    );
  }
}

/** As `checkTenant`; of a new one its owner has to say what the assistant is for. @throws UsageError */
export function checkNewTenant(raw: JsonObject, source: string): TenantEntry {
  const hasPurpose = textAt(objectAt(raw, 'manners') ?? {}, 'purpose') !== undefined;
  return checkTenant(raw, source, hasPurpose ? [] : [NO_PURPOSE]);
}

const NO_PURPOSE =
  'manners.purpose: is missing: say in a sentence what the assistant is for, such as --purpose "Orders, opening hours and the way to the shop". What is outside of it is declined, since Meta allows no general-purpose assistants';

/** @throws UsageError with everything that is wrong, a line each */
export function checkTenant(
  raw: JsonObject,
  source: string,
  known: readonly string[] = [],
): TenantEntry {
  const wanted = withTextIds(raw);
  const checked = tenantSchema.safeParse(wanted);
  if (checked.success && known.length === 0) return toEntry(checked.data);
  const issues = checked.error?.issues ?? [];
  const problems = [...issues.flatMap((issue) => inWords(issue, wanted)), ...known];
  const count = problems.length === 1 ? 'one thing is' : `${problems.length} things are`;
  throw new UsageError(
    `${source}: ${count} wrong (docs/tenant.md).\n${problems.map((each) => `  ${each}`).join('\n')}`,
  );
}

/** As it is written in a file. */
export function tenantDocument({ tenant, numbers }: TenantEntry): JsonObject {
  const { id, name, status, instructions, fallbackText, model, burstWait, app } = tenant;
  const { retentionDays, optOut, manners } = tenant;
  return {
    id,
    name,
    status,
    numbers: numbers.map(({ phoneNumberId, accountId }) => ({
      phoneNumberId,
      ...(accountId !== undefined && { accountId }),
    })),
    instructions,
    fallbackText,
    ...(model !== undefined && { model }),
    burstWait: burstWait.kind === 'fixed' ? burstWait.seconds : burstWait.kind,
    ...(app !== undefined && { app }),
    ...termsDocument(tenant),
    ...memoryDocument(tenant.memory),
    ...(retentionDays !== undefined && { retentionDays }),
    ...optOut,
    ...integrationDocument(tenant),
    ...handOverDocument(tenant),
    ...mannersDocument(manners),
    ...mediaDocument(tenant.media),
  };
}

export function asYaml(document: JsonObject): string {
  return stringify(document, { lineWidth: 0 });
}

interface OptWordsInFile {
  readonly optOutWords?: readonly string[] | undefined;
  readonly optInWords?: readonly string[] | undefined;
}

type TenantFile = z.output<typeof tenantSchema>;

function toEntry(file: TenantFile): TenantEntry {
  const { name, status, instructions, fallbackText, model } = file;
  const tenant: Tenant = {
    id: parsed(parseTenantId(file.id)),
    name,
    status,
    instructions,
    fallbackText,
    model,
    burstWait: toBurstWait(file.burstWait),
    app: file.app === undefined ? undefined : parsed(parseAppId(file.app)),
    ...toTerms(file),
    memory: toMemory(file.memory),
    retentionDays: file.retentionDays,
    optOut: toOptOut(file),
    ...toIntegration(file),
    ...toHandOver(file),
    manners: toManners(file),
    media: toMedia(file.media),
  };
  return { tenant, numbers: file.numbers.map(toNumber) };
}

function toNumber({ phoneNumberId, accountId }: TenantFile['numbers'][number]): BusinessNumber {
  return { phoneNumberId: parsed(parsePhoneNumberId(phoneNumberId)), accountId };
}

function toOptOut({
  optOutWords,
  optInWords,
  optOutText,
  optInText,
}: Pick<TenantFile, keyof OptOutSettings>): OptOutSettings {
  return {
    ...(optOutWords && { optOutWords }),
    ...(optInWords && { optInWords }),
    ...(optOutText !== undefined && { optOutText }),
    ...(optInText !== undefined && { optInText }),
  };
}

/** Nobody may be locked out, and no word may mean both. */
function checkOptWords(file: OptWordsInFile, context: z.RefinementCtx): void {
  const { optOutWords: outGiven, optInWords: inGiven } = file;
  const outWords = optOutWords(outGiven ? { optOutWords: outGiven } : {}).map(plainWords);
  const inWords = optInWords(inGiven ? { optInWords: inGiven } : {}).map(plainWords);
  const path = [inGiven ? 'optInWords' : 'optOutWords'];
  const add = (message: string) => context.addIssue({ code: 'custom', path, message });
  if (inWords.length === 0 && outWords.length > 0) {
    add('must not be empty while optOutWords is not: nobody could come back');
  }
  const both = inWords.find((word) => outWords.includes(word));
  if (both !== undefined) add(`"${both}" stands for opting out and for coming back`);
}

function toBurstWait(wait: TenantFile['burstWait']): BurstWait {
  return typeof wait === 'number' ? { kind: 'fixed', seconds: wait } : { kind: wait };
}

/** The schema has checked it by the same rule. */
function parsed<Id>(id: Id | undefined): Id {
  if (id === undefined) throw new RangeError('The schema lets an id pass that is none');
  return id;
}

type Issue = z.core.$ZodIssue;

function inWords(issue: Issue, raw: unknown): readonly string[] {
  const place = placeOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(issue.path);
    const strangers = issue.keys.filter((key) => suggestion(key, known) === '');
    return issue.keys.map((key) => {
      const name = place === '' ? key : `${place}.${key}`;
      // Once is enough, where a whole file is another one.
      const rest = key === strangers.at(-1) ? `; known are ${known.join(', ')}` : '';
      return `${name}: unknown key${suggestion(key, known)}${rest}`;
    });
  }
  return [`${place}: ${wordsFor(issue, raw)}`];
}

function knownKeysAt([first, second, third]: readonly PropertyKey[]): readonly string[] {
  if (first === 'numbers') return NUMBER_KEYS;
  if (first === undefined) return KEYS;
  if (first === 'manners')
    return third === undefined ? (MANNERS_KEYS['manners'] ?? []) : LOCAL_KEYS;
  const place = second === undefined ? String(first) : `${String(first)}.${String(second)}`;
  return (
    TERMS_KEYS[place] ?? MEDIA_KEYS[place] ?? HAND_OVER_KEYS[place] ?? INTEGRATION_KEYS[place] ?? []
  );
}

function wordsFor(issue: Issue, raw: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (NUMBERS.includes(issue.expected)) return issue.message;
      return at(raw, issue.path) === undefined
        ? 'is missing'
        : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.join(' or ')}`;
    case 'too_small':
      if (issue.origin === 'number') return issue.message;
      return issue.origin === 'array' ? 'must have at least one' : 'must not be empty';
    case 'too_big':
      if (issue.origin === 'number') return issue.message;
      return `must have at most ${issue.maximum} ${issue.origin === 'array' ? 'elements' : 'characters'}`;
    default:
      return issue.message;
  }
}

/** The schema says itself what each of these may be. */
const NUMBERS: readonly string[] = ['number', 'int'];

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text (put it in quotes)',
  array: 'a list',
  object: 'keys and values, such as phoneNumberId: "1234567890"',
};

function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

function at(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? Reflect.get(value, step)
        : undefined,
    raw,
  );
}

function withPlainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withPlainNumbers(each)]),
  );
}

/** Ids may be written without quotes; a key without a value is as good as none. */
function withTextIds(raw: JsonObject): JsonObject {
  const clean = (value: JsonObject) =>
    Object.fromEntries(
      Object.entries(value)
        .filter(([, each]) => each !== null)
        .map(([key, each]) => [
          key,
          /id$/i.test(key) && typeof each === 'number' ? String(each) : each,
        ]),
    );
  const top = withoutNulls(clean(raw));
  const numbers = top['numbers'];
  if (!Array.isArray(numbers)) return top;
  return { ...top, numbers: numbers.map((each) => (isObject(each) ? clean(each) : each)) };
}
