import { isObject, type JsonObject } from '#domain/json.ts';

/** Shape of every queued body that this version writes; a later shape gets a new number. */
const BODY_VERSION = 1;

/**
 * A message body. SQS refuses a body with U+FFFE or U+FFFF in it, which JSON alone leaves as they are:
 * such a character in a customer's message must not make a whole webhook undeliverable.
 */
export function writeBody(fields: JsonObject): string {
  return JSON.stringify({ v: BODY_VERSION, ...fields }).replace(
    /[\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}

/** @returns undefined for a body that is not a JSON object of a known version */
export function readBody(text: string): JsonObject | undefined {
  const value = parse(text);
  return isObject(value) && value['v'] === BODY_VERSION ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
