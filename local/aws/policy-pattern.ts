/** True when a pattern of a policy (`*` any text, `?` any one character) covers the whole text. */
export function matchesPattern(pattern: string, text: string): boolean {
  return regExpOf(pattern, 's').test(text);
}

/** Names of actions are the same in any case. */
export function matchesAction(pattern: string, action: string): boolean {
  return regExpOf(pattern, 'si').test(action);
}

/** Policies have few patterns, and every call is held to dozens of them. */
const compiled = new Map<string, RegExp>();

function regExpOf(pattern: string, flags: string): RegExp {
  const key = `${flags} ${pattern}`;
  const known = compiled.get(key);
  if (known) return known;
  const created = compile(pattern, flags);
  compiled.set(key, created);
  return created;
}

function compile(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[\\^$+.|()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^(?:${source})$`, flags);
}
