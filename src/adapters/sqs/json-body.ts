import { isObject, type JsonObject, numberAt } from '#domain/json.ts';

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

/** @returns undefined for a body that is not a JSON object of a known version; one that says none is of the first */
export function readBody(text: string): JsonObject | undefined {
  const value = parse(text);
  return isObject(value) && (value['v'] ?? 1) === BODY_VERSION ? value : undefined;
}

/**
 * Whether a later release wrote it, as for five minutes of every release and after one that was taken back. It
 * is handed back to its queue until that release has it, and lies with the dead letters in the end.
 */
export function isNewerBody(text: string): boolean {
  const value = parse(text);
  const version = isObject(value) ? numberAt(value, 'v') : undefined;
  return version !== undefined && version > BODY_VERSION;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
