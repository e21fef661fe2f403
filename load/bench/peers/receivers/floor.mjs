// What the runtime can do at best: nothing is looked at twice, and nothing is looked at that Meta never sends.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

export function createReceiver(appSecret) {
  const key = createSecretKey(Buffer.from(appSecret));
  return {
    receive(body, signature) {
      if (signature?.length !== 71 || !signature.startsWith('sha256=')) return undefined;
      const claimed = Buffer.from(signature.slice(7), 'hex');
      const digest = createHmac('sha256', key).update(body).digest();
      if (claimed.length !== digest.length || !timingSafeEqual(claimed, digest)) return undefined;
      return read(JSON.parse(body.toString('utf8')));
    },
    found: ({ messages, statuses }) => ({
      messages: messages.map(({ id, phoneNumberId }) => ({ id, phoneNumberId })),
      statuses: statuses.map(({ id }) => id),
    }),
  };
}

function read({ entry: entries }) {
  const messages = [];
  const statuses = [];
  for (const { changes } of entries) {
    for (const { field, value } of changes) {
      if (field !== 'messages') continue;
      const phoneNumberId = value.metadata.phone_number_id;
      for (const raw of value.messages ?? []) messages.push(messageOf(raw, phoneNumberId));
      for (const raw of value.statuses ?? []) {
        statuses.push({ id: raw.id, status: raw.status, phoneNumberId, raw });
      }
    }
  }
  return { messages, statuses };
}

function messageOf(raw, phoneNumberId) {
  return {
    id: raw.id,
    phoneNumberId,
    contact: raw.from_user_id ?? raw.from,
    type: raw.type,
    sentAtMs: Number(raw.timestamp) * 1_000,
    raw,
  };
}
