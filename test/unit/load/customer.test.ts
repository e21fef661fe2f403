import { beforeEach, expect, it, vi } from 'vitest';
import { isSignedBy } from '#adapters/whatsapp/webhook-signature.ts';
import { isObject } from '#domain/json.ts';
import { CANARY_NUMBER } from '#domain/tenant/canary-tenant.ts';
import { readWebhook } from '#domain/whatsapp/webhook.ts';
import { fillIn } from '../../../load/customer.ts';

beforeEach(() => {
  vi.stubEnv('LOAD_APP_SECRET', 'of-the-stage');
  return () => vi.unstubAllEnvs();
});

it('writes as a customer of the canary, each time another one, signed as Meta signs', async () => {
  const customers = new Set<string>();
  for (const _ of [1, 2, 3]) {
    const request: { body?: string; headers?: Record<string, string> } = {};
    await fillIn(request);
    const { body = '', headers = {} } = request;
    expect(isSignedBy(Buffer.from(body), headers['x-hub-signature-256'], ['of-the-stage'])).toBe(
      true,
    );
    const json: unknown = JSON.parse(body);
    const { messages } = readWebhook(isObject(json) ? json : {});
    expect(messages).toHaveLength(1);
    expect(messages[0]?.chat.phoneNumberId).toBe(CANARY_NUMBER);
    customers.add(JSON.stringify(messages[0]?.chat));
  }
  expect(customers.size).toBe(3);
});
