import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { echoedWamid } from './command.ts';
import type { ChatHead } from './head.ts';
import type { StoredMessage } from './message.ts';
import type { Pending } from './plan-turn.ts';

/** A chat as far as it tells what somebody's words mean. */
interface Heard {
  readonly head: ChatHead;
  readonly messages: readonly StoredMessage[];
}

/** Meta's times are whole seconds. */
const SECOND_MS = 1_000;

/** Whether somebody of the business takes the chat, or speaks: then the assistant says nothing more. */
export function isSpokenUp({ toObey }: Pick<Pending, 'toObey'>, heard: Heard): boolean {
  return toObey.some(({ message }) => {
    const { command } = message;
    if (command?.kind === 'echo') return isSpoken(message, heard);
    return command?.kind === 'take' || command?.kind === 'say';
  });
}

/**
 * Whether an echo is a person's word to the customer: no change of an earlier one, no echo of what we sent
 * ourselves, and not from before somebody gave the chat back.
 */
export function isSpoken(message: InboundMessage, { head, messages }: Heard): boolean {
  const { command } = message;
  if (command?.kind !== 'echo' || command.changes !== undefined) return false;
  const isOvertaken = message.sentAtMs + SECOND_MS <= (head.handOver?.releasedAtMs ?? 0);
  return !isOvertaken && !messages.some((each) => isSaidIn(each, message, command.text));
}

/** Of a bubble that went out more than once only the last one's id is known. */
function isSaidIn(stored: StoredMessage, echo: InboundMessage, text: string): boolean {
  if (stored.direction === 'in') return false;
  const isCopy = stored.copies > 1 && stored.text === text;
  return isCopy || stored.wamid === echoedWamid(echo);
}
