/** True when a pattern of a policy (`*` any text, `?` any one character) covers the whole text. */
export function matchesPattern(pattern: string, text: string): boolean {
  return regExpOf(pattern, 's').test(text);
}

/** Names of actions are the same in any case. */
export function matchesAction(pattern: string, action: string): boolean {
  return regExpOf(pattern, 'si').test(action);
}

function regExpOf(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[\\^$+.|()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^(?:${source})$`, flags);
}
