// As its README has it: the raw body to verifySignature, then normalizeWebhook.
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';

export function createReceiver(appSecret) {
  return {
    receive(rawBody, signatureHeader) {
      if (!verifySignature({ appSecret, rawBody, signatureHeader })) return undefined;
      return normalizeWebhook(JSON.parse(rawBody.toString('utf8')));
    },
    // The number stands beside the messages, once for all of them.
    found: ({ messages, statuses, phoneNumberId }) => ({
      messages: messages.map(({ id }) => ({ id, phoneNumberId })),
      statuses: statuses.map(({ id }) => id),
    }),
  };
}
