/** BCP 47 asks for 35 characters at least; longer ones exist on paper. */
const LONGEST = 35;

/**
 * A language tag as everybody writes it, such as `pt-BR`.
 * @returns undefined for what is none
 */
export function parseLanguage(tag: string | undefined): string | undefined {
  if (tag === undefined || tag.length > LONGEST) return undefined;
  try {
    const [language] = Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'));
    return language === 'und' ? undefined : language;
  } catch {
    return undefined;
  }
}

/**
 * The text in a customer's language: of `pt-BR`, else of `pt`, else of another `pt`.
 * @returns undefined where there is none in that language, or it is not known
 */
export function textIn<Text>(
  texts: Readonly<Record<string, Text>>,
  language: string | undefined,
): Text | undefined {
  if (language === undefined) return undefined;
  const tags = new Map(Object.entries(texts).map(([tag, text]) => [tag.toLowerCase(), text]));
  const wanted = language.toLowerCase().split('-');
  for (let length = wanted.length; length > 0; length -= 1) {
    const found = tags.get(wanted.slice(0, length).join('-'));
    if (found !== undefined) return found;
  }
  const related = [...tags.keys()].find((tag) => tag.split('-')[0] === wanted[0]);
  return related === undefined ? undefined : tags.get(related);
}
