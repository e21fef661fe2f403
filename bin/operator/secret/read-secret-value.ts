import { randomBytes } from 'node:crypto';
import { isWebhookSecret, webhookSecretOf } from '#domain/notice/webhook-secret.ts';
import { UsageError } from '#operator/operator-error.ts';
import { readValue } from '#operator/read-input.ts';
import type { Terminal } from '#operator/terminal.ts';
import type { SecretName } from './secret-names.ts';

export interface ValueOptions {
  readonly valueFile: string;
  readonly generate?: boolean;
  readonly showVerifyToken?: boolean;
  readonly showNoticesSecret?: boolean;
}

export interface ShownValue {
  readonly verifyToken?: string;
  readonly noticesSecret?: string;
}

/** The value where it may be printed and shall be: one that is made to be pasted elsewhere. */
export function shownValue(
  value: string,
  { showVerifyToken, showNoticesSecret }: ValueOptions,
): ShownValue {
  return {
    ...(showVerifyToken && { verifyToken: value }),
    ...(showNoticesSecret && { noticesSecret: value }),
  };
}

/** @throws UsageError for what cannot be such a value; it holds no part of it */
export async function readSecretValue(
  name: SecretName,
  { valueFile, generate, showVerifyToken, showNoticesSecret }: ValueOptions,
  terminal: Terminal,
): Promise<string> {
  if (showVerifyToken && name !== 'verify-token') {
    throw new UsageError(`Only a verify token is printed, the ${name} never.`);
  }
  if (showNoticesSecret && name !== 'notices-secret') {
    throw new UsageError(`Only a notices secret is printed so, the ${name} never.`);
  }
  if (generate) {
    if (name === 'verify-token') return randomBytes(24).toString('base64url');
    if (name === 'notices-secret') return webhookSecretOf(randomBytes(32).toString('base64'));
    throw new UsageError(
      `Only a verify token and a notices secret are ours to choose; the ${name} comes from its issuer.`,
    );
  }
  const value = await readValue(name, valueFile, terminal);
  if (name === 'app-id' && !/^\d{5,32}$/.test(value)) {
    throw new UsageError('The app id must be digits only: App settings, Basic.');
  }
  if (name === 'notices-secret' && !isWebhookSecret(value)) {
    throw new UsageError(
      'The notices secret must be whsec_ and the base64 of 24 to 64 random bytes, as Standard Webhooks has it.',
    );
  }
  if (name === 'verify-token' && value.length < 8) {
    throw new UsageError('The verify token must have at least 8 characters.');
  }
  return value;
}
