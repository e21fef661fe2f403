import { builtInLanguage, builtInText } from './built-in-texts.ts';
import { DEFAULT_HAND_OVER } from './handover-settings.ts';
import type { TextKind } from './manners-settings.ts';
import type { Tenant } from './tenant.ts';
import { DEFAULT_TERMS } from './terms.ts';

/** What of a tenant's record its set texts are made of. */
export type Speaker = Pick<
  Tenant,
  'fallbackText' | 'limitText' | 'optOut' | 'manners' | 'handOver'
>;

/**
 * A set text in a language: of the business's texts the one in just this language, else in the same language
 * as it is spoken elsewhere, else the one that has no language; where the business wrote none at all, ours.
 * @returns undefined where there is none: a greeting that nobody wrote
 */
export function setText(
  tenant: Speaker,
  kind: TextKind,
  language: string | undefined,
): string | undefined {
  return spokenText(tenant, kind, language)?.text;
}

/** A set text and what language it is in, which is not always the one that was asked for. */
export interface SpokenText {
  readonly text: string;
  /** Undefined where the business did not say what language its texts are in. */
  readonly language: string | undefined;
}

/** `setText`, for whoever puts words of a language into it. */
export function spokenText(
  tenant: Speaker,
  kind: TextKind,
  language: string | undefined,
): SpokenText | undefined {
  const local = language === undefined ? undefined : localText(tenant, kind, language);
  if (local) return local;
  const own = defaultText(tenant, kind);
  if (own !== undefined) return { text: own, language: tenant.manners.language };
  const text = builtInText(kind, language);
  return text === undefined ? undefined : { text, language: builtInLanguage(language) };
}

/** `setText` of those that there always are. */
export function requiredText(
  tenant: Speaker,
  kind: Exclude<TextKind, 'greeting'>,
  language: string | undefined,
): string {
  return setText(tenant, kind, language) ?? tenant.fallbackText;
}

/** Languages that the business has a text in. */
export function languagesOf({
  manners: { language, texts },
}: Pick<Tenant, 'manners'>): readonly string[] {
  return [...(language === undefined ? [] : [language]), ...Object.keys(texts)];
}

function localText({ manners }: Speaker, kind: TextKind, language: string): SpokenText | undefined {
  const { texts, language: usual } = manners;
  const [base = ''] = language.split('-');
  const others = Object.keys(texts).filter((tag) => tag !== language && tag !== base);
  const cousins = others.filter((tag) => tag.startsWith(`${base}-`));
  const inTag = (tag: string): readonly SpokenText[] => {
    const text = texts[tag]?.[kind];
    return text === undefined ? [] : [{ text, language: tag }];
  };
  const [near] = [language, base].flatMap(inTag);
  if (near) return near;
  // The text without a language is in it: nearer than how it is spoken elsewhere.
  if (usual !== undefined && usual.split('-')[0] === base) return undefined;
  return cousins.flatMap(inTag)[0];
}

/** What the business wrote for everybody. */
function defaultText(
  { fallbackText, limitText, optOut, manners, handOver }: Speaker,
  kind: TextKind,
): string | undefined {
  switch (kind) {
    case 'greeting':
      return manners.greeting;
    case 'fallback':
      return fallbackText;
    case 'limit':
      return unlessUsual(limitText, DEFAULT_TERMS.limitText);
    case 'blocked':
      return manners.blockedText;
    case 'optOut':
      return optOut.optOutText;
    case 'optIn':
      return optOut.optInText;
    case 'person':
      return unlessUsual(handOver.personText, DEFAULT_HAND_OVER.personText);
    case 'closed':
      return unlessUsual(handOver.closedText, DEFAULT_HAND_OVER.closedText);
  }
}

/** Ours are there in more languages than the one that stands in the record. */
function unlessUsual(text: string, usual: string): string | undefined {
  return text === usual ? undefined : text;
}
