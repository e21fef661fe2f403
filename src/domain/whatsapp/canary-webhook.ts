import type { JsonObject } from '#domain/json.ts';
import { CANARY_NUMBER } from '#domain/tenant/canary-tenant.ts';
import { type InboundMessage, readInboundMessage } from './inbound-message.ts';

/** A webhook of the canary's, and the message in it as it will lie in its chat. */
export interface CanaryWebhook {
  readonly body: JsonObject;
  readonly message: InboundMessage;
}

/**
 * What Meta would send if a customer wrote to the canary's number now. Each time it is another customer: a
 * chat that went wrong once, and waits for a person or a retry, says nothing of the next.
 */
export function canaryWebhook(nowMs: number): CanaryWebhook {
  const user = `ZZ.canary.${nowMs}`;
  const element = {
    from_user_id: user,
    id: `wamid.canary.${nowMs}`,
    timestamp: String(Math.floor(nowMs / 1_000)),
    type: 'text',
    text: { body: 'Does this service work?' },
  };
  const message = readInboundMessage(CANARY_NUMBER, element);
  if (!message) throw new TypeError('The canary made a message that ingest would not take');
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '0', phone_number_id: CANARY_NUMBER },
    contacts: [{ profile: { name: 'Canary' }, user_id: user }],
    messages: [element],
  };
  const entry = [{ id: '0', changes: [{ field: 'messages', value }] }];
  return { body: { object: 'whatsapp_business_account', entry }, message };
}
