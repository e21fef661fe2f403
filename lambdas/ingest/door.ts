import {
  type AcceptOwnAppWebhookDeps,
  acceptOwnAppWebhook,
  type OwnAppWebhookResult,
} from '#app/accept-own-app-webhook.ts';
import { acceptWebhook } from '#app/accept-webhook.ts';
import type { AppSecretSource, WebhookSecrets } from '#app/ports/app-secret-source.ts';
import type { SecretSource } from '#app/ports/secret-source.ts';
import { type AppId, parseAppId } from '#domain/ids.ts';
import type { JsonObject } from '#domain/json.ts';

export interface DoorDeps extends AcceptOwnAppWebhookDeps {
  readonly secrets: Pick<SecretSource, 'platform' | 'refreshPlatform'>;
  readonly ownSecrets: AppSecretSource;
}

/** One callback URL: by what Meta proves itself there, and who takes what it brings. */
export interface Door {
  /** Undefined where nobody has the app. @throws SecretUnavailableError */
  secrets(): Promise<WebhookSecrets | undefined>;
  /** @returns whether other values may be there now */
  refresh(): Promise<boolean>;
  accept(body: JsonObject, correlationId: string, deps: DoorDeps): Promise<OwnAppWebhookResult>;
}

/**
 * The door of a path's last part: none for `/webhook`, which is the platform's app.
 * @returns undefined for a part that cannot be an app's id
 */
export function doorOf(part: string | undefined, deps: DoorDeps): Door | undefined {
  if (part === undefined) return sharedDoor(deps);
  const app = parseAppId(part);
  return app && ownDoor(app, deps);
}

function sharedDoor({ secrets }: DoorDeps): Door {
  return {
    secrets: () => secrets.platform(),
    refresh: () => secrets.refreshPlatform(),
    accept: acceptWebhook,
  };
}

/** The table is asked first: a made-up app costs no call of Secrets Manager. */
function ownDoor(app: AppId, { apps, ownSecrets }: DoorDeps): Door {
  return {
    secrets: async () => ((await apps.findApp(app)) ? ownSecrets.app(app) : undefined),
    refresh: () => ownSecrets.refreshApp(app),
    accept: (body, correlationId, deps) => acceptOwnAppWebhook(app, body, correlationId, deps),
  };
}
