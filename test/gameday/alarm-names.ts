/** An alarm's name without that of its stack, which differs from stage to stage. */
export function shortName(alarm: string): string {
  return alarm.replace(/^concierge-[a-z]+-(?:service|stateful)-/, '');
}

/** Red whenever an incident that it names is, or a deployment runs: it tells of nothing, and keeps another quiet. */
export function isEcho(alarm: string): boolean {
  return alarm.endsWith('-explained');
}
