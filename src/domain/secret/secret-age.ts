import { type JsonObject, objectAt, textAt } from '#domain/json.ts';
import { isRotated, type SecretField, timesOf, valuesOf } from './rotation.ts';

/** What the platform's secret has that is worth replacing; an app's id is no secret. */
const PLATFORM_VALUES = ['appSecrets', 'verifyTokens', 'openAiApiKey'] as const;

/** A secret as it lies in its vault. */
interface KeptSecret {
  readonly fields: JsonObject;
  /** When any of it was written last. */
  readonly changedAtMs: number;
}

/** How many values are accepted; 0 where there is none. */
export function countOfValues(fields: JsonObject, field: SecretField): number {
  if (isRotated(field)) return valuesOf(fields, field).length;
  return textAt(fields, field) === undefined ? 0 : 1;
}

/**
 * Since when the current value is there; undefined where nobody knows. Where nothing was put but by hand, that
 * was when the secret was written. Otherwise each write of another value would make this one look new.
 */
export function valueSinceMs(
  { fields, changedAtMs: writtenAtMs }: KeptSecret,
  field: SecretField,
): number | undefined {
  const isTimed = objectAt(fields, 'times') !== undefined;
  return timesOf(fields, field).changedAtMs ?? (isTimed ? undefined : writtenAtMs);
}

/** Since when the oldest value of the platform's secret is there; undefined where none is, or nobody knows. */
export function oldestPlatformValueMs(secret: KeptSecret): number | undefined {
  const since = PLATFORM_VALUES.filter((field) => countOfValues(secret.fields, field) > 0)
    .map((field) => valueSinceMs(secret, field))
    .filter((atMs) => atMs !== undefined);
  return since.length > 0 ? Math.min(...since) : undefined;
}
