/** Whether some value of a payload, or the name of one, is one of these ids of contacts. */
export function mentions(payload: unknown, ids: ReadonlySet<string>): boolean {
  // No recursion: a payload may be nested deeper than the stack.
  const open: unknown[] = [payload];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' || typeof value === 'number') {
      if (isOneOf(String(value), ids)) return true;
    } else if (typeof value === 'object' && value !== null) {
      const isList = Array.isArray(value);
      for (const [name, each] of Object.entries(value)) {
        if (!isList && isOneOf(name, ids)) return true;
        open.push(each);
      }
    }
  }
  return false;
}

/** Some events write a phone number with a plus and spaces. */
function isOneOf(text: string, ids: ReadonlySet<string>): boolean {
  return ids.has(text) || ids.has(text.replace(/[\s()+.-]/g, ''));
}
