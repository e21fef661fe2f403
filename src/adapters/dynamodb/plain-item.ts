import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { JsonObject } from '#domain/json.ts';
import type { Item } from './stored-record.ts';

/** An item of any shape as JSON: sets as lists, binaries in base64, numbers beyond JavaScript's as text. */
export function plainItem(item: Item): JsonObject {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

function plain(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return plainNumber(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.M !== undefined) return plainItem(value.M);
  if (value.L !== undefined) return value.L.map(plain);
  if (value.SS !== undefined) return value.SS;
  if (value.NS !== undefined) return value.NS.map(plainNumber);
  if (value.B !== undefined) return base64(value.B);
  if (value.BS !== undefined) return value.BS.map(base64);
  return null;
}

function plainNumber(text: string): number | string {
  const number = Number(text);
  return String(number) === text ? number : text;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
