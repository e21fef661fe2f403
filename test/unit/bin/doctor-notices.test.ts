import { beforeEach, expect, test } from 'vitest';
import { webhookSecretOf } from '#domain/notice/webhook-secret.ts';
import { NOTICE_KINDS } from '#domain/tenant/notices-settings.ts';
import { noticesFindings } from '#operator/doctor/doctor-notices.ts';
import { aTenant, TENANT_ID } from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

const webhook = { url: 'https://hooks.bakery.example/', events: NOTICE_KINDS };
const SECRET = webhookSecretOf(Buffer.alloc(32, 1).toString('base64'));

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});

function findings(tenant: ReturnType<typeof aTenant> | 'misconfigured') {
  const target = { kind: 'cloud', stage: 'prod' } as const;
  const entry = { id: TENANT_ID, tenant, numbers: [], revision: 1 };
  return noticesFindings(entry, { application: desk.application, target });
}

test('a business that is to be told, and has no secret to know us by, is told how', async () => {
  const failed = [
    {
      verdict: 'failed',
      check: 'notices',
      advice:
        'npx concierge secret put notices-secret --tenant bakery --generate --show-notices-secret --stage prod',
    },
  ];
  expect(await findings(aTenant({ notices: { webhook } }))).toMatchObject(failed);
  const owner = { kind: 'tenant', id: TENANT_ID } as const;
  await desk.vault.write(owner, { accessToken: 'token', noticesSecrets: ['whsec_short'] });
  expect(await findings(aTenant({ notices: { webhook } }))).toMatchObject(failed);
  await desk.vault.write(owner, { accessToken: 'token', noticesSecrets: [SECRET] });
  expect(await findings(aTenant({ notices: { webhook } }))).toMatchObject([{ verdict: 'ok' }]);
});

test('of one that is told nothing, nothing is said', async () => {
  expect(await findings(aTenant())).toEqual([]);
  expect(await findings('misconfigured')).toEqual([]);
});
