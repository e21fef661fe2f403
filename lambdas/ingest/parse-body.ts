import { isObject, type JsonObject } from '#domain/json.ts';
import { isDeeperThan } from './json-depth.ts';

/** Meta's deepest payloads have about a dozen levels. */
const MOST_LEVELS = 64;

/** @returns undefined for what is not a JSON object, or nested beyond reason */
export function parseBody(raw: Buffer): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(raw.toString('utf8'));
    return isObject(parsed) && !isDeeperThan(parsed, MOST_LEVELS) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
