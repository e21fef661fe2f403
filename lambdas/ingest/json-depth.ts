import { isObject } from '#domain/json.ts';

/** Whether parsed JSON is nested beyond a limit; it never recurses deeper than that limit itself. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  // Every value of every webhook passes here: no lists are made on the way, and no call for a text.
  if (Array.isArray(value)) {
    for (const child of value) {
      if (typeof child === 'object' && isDeeperThan(child, levels - 1)) return true;
    }
    return false;
  }
  if (!isObject(value)) return false;
  // Parsed JSON inherits nothing that can be enumerated.
  for (const key in value) {
    const child = value[key];
    if (typeof child === 'object' && isDeeperThan(child, levels - 1)) return true;
  }
  return false;
}
