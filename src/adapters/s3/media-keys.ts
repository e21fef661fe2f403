import { createHash } from 'node:crypto';
import type { MediumPlace } from '#app/ports/media-store.ts';
import { keyTimeMs } from '#domain/conversation/message.ts';
import { chatKey } from '#domain/ids.ts';

/**
 * `tenant/<id>/<chat>/<time>-<message>`. Chat and message are digests: keys stand in access logs and lists,
 * where no phone number belongs. So the same message has the same key, and all of a chat lie together, by the
 * time at which they were sent.
 */
export function mediaKey({ message, ...owned }: MediumPlace): string {
  return `${chatPrefix(owned)}${keyTimeMs(message)}-${digestOf(message)}`;
}

export function chatPrefix({ tenantId, chat }: Pick<MediumPlace, 'tenantId' | 'chat'>): string {
  return `tenant/${tenantId}/${digestOf(chatKey(chat))}/`;
}

/** When the message of a file was sent. */
export function sentAtOf(key: string): number {
  const time = /\/(\d{1,13})-[0-9a-f]+$/.exec(key)?.[1];
  return Number(time ?? 0);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
