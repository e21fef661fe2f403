import { isObject, type JsonObject } from '#domain/json.ts';

/** Pieces of schemas as Structured Outputs wants them: every property required, no other allowed. */
export const TEXT = { type: 'string' };
export const TEXT_OR_NOTHING = { type: ['string', 'null'] };
export const NOTHING = { type: 'null' };

export function strictObject(properties: JsonObject): Record<string, unknown> {
  const required = Object.keys(properties);
  return { type: 'object', properties, required, additionalProperties: false };
}

export function listOf(items: JsonObject): JsonObject {
  return { type: 'array', items };
}

export function oneOfWords(words: readonly string[]): JsonObject {
  return { type: 'string', enum: words };
}

/** @returns undefined for what is no JSON object */
export function parseFields(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
