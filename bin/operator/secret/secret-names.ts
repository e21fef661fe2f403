import type { RotatedField, SecretField, WebhookField } from '#domain/secret/rotation.ts';

/** How values are called on the command line. */
export const SECRET_NAMES = [
  'app-id',
  'app-secret',
  'verify-token',
  'openai-key',
  'access-token',
  'notices-secret',
] as const;

export type SecretName = (typeof SECRET_NAMES)[number];

/** Of an app. */
export const APP_ROTATED_NAMES = ['app-secret', 'verify-token'] as const;

export const ROTATED_NAMES = [...APP_ROTATED_NAMES, 'notices-secret'] as const;

type RotatedName = (typeof ROTATED_NAMES)[number];

/** Values of a tenant's own. */
export const TENANT_NAMES = ['access-token', 'notices-secret'] as const;

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

const TENANT_FIELDS = {
  'access-token': 'accessToken',
  'notices-secret': 'noticesSecrets',
} as const;

export function isSecretName(text: string): text is SecretName {
  return SECRET_NAMES.some((name) => name === text);
}

export function isTenantName(name: SecretName): name is (typeof TENANT_NAMES)[number] {
  return TENANT_NAMES.some((each) => each === name);
}

export function isRotatedName(text: string): text is RotatedName {
  return ROTATED_NAMES.some((name) => name === text);
}

export function fieldOf(name: SecretName): SecretField {
  return isTenantName(name) ? TENANT_FIELDS[name] : PLATFORM_FIELDS[name];
}

export function platformFieldOf(name: (typeof PLATFORM_NAMES)[number]) {
  return PLATFORM_FIELDS[name];
}

export function rotatedFieldOf(name: (typeof APP_ROTATED_NAMES)[number]): WebhookField;
export function rotatedFieldOf(name: RotatedName): RotatedField;
export function rotatedFieldOf(name: RotatedName): RotatedField {
  return name === 'notices-secret' ? TENANT_FIELDS[name] : PLATFORM_FIELDS[name];
}
