import type { PlatformSecrets, TenantSecrets } from '#app/ports/secret-source.ts';
import { isObject, textAt, valueAt } from '#domain/json.ts';

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
    if (!isObject(value)) return undefined;
    const appSecrets = valueAt(value, 'appSecrets');
    const verifyTokens = valueAt(value, 'verifyTokens');
    if (!isTextList(appSecrets) || !isTextList(verifyTokens)) return undefined;
    return { appSecrets, verifyTokens, openAiApiKey: textAt(value, 'openAiApiKey') };
  },
};

export const tenantShape: SecretShape<TenantSecrets> = {
  example: '{"accessToken":"…"}',
  read(text) {
    const value = parse(text);
    const accessToken = isObject(value) ? textAt(value, 'accessToken') : undefined;
    return accessToken === undefined ? undefined : { accessToken };
  },
};

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
