// Each step of ingest by itself, in a process of its own with ingest's variables.
import { buildServices } from '../../../lambdas/ingest/handler.ts';
import { parseBody } from '../../../lambdas/ingest/parse-body.ts';
import { APP_SECRET } from '../../../local/demo.ts';
import { isSignedBy } from '../../../src/adapters/whatsapp/webhook-signature.ts';
import { inboundKey } from '../../../src/domain/conversation/message.ts';
import { readWebhook } from '../../../src/domain/whatsapp/webhook.ts';
import { cpuPerCall } from '../cpu-per-call.ts';
import type { SizedWebhook } from '../webhooks.ts';

/** CPU of each step, in microseconds, for each of the webhooks. */
export type StepsReport = readonly (readonly number[])[];

const services = buildServices();

process.once('message', async (webhooks: readonly SizedWebhook[]) => {
  const report: number[][] = [];
  for (const webhook of webhooks) report.push(await measureSteps(webhook));
  process.send?.(report satisfies StepsReport, () => process.disconnect());
});

/** In the order in which ingest takes them. */
async function measureSteps({ body, signature }: SizedWebhook): Promise<number[]> {
  const parsed = parseBody(body) ?? {};
  const { messages, events } = readWebhook(parsed);
  const about = { correlationId: 'bench', receivedAtMs: Date.now() };
  const envelopes = events.map((event) => ({ ...event, ...about }));
  const rings = messages.map((message) => ({
    chat: message.chat,
    messageKey: inboundKey(message),
    number: 0,
    ...about,
  }));
  let calls = 0;
  const store = () => {
    // A message that is there already costs something else.
    calls += 1;
    return services.inbox.accept(
      messages.map((message, position) => ({
        message: { ...message, wamid: `${message.wamid}.${calls}` },
        acceptedAtMs: about.receivedAtMs,
        position,
        correlationId: about.correlationId,
      })),
    );
  };
  const ring = () =>
    Promise.all([
      services.bell.ring(rings),
      envelopes.length > 0 ? services.events.send(envelopes) : undefined,
    ]);
  return [
    await cpuPerCall(() => isSignedBy(body, signature, [APP_SECRET])),
    await cpuPerCall(() => parseBody(body)),
    await cpuPerCall(() => readWebhook(parsed)),
    await cpuPerCall(store),
    await cpuPerCall(ring),
  ];
}
