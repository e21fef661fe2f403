import type { RotatedField, SecretField } from '#domain/secret/rotation.ts';

/** How values are called on the command line. */
export const SECRET_NAMES = [
  'app-id',
  'app-secret',
  'verify-token',
  'openai-key',
  'access-token',
] as const;

export type SecretName = (typeof SECRET_NAMES)[number];

export const ROTATED_NAMES = ['app-secret', 'verify-token'] as const;

type RotatedName = (typeof ROTATED_NAMES)[number];

/** What of the platform's the functions cannot do without, and the operator's command. */
export const PLATFORM_NAMES = ['app-id', 'app-secret', 'verify-token', 'openai-key'] as const;

/** What ingest cannot do without of a tenant's own app, and the operator's command. */
export const OWN_APP_NAMES = ['app-id', 'app-secret', 'verify-token'] as const;

const PLATFORM_FIELDS = {
  'app-id': 'appId',
  'app-secret': 'appSecrets',
  'verify-token': 'verifyTokens',
  'openai-key': 'openAiApiKey',
} as const;

export function isSecretName(text: string): text is SecretName {
  return SECRET_NAMES.some((name) => name === text);
}

export function isRotatedName(text: string): text is RotatedName {
  return ROTATED_NAMES.some((name) => name === text);
}

export function fieldOf(name: SecretName): SecretField {
  return name === 'access-token' ? 'accessToken' : PLATFORM_FIELDS[name];
}

export function platformFieldOf(name: (typeof PLATFORM_NAMES)[number]) {
  return PLATFORM_FIELDS[name];
}

export function rotatedFieldOf(name: RotatedName): RotatedField {
  return name === 'app-secret' ? 'appSecrets' : 'verifyTokens';
}
