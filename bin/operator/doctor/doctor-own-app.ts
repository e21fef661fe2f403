import type { Finding } from '#app/check-business.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import type { AppId, TenantId } from '#domain/ids.ts';
import { readPlatformSecret } from '#domain/secret/platform-secret.ts';
import { secretOwnerOf } from '#operator/held-app.ts';
import { missingIn } from '#operator/secret/put-secret.ts';
import { inWords, type Target } from '#operator/target.ts';
import type { Patient } from './doctor.ts';
import { baseOf, probeFinding, unsignedProbe } from './doctor-routes.ts';
import { forgottenRotations } from './doctor-secrets.ts';

/** Of a tenant's own Meta app: that it is bound to the tenant, its secret, and its callback URL. */
export async function ownAppFindings(
  entry: RegisteredTenant,
  patient: Patient,
): Promise<readonly Finding[]> {
  const app = entry.tenant === 'misconfigured' ? undefined : entry.tenant.app;
  if (app === undefined) return [];
  return [
    ...(await bindingFindings(app, entry, patient)),
    ...(await secretAndRouteFindings(app, patient)),
  ];
}

async function bindingFindings(
  app: AppId,
  { id, numbers }: RegisteredTenant,
  { application, target }: Patient,
): Promise<readonly Finding[]> {
  const own = await application.register.findApp(app);
  const isReadable = own !== undefined && own !== 'misconfigured';
  const isBound =
    isReadable &&
    own.tenantId === id &&
    numbers.every(({ accountId }) => accountId === undefined || own.accountIds.includes(accountId));
  if (isBound)
    return unknownAccounts(numbers).map((number) => ofUnknownAccount(number, id, target));
  return [
    {
      verdict: 'failed',
      check: 'app',
      message: `its app ${app} is not bound to it and its accounts: what that brings is refused`,
      advice: `npx concierge tenant set ${id} ${inWords(target)}`,
    },
  ];
}

function unknownAccounts(numbers: RegisteredTenant['numbers']): readonly string[] {
  return numbers
    .filter(({ accountId }) => accountId === undefined)
    .map(({ phoneNumberId }) => phoneNumberId);
}

function ofUnknownAccount(number: string, id: TenantId, target: Target): Finding {
  return {
    verdict: 'warning',
    check: 'app',
    message: `the account of number ${number} is not known: what its app tells of that is refused`,
    advice: `npx concierge tenant set ${id} --number ${number}:<account> ${inWords(target)}, with all its numbers`,
  };
}

async function secretAndRouteFindings(app: AppId, patient: Patient): Promise<readonly Finding[]> {
  const { application, target } = patient;
  const owner = secretOwnerOf(app);
  const whose = `--app ${app} ${inWords(target)}`;
  const name = application.vault.nameOf(owner);
  const stored = await application.vault.read(owner);
  if (stored === 'unreadable') {
    return [{ verdict: 'failed', check: 'app-secret', message: `${name} is no JSON object` }];
  }
  const fields = stored?.fields ?? {};
  const missing = missingIn(fields, owner);
  if (missing.length > 0) {
    const advice = missing.map((each) => `npx concierge secret put ${each} ${whose}`).join('; ');
    const message = `secret ${name} lacks ${missing.join(', ')}`;
    return [{ verdict: 'failed', check: 'app-secret', message, advice }];
  }
  const [verifyToken = ''] = readPlatformSecret(fields).verifyTokens;
  return [
    ...forgottenRotations(fields, whose, application.clock.now()),
    ...(await routeFindings(app, verifyToken, patient)),
  ];
}

/** As Meta would: an app that nobody has is answered like one that somebody has, but for the token. */
async function routeFindings(
  app: AppId,
  verifyToken: string,
  patient: Patient,
): Promise<readonly Finding[]> {
  const path = `/webhook/${app}`;
  const challenge = 'concierge-doctor';
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.challenge': challenge,
    'hub.verify_token': verifyToken,
  });
  const probes = [
    {
      path: `${path}?${query}`,
      method: 'GET',
      status: 200,
      text: challenge,
      means: 'its verify token is taken',
      advice: 'wait five minutes after a change; a 5xx: docs/runbooks/function-errors.md',
    },
    unsignedProbe(path),
  ] as const;
  const findings = await Promise.all(probes.map((probe) => probeFinding(baseOf(patient), probe)));
  // That the API does not answer at all is told once, of the shared routes.
  return findings.filter((finding) => finding !== undefined);
}
