import type { Question } from './ask-model.ts';
import type { Pauses } from './ports/clock.ts';
import type { MessageSender } from './ports/message-sender.ts';

export interface KeepTypingDeps {
  readonly sender: MessageSender;
  readonly pauses: Pauses;
}

const TIMEOUT_MS = 2_500;
/** WhatsApp takes the indicator away after 25 seconds. */
const SHOWN_AGAIN_AFTER_MS = 20_000;
/** With the first; a function does not live for longer. */
const MOST_TIMES = 3;

/**
 * Marks what is being answered as read and shows that somebody types, until it is over: a courtesy, whose
 * failure changes nothing. What has begun by then is waited for, since an indicator that comes after the
 * reply would stay.
 */
export async function keepTyping(
  { work, tenant, pending }: Question,
  over: AbortSignal,
  { sender, pauses }: KeepTypingDeps,
): Promise<void> {
  const newest = pending.toAnswer.at(-1);
  if (!newest) return;
  for (let time = 0; time < MOST_TIMES && !over.aborted; time += 1) {
    await sender.showTyping({
      tenantId: tenant.id,
      phoneNumberId: work.chat.phoneNumberId,
      wamid: newest.message.wamid,
      timeoutMs: TIMEOUT_MS,
    });
    if (!over.aborted) await pauses.pause(SHOWN_AGAIN_AFTER_MS, over);
  }
}
