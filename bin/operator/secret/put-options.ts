import type { Cure } from '#app/check-business.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import { readTenantId } from '#operator/find-tenant.ts';
import { readAppId } from '#operator/held-app.ts';
import { UsageError } from '#operator/operator-error.ts';
import { type CureOptions, readCures } from '#operator/read-cures.ts';
import type { TargetOptions } from '#operator/target.ts';
import type { ValueOptions } from './read-secret-value.ts';
import { isTenantName, type SecretName } from './secret-names.ts';

export interface PutOptions extends TargetOptions, ValueOptions, CureOptions {
  readonly tenant?: string;
  readonly app?: string;
  readonly replace?: boolean;
  readonly pinFile?: string;
  readonly appId?: string;
}

/** Whose value it is. @throws UsageError */
export function readOwner(
  name: SecretName,
  { tenant, app }: { readonly tenant?: string | undefined; readonly app?: string | undefined },
): SecretOwner {
  if (isTenantName(name)) {
    const what = name.replace('-', ' ');
    if (app !== undefined) {
      const article = name === 'access-token' ? 'An' : 'A';
      throw new UsageError(`${article} ${what} is a tenant's, not an app's: leave --app out.`);
    }
    if (tenant !== undefined) return { kind: 'tenant', id: readTenantId(tenant) };
    throw new UsageError(`Say whose ${what} it is: --tenant <tenant>.`);
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

/** What to have Meta do with the number of an access token. @throws UsageError */
export function readNumberCures(name: SecretName, options: PutOptions): readonly Cure[] {
  const { pinFile, valueFile, register } = options;
  const cures = readCures(options);
  if (cures.length > 0 && name !== 'access-token') {
    throw new UsageError(`Only an access token can --${cures.join(' and --')}.`);
  }
  if (pinFile !== undefined && !register) {
    throw new UsageError('--pin-file is for a registration: give --register too.');
  }
  if (pinFile === '-' && valueFile === '-') {
    throw new UsageError('Standard input can be read once: use a file for token or PIN.');
  }
  return cures;
}
