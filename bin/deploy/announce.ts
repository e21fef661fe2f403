import type { StageName } from '#lib/config/stages.ts';
import type { Account } from './account.ts';

interface AnnounceDeps {
  readonly account: Pick<Account, 'announce'>;
  /** Calls back every minute until it is stopped. */
  everyMinute(run: () => void): { stop(): void };
  warn(text: string): void;
}

/** Longer than a deployment takes with its canaries; one that hangs, or waits for a yes, is none. */
const LONGEST_MINUTES = 45;

/**
 * Says that a deployment runs, now and every minute while `work` does: alarms that one would set off wake
 * nobody meanwhile. That this cannot be said is told once, and stops nothing. After 45 minutes it is said no
 * more: nobody may be looking, and alarms that wake nobody are none.
 */
export async function announcing<Result>(
  stage: StageName,
  work: () => Promise<Result>,
  { account, everyMinute, warn }: AnnounceDeps,
): Promise<Result> {
  let isWarned = false;
  const tell = async () => {
    try {
      await account.announce(stage);
    } catch (error) {
      if (isWarned) return;
      isWarned = true;
      const name = error instanceof Error ? error.name : 'unknown';
      warn(`Alarms are not told of this deployment (${name}): they may wake somebody.\n`);
    }
  };
  await tell();
  let minutes = 0;
  const telling = everyMinute(() => {
    minutes += 1;
    if (minutes < LONGEST_MINUTES) return void tell();
    telling.stop();
    warn(`Alarms wake people again: this has been going on for ${LONGEST_MINUTES} minutes.\n`);
  });
  try {
    return await work();
  } finally {
    telling.stop();
  }
}
