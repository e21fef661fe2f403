import type { IncomingMessage } from 'node:http';
import type { WhatsAppWorld } from './whatsapp/world.ts';

/**
 * Shows WhatsApp what others post to the webhook, so that a reply to it finds an open window. It reads
 * along: its listeners come first, so WhatsApp knows before the deployed route has the whole body.
 */
export function observeWebhook(request: IncomingMessage, world: WhatsAppWorld): void {
  if (request.method !== 'POST') return;
  const signature = request.headers['x-hub-signature-256'];
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => world.observe(Buffer.concat(chunks), String(signature ?? '')));
}
