import { isObject } from '#domain/json.ts';

/** What an item may spend on one payload; DynamoDB takes 400 KB in all. */
const LIMIT_BYTES = 300_000;
const CUT_CHARACTERS = 4_096;

/**
 * A payload of Meta's as JSON text. Text and not a DynamoDB map, because it has to be kept whatever it
 * holds: a map refuses nesting beyond 32 levels and some numbers, and mends broken characters. What is
 * too large is marked with `truncated` and its `bytes`, and reduced until it fits: to shorter texts, then
 * to the scalars of its first level, then to the mark alone.
 */
export function toJsonText(value: unknown): string {
  const whole = JSON.stringify(value) ?? 'null';
  const bytes = Buffer.byteLength(whole);
  if (bytes <= LIMIT_BYTES) return whole;
  const mark = { truncated: true, bytes };
  for (const kept of isObject(value) ? [value, scalarsOf(value)] : []) {
    const cut = JSON.stringify({ ...kept, ...mark }, cutLongText);
    if (Buffer.byteLength(cut) <= LIMIT_BYTES) return cut;
  }
  return JSON.stringify(mark);
}

function cutLongText(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, CUT_CHARACTERS) : value;
}

function scalarsOf(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const scalars = Object.entries(value).filter(([, each]) => typeof each !== 'object');
  return Object.fromEntries(scalars.slice(0, 32));
}

/** @returns undefined when the text is not JSON */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
