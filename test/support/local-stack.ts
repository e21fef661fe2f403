import { createServer } from 'node:http';
import { Callers } from '#local/callers.ts';
import { realClock } from '#local/clock.ts';
import { Faults } from '#local/faults.ts';
import { ScriptedModel } from '#local/model/scripted-model.ts';
import { createPage } from '#local/page/page-files.ts';
import { listen, startPeerServer } from '#local/peer-server.ts';
import { Feed } from '#local/simulator-api/feed.ts';
import { createSimulatorApi } from '#local/simulator-api/simulator-api.ts';
import type { Business } from '#local/whatsapp/business.ts';
import { GraphApi } from '#local/whatsapp/graph-api.ts';
import { WhatsAppWorld } from '#local/whatsapp/world.ts';

export interface LocalStack {
  /** Where the page is. */
  readonly url: string;
  close(): Promise<void>;
}

function business(name: string, number: 1 | 2): Business {
  return {
    name,
    phoneNumberId: `10000000000000${number}`,
    displayPhoneNumber: `1555010000${number}`,
    accountId: `20000000000000${number}`,
    portfolioId: `30000000000000${number}`,
    accessTokens: ['token'],
  };
}

/** The page over the simulated peers, with an echo where the concierge would be. */
export async function startStack(): Promise<LocalStack> {
  const clock = realClock();
  const faults = new Faults();
  const feed = new Feed();
  const businesses = [business('Sunrise Bakery', 1), business('Riverside Clinic', 2)];
  const model = new ScriptedModel({ clock });
  model.latencyMs = 600;
  const world = new WhatsAppWorld({
    businesses,
    appSecret: 'local-app-secret',
    clock,
    deliver: async (body) => {
      // biome-ignore lint/suspicious/noExplicitAny: the echo reads only what the world wrote
      const { value } = (JSON.parse(body.toString()) as any).entry[0].changes[0];
      for (const message of value.messages ?? [])
        void echo(value.metadata.phone_number_id, message);
      return 200;
    },
    onEvent: (event) => feed.push(event),
  });
  const graph = await startPeerServer(new GraphApi(world), {
    faults,
    callers: new Callers(faults),
  });
  const path = (id: string) => `${graph.url}/v26.0/${id}/messages`;

  function graphCall(id: string, body: object): Promise<Response> {
    const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
    const text = JSON.stringify({ messaging_product: 'whatsapp', ...body });
    return fetch(path(id), { method: 'POST', headers, body: text });
  }

  // biome-ignore lint/suspicious/noExplicitAny: an element of messages[]
  async function echo(id: string, message: any): Promise<void> {
    const chat = { phoneNumberId: id, contact: message.from };
    const say = (kind: 'queue' | 'turn' | 'model', detail: string) =>
      feed.push({ at: clock.now(), kind, chat, detail });
    say('queue', 'The bell of the chat was rung');
    say('turn', 'Turn begun: 1 message to answer');
    const typing_indicator = { type: 'text' };
    await graphCall(id, { status: 'read', message_id: message.id, typing_indicator });
    await new Promise((resolve) => setTimeout(resolve, model.latencyMs));
    say('model', 'The model answered, 42 tokens');
    const text = { body: `You said: ${message.text?.body ?? `[${message.type}]`}` };
    await graphCall(id, { to: message.from, type: 'text', text });
  }

  const page = createPage();
  const api = createSimulatorApi({
    world,
    faults,
    feed,
    model,
    tenants: () =>
      businesses.map(({ name, phoneNumberId, displayPhoneNumber }) => ({
        id: name,
        name,
        phone_number_id: phoneNumberId,
        display_phone_number: displayPhoneNumber,
      })),
    metrics: () => ({}),
    deadLetters: () => [],
  });
  const server = await listen(
    createServer((request, response) => {
      if (!page(request, response)) api(request, response);
    }),
    0,
  );
  return {
    url: server.url,
    async close() {
      world.close();
      feed.close();
      await Promise.all([server.close(), graph.close()]);
    },
  };
}
