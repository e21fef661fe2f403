// The very functions that the ingest bundle is made of, in its order.
import { parseBody } from '../../../../lambdas/ingest/parse-body.ts';
import { isSignedBy } from '../../../../src/adapters/whatsapp/webhook-signature.ts';
import { readWebhook } from '../../../../src/domain/whatsapp/webhook.ts';

export function createReceiver(appSecret) {
  return {
    receive(body, signature) {
      if (!isSignedBy(body, signature, [appSecret])) return undefined;
      const parsed = parseBody(body);
      return parsed && readWebhook(parsed);
    },
    found: ({ messages, events }) => ({
      messages: messages.map(({ wamid, chat }) => ({
        id: wamid,
        phoneNumberId: chat.phoneNumberId,
      })),
      statuses: events.filter(({ kind }) => kind === 'status').map(({ payload }) => payload.id),
    }),
  };
}
