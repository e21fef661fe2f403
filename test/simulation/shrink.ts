import { CALM_STATUSES, type Schedule } from './plan/schedule.ts';

/** Enough for the schedules that are generated; a smaller trace is a courtesy, no promise. */
const MOST_TRIES = 600;

/**
 * Takes away from a schedule what it does not need to fail: halves first, then piece by piece, until
 * nothing more can go.
 */
export async function shrink(
  schedule: Schedule,
  stillFails: (smaller: Schedule) => Promise<boolean>,
): Promise<Schedule> {
  let current = schedule;
  let tries = 0;
  const accept = async (candidate: Schedule) => {
    tries += 1;
    if (tries > MOST_TRIES || !(await stillFails(candidate))) return false;
    current = candidate;
    return true;
  };
  for (let hasShrunk = true; hasShrunk && tries <= MOST_TRIES; ) {
    hasShrunk = false;
    for (const list of ['faults', 'operations', 'webhooks'] as const) {
      if (await shrinkList(list, () => current, accept)) hasShrunk = true;
    }
    for (const candidate of simpler(current)) {
      if (await accept(candidate)) {
        hasShrunk = true;
        break;
      }
    }
  }
  return withoutUnsent(current);
}

async function shrinkList(
  list: 'faults' | 'operations' | 'webhooks',
  current: () => Schedule,
  accept: (candidate: Schedule) => Promise<boolean>,
): Promise<boolean> {
  let hasShrunk = false;
  for (let size = Math.ceil(current()[list].length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < current()[list].length; ) {
      const schedule = current();
      const rest: readonly unknown[] = [
        ...schedule[list].slice(0, at),
        ...schedule[list].slice(at + size),
      ];
      if (await accept({ ...schedule, [list]: rest })) hasShrunk = true;
      else at += size;
    }
  }
  return hasShrunk;
}

/** One step each: a message less in a body, no copies, statuses as they should be. */
function* simpler(schedule: Schedule): Generator<Schedule> {
  if (Object.values(schedule.statuses).some((habit) => habit > 0)) {
    yield { ...schedule, statuses: CALM_STATUSES };
  }
  for (const [index, webhook] of schedule.webhooks.entries()) {
    const replace = (part: object) => ({
      ...schedule,
      webhooks: schedule.webhooks.with(index, { ...webhook, ...part }),
    });
    for (const at of webhook.copiesAfterMs.keys()) {
      yield replace({ copiesAfterMs: webhook.copiesAfterMs.toSpliced(at, 1) });
    }
    if (webhook.messages.length < 2) continue;
    for (const at of webhook.messages.keys()) {
      yield replace({ messages: webhook.messages.toSpliced(at, 1) });
    }
  }
}

/** Messages that no webhook brings any more are not worth showing. */
function withoutUnsent(schedule: Schedule): Schedule {
  const sent = new Set(schedule.webhooks.flatMap(({ messages }) => messages));
  return { ...schedule, messages: schedule.messages.filter(({ id }) => sent.has(id)) };
}
