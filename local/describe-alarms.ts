import type { LocalCloud } from './cloud/local-cloud.ts';

/** Enough to see what has just happened. */
const LATEST = 100;

/** The alarms as the simulator's API shows them: those that are off first. */
export function describeAlarms({ cloudWatch: { alarms } }: Pick<LocalCloud, 'cloudWatch'>) {
  const isOff = ({ state }: { readonly state: string }) => Number(state === 'ALARM');
  return {
    alarms: alarms.alarms
      .toSorted((one, other) => isOff(other) - isOff(one))
      .map(({ name, state, sinceMs, description }) => ({
        name,
        state,
        since: sinceMs,
        description,
      })),
    changes: alarms.changes
      .slice(-LATEST)
      .map(({ alarm, from, to, atMs }) => ({ alarm, from, to, at: atMs })),
  };
}
