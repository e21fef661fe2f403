import { cloudControls } from '#local/cloud-controls.ts';
import type { Game } from './game.ts';

const MOST_REDRIVES = 5;

/** A process that was at work keeps its circuits open: it is ended once it is not. */
export async function forgetCircuits(game: Game): Promise<void> {
  game.restart('processor');
  await game.untilAnswered();
  game.restart('processor');
}

/** As the runbooks have it: what was parked goes on its way again, until nothing is parked. */
export async function redriveParked(game: Game): Promise<void> {
  const { cloud, callers } = game.stack;
  const dead = game.queue('ChatsDeadLetters');
  // A ring that meets a process of before is parked once more, and redriven once more.
  for (let tries = 0; tries < MOST_REDRIVES; tries += 1) {
    await forgetCircuits(game);
    if (cloud.sqs.peek(dead).length === 0) return;
    cloudControls(cloud, callers).redrive(dead);
    await game.until('all are moved', () => cloud.sqs.peek(dead).length === 0);
  }
}
