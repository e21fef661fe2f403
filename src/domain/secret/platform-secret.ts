import { type JsonObject, textAt, valueAt } from '#domain/json.ts';

/** What the platform's secret holds so far; the functions start only when it is complete. */
export interface PlatformSecret {
  readonly appId: string | undefined;
  /** The current one first, then former ones that are still accepted. */
  readonly appSecrets: readonly string[];
  readonly verifyTokens: readonly string[];
  readonly openAiApiKey: string | undefined;
}

export function readPlatformSecret(fields: JsonObject): PlatformSecret {
  return {
    appId: textAt(fields, 'appId'),
    appSecrets: textsAt(fields, 'appSecrets'),
    verifyTokens: textsAt(fields, 'verifyTokens'),
    openAiApiKey: textAt(fields, 'openAiApiKey'),
  };
}

/** Empty texts left out: an empty secret would trust everybody. */
export function textsAt(fields: JsonObject, key: string): readonly string[] {
  const value = valueAt(fields, key);
  if (!Array.isArray(value)) return [];
  return value.filter((each) => typeof each === 'string' && each !== '');
}
