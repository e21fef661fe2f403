import { expect, test } from 'vitest';
import { nameTenant } from '#app/name-tenant.ts';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import { aTenant, PHONE_NUMBER_ID, TENANT_ID } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';

function aChatsLog(found: ReturnType<typeof aTenant> | 'misconfigured' | undefined) {
  const log = new RecordingLog({ chat: 'a chat' });
  const tenants: TenantDirectory = { findByPhoneNumber: async () => found };
  const named = nameTenant({ log, tenants });
  return { ...named, lines: log.lines };
}

test('lines name the tenant from when it is known, also those of a log made before', async () => {
  const { log, tenants, lines } = aChatsLog(aTenant());
  const early = log.with({ part: 1 });
  log.debug('chat_rung');
  await tenants.findByPhoneNumber(PHONE_NUMBER_ID);
  early.warn('send_refused', { code: 'graph:1' });
  log.error('chat_failed', {}, new TypeError('a bug'));
  expect(lines).toEqual([
    { level: 'debug', event: 'chat_rung', fields: { chat: 'a chat' } },
    {
      level: 'warn',
      event: 'send_refused',
      fields: { chat: 'a chat', tenantId: TENANT_ID, part: 1, code: 'graph:1' },
    },
    {
      level: 'error',
      event: 'chat_failed',
      fields: { chat: 'a chat', tenantId: TENANT_ID },
      error: new TypeError('a bug'),
    },
  ]);
});

test.each(['misconfigured', undefined] as const)(
  'a number of no readable tenant: %s',
  async (found) => {
    const { log, tenants, lines } = aChatsLog(found);
    expect(await tenants.findByPhoneNumber(PHONE_NUMBER_ID)).toBe(found);
    log.info('chat_idle');
    expect(lines).toMatchObject([{ fields: { chat: 'a chat' } }]);
  },
);
