import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalCloud } from './cloud/local-cloud.ts';
import { RECEIVER_PATH, type WebhookReceiver } from './notices/webhook-receiver.ts';
import { observeWebhook } from './observe-webhook.ts';
import type { createPage } from './page/page-files.ts';
import { type createSimulatorApi, SIMULATOR_API_PREFIX } from './simulator-api/simulator-api.ts';
import type { WhatsAppWorld } from './whatsapp/world.ts';

/** Behind the one address of the local stack. */
export interface Doors {
  readonly simulatorApi: ReturnType<typeof createSimulatorApi>;
  readonly page: ReturnType<typeof createPage>;
  readonly world: WhatsAppWorld;
  readonly cloud: LocalCloud;
  readonly receiver: WebhookReceiver;
}

/** The simulator's API and page, the receiver of notices; everything else is the deployed API's. */
export async function answer(
  doors: Doors | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!doors) {
    response.writeHead(503).end();
    return;
  }
  const { simulatorApi, page, world, cloud, receiver } = doors;
  if (request.url?.startsWith(SIMULATOR_API_PREFIX)) {
    simulatorApi(request, response);
    return;
  }
  if (request.url === RECEIVER_PATH && request.method === 'POST') {
    await receiver.handle(request, response);
    return;
  }
  if (page(request, response)) return;
  observeWebhook(request, world);
  await cloud.handleRequest(request, response);
}
