import { CHAT_STATES, type HandOver } from './hand-over.ts';
import type { ChatHead } from './head.ts';

type Handed = Pick<ChatHead, 'state' | 'handOver' | 'flag'>;

/**
 * Of two chats of one contact, the hand-over that both go on with: a person who has either keeps it. What
 * came from the other chat before is not taken from there again, since it may be over here.
 */
export function joinedHandOver(own: ChatHead, other: ChatHead): Handed {
  const { state, handOver, flag, version } = own;
  const isOthers = CHAT_STATES.indexOf(other.state) > CHAT_STATES.indexOf(state);
  if (!isOthers || isSame(handOver, other.handOver)) return { state, handOver, flag };
  const carried = carriedHandOver(other);
  // Its timer here is named by it: one with the other chat's version may be taken for erased, or not be.
  const record = carried.handOver && { ...carried.handOver, version };
  return { ...carried, handOver: record, flag: other.flag ?? flag };
}

/** Each chat names it by a version of its own. */
function isSame(one: HandOver | undefined, other: HandOver | undefined): boolean {
  return one !== undefined && one.sinceMs === other?.sinceMs;
}

/** As a chat tells it that goes on under another id. What was kept comes along by itself, under keys of its own. */
export function carriedHandOver({ state, handOver, flag }: ChatHead): Handed {
  return { state, handOver: handOver && { ...handOver, kept: [] }, flag };
}
