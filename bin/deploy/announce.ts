import type { StageName } from '#lib/config/stages.ts';
import type { Account } from './account.ts';

interface AnnounceDeps {
  readonly account: Pick<Account, 'announce'>;
  /** Calls back every minute until it is stopped. */
  everyMinute(run: () => void): { stop(): void };
  warn(text: string): void;
}

/**
 * Says that a deployment runs, now and every minute while `work` does: alarms that one would set off wake
 * nobody meanwhile. That this cannot be said is told once, and stops nothing.
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
  const telling = everyMinute(() => void tell());
  try {
    return await work();
  } finally {
    telling.stop();
  }
}
