import type { Ring } from '#app/ports/queues.ts';
import { chatKey, parseChatKey } from '#domain/ids.ts';
import { numberAt, textAt } from '#domain/json.ts';
import { readBody, writeBody } from './json-body.ts';

/** A ring as it lies in the chat queue and its dead-letter queue. */
export function writeRingBody({ chat, messageKey, number, correlationId }: Ring): string {
  return writeBody({ chat: chatKey(chat), messageKey, number, correlationId });
}

/** `malformed` for a body that no version up to this one wrote. */
export function readRingBody(text: string): Ring | 'malformed' {
  const body = readBody(text);
  const chat = body && parseChatKey(textAt(body, 'chat') ?? '');
  const messageKey = body && textAt(body, 'messageKey');
  const number = body && numberAt(body, 'number');
  if (!chat || messageKey === undefined || number === undefined) return 'malformed';
  return { chat, messageKey, number, correlationId: textAt(body, 'correlationId') ?? '' };
}
