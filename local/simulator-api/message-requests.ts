import { isObject, type JsonObject, valueAt } from '#domain/json.ts';
import { InboundError } from '#local/whatsapp/inbox.ts';
import type { WhatsAppWorld } from '#local/whatsapp/world.ts';
import { optionalText, optionalWholeNumber, requiredText } from './request-body.ts';
import { RequestError } from './request-error.ts';

/** `POST messages`: a customer writes. @throws RequestError 400 */
export function postMessage(world: WhatsAppWorld, body: JsonObject): { readonly wamid: string } {
  const message = valueAt(body, 'message');
  if (message !== undefined && !isObject(message)) {
    throw new RequestError(400, 'message must be an element of messages[] as Meta sends it');
  }
  const text = optionalText(body, 'text');
  if (text === '') throw new RequestError(400, 'text must not be empty');
  const request = {
    to: requiredText(body, 'to'),
    from: optionalText(body, 'from'),
    name: optionalText(body, 'name'),
    text,
    message,
  };
  try {
    return { wamid: world.receive(request) };
  } catch (error) {
    if (error instanceof InboundError) throw new RequestError(400, error.message);
    throw error;
  }
}

/** `POST delivery-failures`: the next message to a customer fails after Meta accepted it. */
export function failDelivery(world: WhatsAppWorld, body: JsonObject): JsonObject {
  const to = requiredText(body, 'phone_number_id');
  const contact = requiredText(body, 'contact').replace(/^\+/, '');
  const code = optionalWholeNumber(body, 'code', { min: 1, max: 9_999_999 }) ?? 131026;
  if (!world.failNext(to, contact, code)) {
    throw new RequestError(400, 'This customer has not written to this business yet');
  }
  return { phone_number_id: to, contact, code };
}
