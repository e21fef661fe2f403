import type { IncomingMessage } from 'node:http';
import { isObject, type JsonObject, valueAt } from '#domain/json.ts';
import { RequestError } from './request-error.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** The JSON object that was posted. @throws RequestError 400 or 413 */
export async function readJsonObject(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new RequestError(413, `Send at most ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const body = parse(Buffer.concat(chunks).toString());
  if (!isObject(body)) throw new RequestError(400, 'Send a JSON object');
  return body;
}

/** @throws RequestError 400 */
export function requiredText(body: JsonObject, key: string): string {
  const value = optionalText(body, key);
  if (value === undefined || value === '') {
    throw new RequestError(400, `${key} is required and must be a non-empty string`);
  }
  return value;
}

/** @throws RequestError 400 */
export function optionalText(body: JsonObject, key: string): string | undefined {
  const value = valueAt(body, key);
  if (value === undefined || typeof value === 'string') return value;
  throw new RequestError(400, `${key} must be a string`);
}

/** @throws RequestError 400 */
export function optionalOneOf<Word extends string>(
  body: JsonObject,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const value = valueAt(body, key);
  if (value === undefined) return undefined;
  const word = words.find((each) => each === value);
  if (word === undefined) throw new RequestError(400, `${key} must be one of ${words.join(', ')}`);
  return word;
}

export interface WholeNumberRule {
  readonly min: number;
  readonly max: number;
}

/** @throws RequestError 400 */
export function optionalWholeNumber(
  body: JsonObject,
  key: string,
  { min, max }: WholeNumberRule,
): number | undefined {
  const value = valueAt(body, key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw new RequestError(400, `${key} must be a whole number from ${min} to ${max}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, 'The body is not JSON');
  }
}
