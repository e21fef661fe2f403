// The adapter with a chat that only gathers what it is given: less than Chat SDK does with it.
import { createWhatsAppAdapter } from '@chat-adapter/whatsapp';
import { BAKERY } from '../../stand-ins/webhooks.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

// Where the adapter remembers who is who, for each message.
const known = new Map();
const stateInMemory = {
  get: async (key) => known.get(key),
  set: async (key, value) => known.set(key, value),
};

export function createReceiver(appSecret) {
  const adapter = createWhatsAppAdapter({
    accessToken: 'none',
    appSecret,
    phoneNumberId: BAKERY.phoneNumberId,
    verifyToken: 'none',
    logger: silent,
  });
  let messages = [];
  const ready = adapter.initialize({
    processMessage: (_adapter, _thread, message) => messages.push(message),
    getState: () => stateInMemory,
  });
  return {
    async receive(body, signature) {
      await ready;
      messages = [];
      const headers = signature === undefined ? {} : { 'x-hub-signature-256': signature };
      const request = new Request('http://127.0.0.1/webhook', { method: 'POST', headers, body });
      const { status } = await adapter.handleWebhook(request);
      return status === 200 ? messages : undefined;
    },
    found: (received) => ({
      messages: received.map(({ id, raw }) => ({ id, phoneNumberId: raw.phoneNumberId })),
      statuses: [],
    }),
  };
}
