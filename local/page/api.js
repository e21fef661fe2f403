const BASE = '/simulator/api';

async function call(path, options) {
  const response = await fetch(`${BASE}/${path}`, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error?.message ?? `HTTP ${response.status}`);
  return body;
}

function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  return call(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

export const api = {
  tenants: async () => (await call('tenants')).tenants,
  transcript: (phoneNumberId, contact) =>
    call(`chats/${phoneNumberId}/${encodeURIComponent(contact)}`),
  chats: async (phoneNumberId) => (await call(`chats/${phoneNumberId}`)).chats,
  write: (message) => post('messages', message),
  model: () => call('model'),
  setModel: (settings) => post('model', settings),
  faults: async () => (await call('faults')).faults,
  arm: async (fault) => (await post('faults', fault)).faults,
  clearFaults: async () => (await call('faults', { method: 'DELETE' })).faults,
};

/** Calls back for every event of the feed, and when the stream comes and goes. */
export function listen({ onEntry, onConnection }) {
  const source = new EventSource(`${BASE}/events`);
  source.addEventListener('open', () => onConnection(true));
  source.addEventListener('error', () => onConnection(false));
  source.addEventListener('message', ({ data }) => onEntry(JSON.parse(data)));
}
