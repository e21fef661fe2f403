import { builtInText } from './built-in-texts.ts';
import type { TextKind } from './manners-settings.ts';
import type { Tenant } from './tenant.ts';
import { DEFAULT_TERMS } from './terms.ts';

/** What of a tenant's record its set texts are made of. */
export type Speaker = Pick<Tenant, 'fallbackText' | 'limitText' | 'optOut' | 'manners'>;

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
  const own = language === undefined ? undefined : localText(tenant, kind, language);
  return own ?? defaultText(tenant, kind) ?? builtInText(kind, language);
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

function localText({ manners }: Speaker, kind: TextKind, language: string): string | undefined {
  const { texts, language: usual } = manners;
  const [base = ''] = language.split('-');
  const others = Object.keys(texts).filter((tag) => tag !== language && tag !== base);
  const cousins = others.filter((tag) => tag.startsWith(`${base}-`));
  for (const tag of [language, base]) {
    const text = texts[tag]?.[kind];
    if (text !== undefined) return text;
  }
  // The text without a language is in it: nearer than how it is spoken elsewhere.
  if (usual !== undefined && usual.split('-')[0] === base) return undefined;
  return cousins.map((tag) => texts[tag]?.[kind]).find((text) => text !== undefined);
}

/** What the business wrote for everybody. */
function defaultText(
  { fallbackText, limitText, optOut, manners }: Speaker,
  kind: TextKind,
): string | undefined {
  switch (kind) {
    case 'greeting':
      return manners.greeting;
    case 'fallback':
      return fallbackText;
    case 'limit':
      return limitText === DEFAULT_TERMS.limitText ? undefined : limitText;
    case 'blocked':
      return manners.blockedText;
    case 'optOut':
      return optOut.optOutText;
    case 'optIn':
      return optOut.optInText;
  }
}
