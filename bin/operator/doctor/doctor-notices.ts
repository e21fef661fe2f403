import type { Finding } from '#app/check-business.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import { isWebhookSecret } from '#domain/notice/webhook-secret.ts';
import { valuesOf } from '#domain/secret/rotation.ts';
import { inWords } from '#operator/target.ts';
import type { Patient } from './doctor.ts';

/** Of a business whose server is to be told of its chats: whether there is something to sign with. */
export async function noticesFindings(
  { id, tenant }: RegisteredTenant,
  { application, target }: Pick<Patient, 'application' | 'target'>,
): Promise<readonly Finding[]> {
  if (tenant === 'misconfigured' || !tenant.notices.webhook) return [];
  const secret = await application.vault.read({ kind: 'tenant', id });
  const fields = secret === 'unreadable' ? {} : (secret?.fields ?? {});
  const check = 'notices';
  if (valuesOf(fields, 'noticesSecrets').some(isWebhookSecret)) {
    return [{ verdict: 'ok', check, message: 'what its server is told is signed' }];
  }
  return [
    {
      verdict: 'failed',
      check,
      message: 'its server is told nothing, for want of a secret to sign with',
      advice: `npx concierge secret put notices-secret --tenant ${id} --generate --show-notices-secret ${inWords(target)}`,
    },
  ];
}
