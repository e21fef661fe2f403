import type { Cure } from '#app/check-business.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import { readTenantId } from './find-tenant.ts';
import { readAppId } from './held-app.ts';
import { UsageError } from './operator-error.ts';
import type { ValueOptions } from './read-secret-value.ts';
import type { SecretName } from './secret-names.ts';
import type { TargetOptions } from './target.ts';

export interface PutOptions extends TargetOptions, ValueOptions {
  readonly tenant?: string;
  readonly app?: string;
  readonly replace?: boolean;
  readonly subscribe?: boolean;
  readonly register?: boolean;
  readonly pinFile?: string;
  readonly check: boolean;
  readonly appId?: string;
}

/** Whose value it is. @throws UsageError */
export function readOwner(name: SecretName, { tenant, app }: PutOptions): SecretOwner {
  if (name === 'access-token') {
    if (app !== undefined) {
      throw new UsageError("An access token is a tenant's, not an app's: leave --app out.");
    }
    if (tenant !== undefined) return { kind: 'tenant', id: readTenantId(tenant) };
    throw new UsageError('Say whose access token it is: --tenant <tenant>.');
  }
  if (tenant !== undefined) {
    throw new UsageError(
      `The ${name} is the platform's, not a tenant's: leave --tenant out, or give --app for an app that a tenant brought.`,
    );
  }
  if (app === undefined) return { kind: 'platform' };
  if (name !== 'openai-key') return { kind: 'app', id: readAppId(app) };
  throw new UsageError("The openai-key is the platform's, not an app's: leave --app out.");
}

/** What to have Meta do where it is missing. @throws UsageError */
export function readCures(
  name: SecretName,
  { subscribe, register, pinFile, valueFile, check }: PutOptions,
): readonly Cure[] {
  const cures: Cure[] = [];
  if (register) cures.push('register');
  if (subscribe) cures.push('subscribe');
  if (cures.length > 0 && name !== 'access-token') {
    throw new UsageError(`Only an access token can --${cures.join(' and --')}.`);
  }
  if (cures.length > 0 && !check) {
    throw new UsageError(
      `With --no-check Meta is not asked: leave --${cures.join(' and --')} out.`,
    );
  }
  if (pinFile !== undefined && !register) {
    throw new UsageError('--pin-file is for a registration: give --register too.');
  }
  if (pinFile === '-' && valueFile === '-') {
    throw new UsageError('Standard input can be read once: use a file for token or PIN.');
  }
  return cures;
}
