import type { KeptObject } from '#domain/media/reading.ts';
import { NOT_SHOWN } from '#domain/media/reading-words.ts';
import type { PromptMessage } from './prompt.ts';

/** An image that the model is to look at, by where it is kept. */
export type PromptImage = Pick<KeptObject, 'key' | 'type' | 'bytes'>;

/** Of what waits for an answer; the customer is not kept waiting for a whole album. */
const MOST_NOW = 8;
/** Of what was answered before: a question often goes back to the last picture or two. */
const MOST_EARLIER = 2;
/** In one request. They travel in base64, in the memory of a function that works ten chats at once. */
const MOST_BYTES = 6 * 1024 * 1024;

/**
 * The newest images, as many as a request takes: those of what waits first. Each other one is said to be
 * shown no longer.
 */
export function boundImages(
  earlier: readonly PromptMessage[],
  now: readonly PromptMessage[],
): readonly PromptMessage[] {
  const room = { bytes: MOST_BYTES };
  const shownNow = showNewest(now, MOST_NOW, room);
  return [...showNewest(earlier, MOST_EARLIER, room), ...shownNow];
}

function showNewest(
  messages: readonly PromptMessage[],
  most: number,
  room: { bytes: number },
): readonly PromptMessage[] {
  let left = most;
  return messages
    .toReversed()
    .map((message) => {
      const { images = [] } = message;
      if (images.length === 0) return message;
      const bytes = images.reduce((sum, each) => sum + each.bytes, 0);
      if (left < images.length || room.bytes < bytes) return withoutImages(message);
      left -= images.length;
      room.bytes -= bytes;
      return message;
    })
    .reverse();
}

/** The message without its images, which says so. */
export function withoutImages({ images, ...message }: PromptMessage): PromptMessage {
  return images?.length ? { ...message, text: `${message.text}\n${NOT_SHOWN}` } : message;
}
