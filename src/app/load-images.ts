import type { PromptMessage } from '#domain/conversation/prompt.ts';
import { withoutImages } from '#domain/conversation/prompt-images.ts';
import type { MediaStore } from './ports/media-store.ts';

/** A conversation, and the images that it shows, by where they are kept. */
export interface Illustrated {
  readonly conversation: readonly PromptMessage[];
  readonly images: ReadonlyMap<string, Uint8Array>;
}

/** Fetches what the model is to look at. What is not there any more is said to be shown no longer. */
export async function loadImages(
  conversation: readonly PromptMessage[],
  media: Pick<MediaStore, 'get'>,
): Promise<Illustrated> {
  const keys = conversation.flatMap(({ images = [] }) => images.map(({ key }) => key));
  const found = await Promise.all(
    [...new Set(keys)].map(async (key) => [key, await media.get(key)] as const),
  );
  const images = new Map(
    found.flatMap(([key, bytes]) => (bytes === undefined ? [] : [[key, bytes] as const])),
  );
  return {
    conversation: conversation.map((message) =>
      message.images?.every(({ key }) => images.has(key)) === false
        ? withoutImages(message)
        : message,
    ),
    images,
  };
}
