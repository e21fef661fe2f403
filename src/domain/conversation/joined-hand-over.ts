import { CHAT_STATES } from './hand-over.ts';
import type { ChatHead } from './head.ts';

/**
 * Of two chats of one contact, the hand-over that both go on with: a person who has either keeps it. Where it
 * comes from the other chat, what was kept lies there, and somebody should look.
 */
export function joinedHandOver(
  own: ChatHead,
  other: ChatHead,
): Pick<ChatHead, 'state' | 'handOver' | 'flag'> {
  const { state, handOver, flag } = own;
  if (CHAT_STATES.indexOf(other.state) <= CHAT_STATES.indexOf(state)) {
    return { state, handOver, flag };
  }
  return carriedHandOver(other, flag);
}

/** As a chat tells it that goes on under another id. */
export function carriedHandOver(
  { state, handOver, flag }: ChatHead,
  flagThere: ChatHead['flag'] = flag,
): Pick<ChatHead, 'state' | 'handOver' | 'flag'> {
  if (!handOver) return { state, handOver, flag: flagThere };
  const isLeft = state !== 'assistant' && handOver.kept.length > 0;
  return { state, handOver: { ...handOver, kept: [] }, flag: isLeft ? 'hand-over' : flagThere };
}
