import { isObject, type JsonObject, numberAt } from '#domain/json.ts';

/** Shape of every secret's text that this version writes; one that says none is of the first. */
const SECRET_VERSION = 1;

/** Raised for a secret that a later release wrote: changed by us it would lose what we do not know of. */
class NewerSecretError extends Error {
  override readonly name = 'NewerSecretError';
}

export function writeSecretText(fields: JsonObject): string {
  return JSON.stringify({ v: SECRET_VERSION, ...fields });
}

/** @returns undefined for what is no JSON object @throws NewerSecretError */
export function readSecretText(text: string, name: string): JsonObject | undefined {
  const value = parseObject(text);
  if (!value) return undefined;
  if (isNewer(value)) {
    throw new NewerSecretError(
      `Secret ${name} was written by a later release; use the command of that release, or a later one`,
    );
  }
  const { v: _, ...fields } = value;
  return fields;
}

export function isNewerSecret(text: string): boolean {
  const value = parseObject(text);
  return value !== undefined && isNewer(value);
}

function isNewer(value: JsonObject): boolean {
  return (numberAt(value, 'v') ?? 1) > SECRET_VERSION;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
