import { type Command, commandMessage } from '#domain/conversation/command.ts';
import { type PhoneNumberId, parseContactId } from '#domain/ids.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import { type InboundMessage, readTimestamp } from './inbound-message.ts';

/** Webhook fields that bring what a person typed on the business's own phone. */
export const ECHO_FIELDS: readonly string[] = ['smb_message_echoes', 'message_echoes'];

/** As it is told in a chat: nobody of ours signed in for it. */
const BY_PHONE = 'phone';

/**
 * What was said on the business's phone, each as an entry of its chat's inbox under the id that WhatsApp gave
 * it, so that a redelivery is recognised. Groups are left out: nobody is answered there.
 * @returns undefined where something cannot be read
 */
export function readEchoes(
  phoneNumberId: PhoneNumberId,
  value: unknown,
): readonly InboundMessage[] | undefined {
  if (!isObject(value)) return undefined;
  const elements = listAt(value, 'message_echoes').filter(
    (each) => !isObject(each) || each['group_id'] === undefined,
  );
  const echoes = elements.map((each) => readEcho(phoneNumberId, each));
  const read = echoes.filter((each) => each !== undefined);
  return read.length === 0 || read.length < echoes.length ? undefined : read;
}

function readEcho(phoneNumberId: PhoneNumberId, element: unknown): InboundMessage | undefined {
  if (!isObject(element)) return undefined;
  const id = textAt(element, 'id');
  const userId = parseContactId(element['to_user_id']);
  const waId = parseContactId(element['to']);
  const contact = userId ?? waId;
  const atMs = readTimestamp(element['timestamp']);
  if (!id || id.length > 512 || !contact || atMs === undefined) return undefined;
  const message = commandMessage({ phoneNumberId, contact }, commandOf(element), { id, atMs });
  // Both of its ids, so that an erasure under either finds it.
  return { ...message, userId, waId };
}

function commandOf(element: JsonObject): Command {
  const type = textAt(element, 'type') ?? 'unknown';
  const content = objectAt(element, type) ?? {};
  const changes = textAt(content, 'original_message_id');
  const echo = { kind: 'echo', by: BY_PHONE } as const;
  switch (type) {
    case 'text':
      return { ...echo, text: textAt(content, 'body') ?? '' };
    case 'edit':
      return { ...echo, text: editedText(content), changes: changes ?? '' };
    case 'revoke':
      return { ...echo, text: '', changes: changes ?? '' };
    default:
      return { ...echo, text: textAt(content, 'caption') ?? `[${type}]` };
  }
}

/** An edit holds the message as it is now. */
function editedText(content: JsonObject): string {
  const message = objectAt(content, 'message') ?? content;
  const text = textAt(objectAt(message, 'text') ?? {}, 'body');
  return text ?? textAt(message, 'body') ?? '';
}
