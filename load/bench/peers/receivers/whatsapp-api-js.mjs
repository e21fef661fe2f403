// As its README has it: the parsed body, the body as text, and the header.
import { WhatsAppAPI } from 'whatsapp-api-js';

export function createReceiver(appSecret) {
  const api = new WhatsAppAPI({ token: 'none', appSecret, v: 'v23.0' });
  let taken = { messages: [], statuses: [] };
  api.on.message = ({ message, phoneID }) => {
    taken.messages.push({ id: message.id, phoneNumberId: phoneID });
  };
  api.on.status = ({ id }) => {
    taken.statuses.push(id);
  };
  return {
    async receive(body, signature) {
      taken = { messages: [], statuses: [] };
      const text = body.toString('utf8');
      await api.post(JSON.parse(text), text, signature);
      return taken;
    },
    found: (received) => received,
  };
}
