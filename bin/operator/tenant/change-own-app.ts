import { checkApp } from '#app/check-business.ts';
import type { AppId, TenantId } from '#domain/ids.ts';
import type { Application } from '#operator/connect.ts';
import { appCredentials, readHeldApp, secretOwnerOf } from '#operator/held-app.ts';
import { OperatorError } from '#operator/operator-error.ts';
import type { Target } from '#operator/target.ts';
import { inWords } from '#operator/target.ts';
import { dashboardInWords } from './tenant-report.ts';

/**
 * Before a tenant is served by another app: what we hold of that one is complete, and Meta takes it.
 * @throws OperatorError
 */
export async function refuseUnreadyApp(
  own: AppId | undefined,
  { appId }: { readonly appId?: string },
  application: Application,
): Promise<void> {
  const held = await readHeldApp(own, application);
  const found = await checkApp(appCredentials(held, appId), application.meta);
  if (found.verdict !== 'ok') {
    throw new OperatorError(
      `${found.message}: ${found.advice}. Nothing was changed. With --no-check Meta is not asked.`,
    );
  }
  if (held.values.verifyTokens.length > 0) return;
  const secret = application.vault.nameOf(secretOwnerOf(own));
  throw new OperatorError(
    `Secret ${secret} has no verify token, so no webhook could be taken. Nothing was changed: put one with npx concierge secret put verify-token --generate.`,
  );
}

interface AppChange {
  readonly id: TenantId;
  readonly before: AppId | undefined;
  readonly app: AppId | undefined;
  readonly target: Target;
}

/** What is left to do after a tenant's app has changed. */
export async function appChangeInWords(
  { id, before, app, target }: AppChange,
  application: Application,
): Promise<string> {
  const held = await readHeldApp(app, application);
  const which = app === undefined ? 'the shared app' : `app ${app}`;
  const left =
    before === undefined
      ? 'What the shared app brings of its numbers is still taken.'
      : `What app ${before} brings is refused from now on; its secret ${application.vault.nameOf(secretOwnerOf(before))} is read by nobody any more.`;
  return `${left}
Next, an access token that ${which} gave out, and the account's webhooks:
  npx concierge secret put access-token --tenant ${id} --subscribe ${inWords(target)}
${dashboardInWords({ app: held, showVerifyToken: false, target }, application)}`;
}
