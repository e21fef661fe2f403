import type { WebhookSecrets } from '#app/ports/app-secret-source.ts';
import type { PlatformSecrets, TenantSecrets } from '#app/ports/secret-source.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import { isObject, type JsonObject, textAt, valueAt } from '#domain/json.ts';
import { isWebhookSecret } from '#domain/notice/webhook-secret.ts';
import { timesOf, valuesOf, type WebhookField } from '#domain/secret/rotation.ts';

/** How a secret's text becomes a value, and what to tell the operator when it does not. */
export interface SecretShape<Value> {
  /** The documented shape, as an example without values. */
  readonly example: string;
  /** @returns undefined for a text of another shape */
  read(text: string): Value | undefined;
}

export const platformShape: SecretShape<PlatformSecrets> = {
  example: '{"appSecrets":["…"],"verifyTokens":["…"],"openAiApiKey":"…"}',
  read(text) {
    const value = parse(text);
    const secrets = isObject(value) ? webhookSecrets(value) : undefined;
    if (!isObject(value) || !secrets) return undefined;
    return { ...secrets, openAiApiKey: textAt(value, 'openAiApiKey') };
  },
};

export const ownAppShape: SecretShape<WebhookSecrets> = {
  example: '{"appId":"…","appSecrets":["…"],"verifyTokens":["…"]}',
  read(text) {
    const value = parse(text);
    return isObject(value) ? webhookSecrets(value) : undefined;
  },
};

export const tenantShape: SecretShape<TenantSecrets> = {
  example: '{"accessToken":"…"}',
  read(text) {
    const value = parse(text);
    const accessToken = isObject(value) ? textAt(value, 'accessToken') : undefined;
    if (!isObject(value) || accessToken === undefined) return undefined;
    const noticesSecrets = valuesOf(value, 'noticesSecrets').filter(isWebhookSecret);
    return { accessToken, ...(noticesSecrets.length > 0 && { noticesSecrets }) };
  },
};

const SHAPES = { platform: platformShape, tenant: tenantShape, app: ownAppShape };

function webhookSecrets(value: JsonObject): WebhookSecrets | undefined {
  const appSecrets = valueAt(value, 'appSecrets');
  const verifyTokens = valueAt(value, 'verifyTokens');
  if (!isTextList(appSecrets) || !isTextList(verifyTokens)) return undefined;
  const endOf = (field: WebhookField) => timesOf(value, field).acceptedUntilMs;
  const overlapEndsMs = { appSecrets: endOf('appSecrets'), verifyTokens: endOf('verifyTokens') };
  return { appSecrets, verifyTokens, overlapEndsMs };
}

/** What to tell of a secret without a value. */
export function hasNoValue(name: string, { kind }: SecretOwner): string {
  const { example } = SHAPES[kind];
  return `Secret ${name} has no value: put one of the shape ${example}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** At least one text, and none of them empty: an empty app secret would trust everybody. */
function isTextList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => typeof each === 'string' && each !== '')
  );
}
