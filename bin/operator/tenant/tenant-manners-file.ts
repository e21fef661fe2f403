import { z } from 'zod';
import type { JsonObject } from '#domain/json.ts';
import {
  DEFAULT_MANNERS,
  EFFORTS,
  MANNERS_BOUNDS,
  type MannersSettings,
  MODERATIONS,
  OUTPUT_TOKENS,
  parseHost,
  parseLanguage,
  TEXT_KINDS,
} from '#domain/tenant/manners-settings.ts';

/** What a file says of what the assistant is for, and how it speaks. */

const setText = z.string().trim().min(1).max(MANNERS_BOUNDS.text);

const LANGUAGE = 'must be a language tag (BCP 47), such as es, pt-BR or zh-Hant';
const language = z.string(LANGUAGE).refine((tag) => parseLanguage(tag) !== undefined, LANGUAGE);

const HOST = 'must be a host name, such as shop.example.com, without https:// and path';
const host = z.string(HOST).refine((text) => parseHost(text) !== undefined, HOST);

const { least, most } = OUTPUT_TOKENS;
const TOKENS = `must be a whole number of tokens from ${least} to ${most}`;

const localSchema = z.strictObject({
  greeting: setText.optional().describe('Said before the first answer that a contact gets'),
  fallback: setText.optional().describe('Sent when no answer can be had in time'),
  limit: setText.optional().describe('Sent once when a limit or a budget is reached'),
  blocked: setText.optional().describe('Sent where moderation stops a message or an answer'),
  optOut: setText.optional().describe('The last thing that is said to who opts out'),
  optIn: setText.optional().describe('Said to who is back'),
});

const TOO_MANY = `must have at most ${MANNERS_BOUNDS.languages} languages`;

const mannersSchema = z.strictObject({
  purpose: z
    .string()
    .trim()
    .min(1)
    .max(MANNERS_BOUNDS.purpose)
    .optional()
    .describe('What the assistant is for; everything else it declines. Required of new businesses'),
  greeting: setText.optional().describe('Said before the first answer that a contact ever gets'),
  blockedText: setText
    .optional()
    .describe('Sent where moderation stops a message or an answer; default: a set text of ours'),
  language: language.optional().describe('Of the texts that have no language of their own'),
  texts: z
    .record(z.string(), localSchema)
    .superRefine((texts, context) => {
      for (const tag of Object.keys(texts)) {
        if (parseLanguage(tag) !== undefined) continue;
        context.addIssue({ code: 'custom', path: [tag], message: LANGUAGE });
      }
      if (Object.keys(texts).length <= MANNERS_BOUNDS.languages) return;
      context.addIssue({ code: 'custom', message: TOO_MANY });
    })
    .default({})
    .describe('Set texts by language tag'),
  moderation: z
    .enum(MODERATIONS)
    .default('off')
    .describe("The provider's moderation: off, score (count what it flags) or block (a set text)"),
  effort: z.enum(EFFORTS).optional().describe('How long the model thinks; default low'),
  maxOutputTokens: z
    .number(TOKENS)
    .int(TOKENS)
    .min(least, TOKENS)
    .max(most, TOKENS)
    .optional()
    .describe('Of one answer, thinking included; default 3000'),
  links: z
    .array(host)
    .max(MANNERS_BOUNDS.links)
    .optional()
    .describe('Hosts that answers may link to; default: any'),
});

/** Keys of a tenant's file. */
export const mannersFileSchema = {
  manners: mannersSchema.prefault({}).describe('What the assistant is for, and how it speaks'),
};

/** The keys of each level, for messages; a language may be any. */
export const MANNERS_KEYS: Readonly<Record<string, readonly string[]>> = {
  manners: Object.keys(mannersSchema.shape),
};

/** What every language may say. */
export const LOCAL_KEYS: readonly string[] = TEXT_KINDS;

interface MannersFile {
  readonly manners: z.output<typeof mannersSchema>;
}

export function toManners({ manners }: MannersFile): MannersSettings {
  const { purpose, greeting, blockedText, language: usual, texts, links, ...rest } = manners;
  return {
    ...DEFAULT_MANNERS,
    ...rest,
    purpose,
    greeting,
    blockedText,
    language: usual === undefined ? undefined : parseLanguage(usual),
    texts: Object.fromEntries(
      Object.entries(texts)
        .map(([tag, local]) => [parseLanguage(tag) ?? tag, withoutUndefined(local)] as const)
        .filter(([, local]) => Object.keys(local).length > 0),
    ),
    effort: manners.effort,
    maxOutputTokens: manners.maxOutputTokens,
    links: links?.map((each) => parseHost(each) ?? each),
  };
}

/** As it is written in a file: what is not the default. */
export function mannersDocument({ texts, moderation, ...rest }: MannersSettings): {
  readonly manners?: JsonObject;
} {
  const said = {
    ...withoutUndefined(rest),
    ...(Object.keys(texts).length > 0 && { texts }),
    ...(moderation !== 'off' && { moderation }),
  };
  return Object.keys(said).length > 0 ? { manners: said } : {};
}

function withoutUndefined(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
