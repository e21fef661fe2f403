import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import type { ExtractedFact, Extraction } from '#domain/memory/learn.ts';
import { FACT_CATEGORIES, RETENTION_LEVELS } from '#domain/memory/memory.ts';
import {
  listOf,
  oneOfWords,
  parseFields,
  strictObject,
  TEXT,
  TEXT_OR_NOTHING,
} from './strict-schema.ts';

/** How sure a model says that it is, as a number. */
const CONFIDENCES: Readonly<Record<string, number>> = { high: 0.9, medium: 0.7, low: 0.4 };

const FACT = strictObject({
  text: TEXT,
  category: oneOfWords(FACT_CATEGORIES),
  confidence: oneOfWords(Object.keys(CONFIDENCES)),
  retention: oneOfWords(RETENTION_LEVELS),
  source: { type: ['integer', 'null'] },
  repeats: TEXT_OR_NOTHING,
  replaces: listOf(TEXT),
});

const PROFILE = strictObject({
  name: TEXT_OR_NOTHING,
  language: TEXT_OR_NOTHING,
  preferences: TEXT_OR_NOTHING,
});

/** What new messages tell. */
export const EXTRACTION_FORMAT = {
  type: 'json_schema' as const,
  name: 'memory',
  strict: true,
  schema: strictObject({ profile: PROFILE, facts: listOf(FACT) }),
};

export const SUMMARY_FORMAT = {
  type: 'json_schema' as const,
  name: 'summary',
  strict: true,
  schema: strictObject({ summary: TEXT }),
};

/** A fact that does not have its shape is left out. @returns undefined where nothing can be read */
export function readExtraction(said: string): Extraction | undefined {
  const fields = parseFields(said);
  if (!fields) return undefined;
  const profile = objectAt(fields, 'profile') ?? {};
  return {
    profile: {
      name: textAt(profile, 'name'),
      language: textAt(profile, 'language'),
      preferences: textAt(profile, 'preferences'),
    },
    facts: listAt(fields, 'facts').flatMap((fact) => (isObject(fact) ? readFact(fact) : [])),
  };
}

function readFact(fact: JsonObject): readonly ExtractedFact[] {
  const text = textAt(fact, 'text');
  const category = FACT_CATEGORIES.find((each) => each === fact['category']);
  const level = RETENTION_LEVELS.find((each) => each === fact['retention']);
  const confidence = CONFIDENCES[textAt(fact, 'confidence') ?? ''];
  if (!text || !category || !level || confidence === undefined) return [];
  const replaces = listAt(fact, 'replaces').filter((id) => typeof id === 'string');
  const source = numberAt(fact, 'source');
  const repeats = textAt(fact, 'repeats');
  return [{ text, category, confidence, level, source, repeats, replaces }];
}

/** @returns undefined where there is none */
export function readSummary(said: string): string | undefined {
  const fields = parseFields(said);
  return (fields && textAt(fields, 'summary')?.trim()) || undefined;
}
