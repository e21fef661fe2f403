/** What the assistant is for, how it speaks, and how the model is asked. */
export interface MannersSettings {
  /** What the assistant is for, in a sentence or two; undefined in records of before it was asked for. */
  readonly purpose: string | undefined;
  /** Said before the first answer that a contact ever gets; undefined = the model greets as it likes. */
  readonly greeting: string | undefined;
  /** Said where moderation stops a message or an answer; undefined = a set text of ours. */
  readonly blockedText: string | undefined;
  /** Of the texts that have no language of their own; undefined = nobody said. */
  readonly language: string | undefined;
  /** Set texts by BCP 47 tag; what a language lacks is said in the next best. */
  readonly texts: TextsByLanguage;
  readonly moderation: Moderation;
  /** How long the model thinks; undefined = `DEFAULT_EFFORT`. */
  readonly effort: Effort | undefined;
  /** Thinking included; undefined = `DEFAULT_OUTPUT_TOKENS`. */
  readonly maxOutputTokens: number | undefined;
  /** Hosts that answers may link to, besides what the business's own texts name; undefined = any. */
  readonly links: readonly string[] | undefined;
}

/** Texts that are sent as they are, with no model between. */
export const TEXT_KINDS = ['greeting', 'fallback', 'limit', 'blocked', 'optOut', 'optIn'] as const;
export type TextKind = (typeof TEXT_KINDS)[number];

export type LocalTexts = Readonly<Partial<Record<TextKind, string>>>;
export type TextsByLanguage = Readonly<Record<string, LocalTexts>>;

/**
 * What the provider's moderation is for: nothing, a count of what it flags, or a set text in place of an
 * answer where it flags the customer's message or the answer.
 */
export const MODERATIONS = ['off', 'score', 'block'] as const;
export type Moderation = (typeof MODERATIONS)[number];

/** As the Responses API has them; not every model knows each (source: openai 7.57.0, `ReasoningEffort`). */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** A customer waits for the answer: more thought costs seconds and money. */
const DEFAULT_EFFORT: Effort = 'low';

/** A text that fills a bubble (4,096 characters) needs about half of it. */
const DEFAULT_OUTPUT_TOKENS = 3_000;
/** Fewer leave no room for thinking and an answer; more take longer than a call may. */
export const OUTPUT_TOKENS = { least: 500, most: 32_000 } as const;

export function effortOf({ manners }: { readonly manners: MannersSettings }): Effort {
  return manners.effort ?? DEFAULT_EFFORT;
}

export function outputTokensOf({ manners }: { readonly manners: MannersSettings }): number {
  return manners.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS;
}

export const DEFAULT_MANNERS: MannersSettings = {
  purpose: undefined,
  greeting: undefined,
  blockedText: undefined,
  language: undefined,
  texts: {},
  moderation: 'off',
  effort: undefined,
  maxOutputTokens: undefined,
  links: undefined,
};

export const MANNERS_BOUNDS = { purpose: 2_000, text: 1_024, languages: 40, links: 100 } as const;

/** `es`, `pt-BR`, `zh-Hant`, in their usual spelling; undefined for what is no such tag. */
export function parseLanguage(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}$/i.test(value)) {
    return undefined;
  }
  try {
    return Intl.getCanonicalLocales(value.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

/** A host name such as `shop.example.com`, in lower case. */
export function parseHost(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 253) return undefined;
  const host = value.toLowerCase();
  return /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]+$/u.test(host)
    ? host
    : undefined;
}
