/** Whether a payload has one of these ids anywhere as a value of its own; phone numbers also with a plus. */
export function mentions(payload: unknown, ids: ReadonlySet<string>): boolean {
  // No recursion: a payload may be nested deeper than the stack.
  const open: unknown[] = [payload];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' && ids.has(value.replace(/^\+/, ''))) return true;
    if (typeof value === 'object' && value !== null) {
      for (const each of Object.values(value)) open.push(each);
    }
  }
  return false;
}
