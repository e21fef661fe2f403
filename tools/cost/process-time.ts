import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts a process's time in these. */
const TICK_MS = 10;

/**
 * CPU time in milliseconds that the functions' processes have used so far, by function: they are children of
 * this process and carry their name among their variables.
 * @throws Error where there is no /proc
 */
export function processTimes(): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const read = timeOf(pid);
    if (read) times.set(read.name, (times.get(read.name) ?? 0) + read.ms);
  }
  return times;
}

function timeOf(pid: string): { readonly name: string; readonly ms: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may have spaces in it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[1]) !== process.pid) return undefined;
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const service = variables.find((each) => each.startsWith('POWERTOOLS_SERVICE_NAME='));
    const name = service?.slice(service.indexOf('=') + 1);
    if (name === undefined) return undefined;
    return { name, ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return undefined;
  }
}
