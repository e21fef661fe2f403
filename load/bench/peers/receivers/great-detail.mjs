// As its README has it. It takes nothing apart: what it gives is Meta's JSON with a type.
import Client from '@great-detail/whatsapp';

export function createReceiver(appSecret) {
  const client = new Client();
  return {
    async receive(body, signature) {
      const event = await client.webhook.eventNotification({
        method: 'POST',
        query: {},
        body: body.toString('utf8'),
        headers: { 'x-hub-signature-256': signature },
      });
      await event.verifySignature(appSecret);
      return event.eventNotification;
    },
    found({ entry: entries = [] }) {
      const values = entries.flatMap(({ changes }) => changes.map(({ value }) => value));
      return {
        messages: values.flatMap(({ metadata, messages = [] }) =>
          messages.map((message) => ({
            id: message?.id,
            phoneNumberId: metadata.phone_number_id,
          })),
        ),
        statuses: values.flatMap(({ statuses = [] }) => statuses.map(({ id }) => id)),
      };
    },
  };
}
