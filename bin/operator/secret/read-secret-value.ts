import { randomBytes } from 'node:crypto';
import { UsageError } from '#operator/operator-error.ts';
import { readValue } from '#operator/read-input.ts';
import type { Terminal } from '#operator/terminal.ts';
import type { SecretName } from './secret-names.ts';

export interface ValueOptions {
  readonly valueFile: string;
  readonly generate?: boolean;
  readonly showVerifyToken?: boolean;
}

/** The value where it may be printed and shall be: only a verify token is made to be pasted elsewhere. */
export function shownValue(
  value: string,
  { showVerifyToken }: ValueOptions,
): { readonly verifyToken?: string } {
  return showVerifyToken ? { verifyToken: value } : {};
}

/** @throws UsageError for what cannot be such a value; it holds no part of it */
export async function readSecretValue(
  name: SecretName,
  { valueFile, generate, showVerifyToken }: ValueOptions,
  terminal: Terminal,
): Promise<string> {
  if (showVerifyToken && name !== 'verify-token') {
    throw new UsageError(`Only a verify token is printed, the ${name} never.`);
  }
  if (generate) {
    if (name === 'verify-token') return randomBytes(24).toString('base64url');
    throw new UsageError(
      `Only a verify token is ours to choose; the ${name} comes from its issuer.`,
    );
  }
  const value = await readValue(name, valueFile, terminal);
  if (name === 'app-id' && !/^\d{5,32}$/.test(value)) {
    throw new UsageError('The app id must be digits only: App settings, Basic.');
  }
  if (name === 'verify-token' && value.length < 8) {
    throw new UsageError('The verify token must have at least 8 characters.');
  }
  return value;
}
