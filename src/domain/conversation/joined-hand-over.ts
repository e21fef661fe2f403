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
  const come = comeFrom(other, version);
  return { ...come, flag: come.flag ?? flag };
}

/** As a chat goes on whose contact was away under another id: what was so before is over since. */
export function returnedHandOver({ version }: ChatHead, other: ChatHead): Handed {
  return comeFrom(other, version);
}

/** Its timer is named by the version: one with the other chat's may be taken for erased, or not be. */
function comeFrom(other: ChatHead, version: number): Handed {
  const carried = carriedHandOver(other);
  return { ...carried, handOver: carried.handOver && { ...carried.handOver, version } };
}

/** Each chat names it by a version of its own. */
function isSame(one: HandOver | undefined, other: HandOver | undefined): boolean {
  return one !== undefined && one.sinceMs === other?.sinceMs;
}

/** As a chat tells it that goes on under another id. What was kept comes along by itself, under keys of its own. */
export function carriedHandOver({ state, handOver, flag }: ChatHead): Handed {
  return { state, handOver: handOver && { ...handOver, kept: [] }, flag };
}
