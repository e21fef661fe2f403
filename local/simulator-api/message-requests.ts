import { isObject, type JsonObject, listAt, valueAt } from '#domain/json.ts';
import { InboundError } from '#local/whatsapp/inbox.ts';
import { STATUS_DELIVERIES } from '#local/whatsapp/status-gate.ts';
import type { WhatsAppWorld } from '#local/whatsapp/world.ts';
import { readFile } from './file-request.ts';
import { optionalOneOf, optionalText, optionalWholeNumber, requiredText } from './request-body.ts';
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
    file: readFile(body),
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

/** `POST statuses`: whether status webhooks are delivered from now on. @throws RequestError 400 */
export function changeStatuses(world: WhatsAppWorld, body: JsonObject): JsonObject {
  const delivery = optionalOneOf(body, 'delivery', STATUS_DELIVERIES);
  if (delivery === undefined) throw new RequestError(400, 'delivery is required');
  world.statuses.set(delivery);
  return { delivery };
}

/** `POST access-tokens`: WhatsApp takes these for a number from now on, and no others. @throws RequestError 400 */
export function replaceAccessTokens(world: WhatsAppWorld, body: JsonObject): JsonObject {
  const number = requiredText(body, 'phone_number_id');
  const tokens = listAt(body, 'access_tokens').filter((each) => typeof each === 'string');
  if (tokens.length !== listAt(body, 'access_tokens').length || tokens.length === 0) {
    throw new RequestError(400, 'access_tokens must be a list of strings');
  }
  if (!world.numbers.replaceTokens(number, tokens)) {
    throw new RequestError(400, `No business has the phone number id ${number}`);
  }
  return { phone_number_id: number };
}
