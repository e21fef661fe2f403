/** A JSON object of unknown content, read key by key and never trusted. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key, or undefined; own properties only, so `__proto__` and the like read as absent. */
export function objectAt(parent: JsonObject, key: string): JsonObject | undefined {
  const value = valueAt(parent, key);
  return isObject(value) ? value : undefined;
}

export function textAt(parent: JsonObject, key: string): string | undefined {
  const value = valueAt(parent, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(parent: JsonObject, key: string): number | undefined {
  const value = valueAt(parent, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function listAt(parent: JsonObject, key: string): readonly unknown[] {
  const value = valueAt(parent, key);
  return Array.isArray(value) ? value : [];
}

/** The same value with another text in place of each of its texts; names of keys stay. */
export function mapTexts<Value>(value: Value, change: (text: string) => string): Value;
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]),
  );
}

export function valueAt(parent: JsonObject, key: string): unknown {
  return Object.hasOwn(parent, key) ? parent[key] : undefined;
}
