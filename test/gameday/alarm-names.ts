/** An alarm's name without that of its stack, which differs from stage to stage. */
export function shortName(alarm: string): string {
  return alarm.replace(/^concierge-[a-z]+-(?:service|stateful)-/, '');
}
