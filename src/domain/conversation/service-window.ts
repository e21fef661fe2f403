import { windowClosesAtMs } from './age.ts';
import type { StoredInbound, StoredMessage } from './message.ts';

/** Until when WhatsApp takes free words to a customer; templates it takes always. */
export interface ServiceWindow {
  readonly isOpen: boolean;
  /** Undefined where the customer has not written in the messages that were looked at. */
  readonly closesAtMs: number | undefined;
}

/** Whether they open it is not documented, or they are none of the customer's. */
const OPEN_NOTHING = ['command', 'reaction', 'system'];

/** As the newest messages of a chat tell. */
export function serviceWindow(messages: readonly StoredMessage[], nowMs: number): ServiceWindow {
  const said = messages.filter(
    (each): each is StoredInbound =>
      each.direction === 'in' && !OPEN_NOTHING.includes(each.message.type),
  );
  if (said.length === 0) return { isOpen: false, closesAtMs: undefined };
  const closesAtMs = windowClosesAtMs(said);
  return { isOpen: nowMs < closesAtMs, closesAtMs };
}
