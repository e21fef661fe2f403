import type { AppCredentials } from '#app/ports/meta-accounts.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import { type AppId, parseAppId } from '#domain/ids.ts';
import { type PlatformSecret, readPlatformSecret } from '#domain/secret/platform-secret.ts';
import type { Application } from './connect.ts';
import { OperatorError, UsageError } from './operator-error.ts';

/** A Meta app with the values that we hold of it: the one that all share, or a tenant's own. */
export interface HeldApp {
  /** Undefined: the shared one. */
  readonly own: AppId | undefined;
  readonly values: PlatformSecret;
}

export function secretOwnerOf(own: AppId | undefined): SecretOwner {
  return own === undefined ? { kind: 'platform' } : { kind: 'app', id: own };
}

/** How a value is called where it must be told whose it is. */
export function nameWithOwner(name: string, owner: SecretOwner): string {
  return owner.kind === 'app' ? `${owner.id}/${name}` : name;
}

/** @throws UsageError */
export function readAppId(text: string): AppId {
  const app = parseAppId(text);
  if (app) return app;
  throw new UsageError(
    `${JSON.stringify(text)} is no name of an own app: lower-case letters, digits and dashes, at most 64. Meta's id of it is given with --app-id.`,
  );
}

/** @throws OperatorError */
export async function readHeldApp(
  own: AppId | undefined,
  { vault }: Application,
): Promise<HeldApp> {
  const owner = secretOwnerOf(own);
  const stored = await vault.read(owner);
  if (stored !== 'unreadable') return { own, values: readPlatformSecret(stored?.fields ?? {}) };
  throw new OperatorError(
    `Secret ${vault.nameOf(owner)} is no JSON object: put its values again with npx concierge secret put.`,
  );
}

/** @throws OperatorError where Meta cannot be asked about tokens */
export function appCredentials(
  { own, values }: HeldApp,
  appId: string | undefined,
): AppCredentials {
  const id = appId ?? values.appId;
  const [secret] = values.appSecrets;
  if (id !== undefined && secret !== undefined) return { id, secret };
  const where = own === undefined ? "the platform's secret" : `the secret of app ${own}`;
  const lacking = [
    ...(id === undefined ? [`the app's id (--app-id, or appId in ${where})`] : []),
    ...(secret === undefined ? [`the app's secret (appSecrets in ${where})`] : []),
  ];
  throw new OperatorError(
    `Meta can only be asked with ${lacking.join(' and ')}. With --no-check it is not asked.`,
  );
}

/** Where Meta sends the app's webhooks. */
export function callbackUrlOf(own: AppId | undefined, { webhookUrl }: Application): string {
  return own === undefined ? webhookUrl : `${webhookUrl}/${own}`;
}
