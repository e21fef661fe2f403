import type { OutgoingMessage, ReadReceipt } from '#app/ports/message-sender.ts';
import type { Template } from '#domain/conversation/bubble.ts';
import { writeCallbackData } from '#domain/conversation/callback-data.ts';
import type { Recipient } from '#domain/conversation/head.ts';
import { isObject, type JsonObject, listAt, textAt } from '#domain/json.ts';
import { interactiveBody } from './interactive-body.ts';

/** @returns undefined where neither a phone number nor a user id is known */
export function messageBody({
  recipient,
  text,
  choices,
  quotes,
  template,
  reference,
}: OutgoingMessage): JsonObject | undefined {
  const address = addressOf(recipient);
  const content = template
    ? { type: 'template', template: templateOf(template) }
    : choices
      ? { type: 'interactive', interactive: interactiveBody(text, choices) }
      : { type: 'text', text: { preview_url: false, body: text } };
  return (
    address && {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...address,
      ...(quotes === undefined ? {} : { context: { message_id: quotes } }),
      ...content,
      biz_opaque_callback_data: writeCallbackData(reference),
    }
  );
}

function templateOf({ name, language, parameters }: Template): JsonObject {
  const values = parameters.map((text) => ({ type: 'text', text }));
  const components = values.length > 0 ? [{ type: 'body', parameters: values }] : [];
  return { name, language: { code: language }, components };
}

/** Without the `+` Meta may put the business's own country code before the number. */
function addressOf({ waId, userId }: Recipient): JsonObject | undefined {
  if (waId) return { to: /^\d+$/.test(waId) ? `+${waId}` : waId };
  return userId && { recipient: userId };
}

/** Marks as read; the typing indicator ends with our reply, or after 25 seconds. */
export function typingBody({ wamid }: ReadReceipt): JsonObject {
  return {
    messaging_product: 'whatsapp',
    status: 'read',
    message_id: wamid,
    typing_indicator: { type: 'text' },
  };
}

/** The id that an accepted message got. */
export function wamidOf(body: unknown): string | undefined {
  const [message] = isObject(body) ? listAt(body, 'messages') : [];
  return isObject(message) ? textAt(message, 'id') : undefined;
}
