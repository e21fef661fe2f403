import { type Envelope, SealBrokenError } from '#app/ports/envelope.ts';
import type { SealedSecrets } from '#app/ports/sealed-secrets.ts';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import { sealContextOf } from './seal-context.ts';
import type { SecretReader, TenantOwner } from './secret-reader.ts';
import { hasNoValue } from './secret-shapes.ts';

export interface SealedSecretReaderOptions {
  readonly secrets: Pick<SealedSecrets, 'nameOf' | 'read'>;
  readonly envelope: Pick<Envelope, 'open'>;
}

/** Sealed secrets in the tenants table, as the functions read them. */
export class SealedSecretReader implements SecretReader<TenantOwner> {
  readonly #options: SealedSecretReaderOptions;

  constructor(options: SealedSecretReaderOptions) {
    this.#options = options;
  }

  nameOf({ id }: TenantOwner): string {
    return this.#options.secrets.nameOf(id);
  }

  async read(owner: TenantOwner): Promise<string> {
    const name = this.nameOf(owner);
    try {
      return await this.#open(owner, name);
    } catch (cause) {
      if (cause instanceof SecretUnavailableError) throw cause;
      const problem = cause instanceof Error ? problemOf(cause, name) : undefined;
      if (problem !== undefined) {
        throw new SecretUnavailableError(problem, { cause, needs: 'operator' });
      }
      throw new SecretUnavailableError(
        `Secret ${name} cannot be read now: check whether DynamoDB and KMS are available`,
        { cause, needs: 'time' },
      );
    }
  }

  async #open(owner: TenantOwner, name: string): Promise<string> {
    const { secrets, envelope } = this.#options;
    const sealed = await secrets.read(owner.id);
    if (sealed === undefined) {
      throw new SecretUnavailableError(hasNoValue(name, owner), { needs: 'operator' });
    }
    if (sealed === 'unreadable') {
      throw new SecretUnavailableError(`Secret ${name} is of no known shape: put the value again`, {
        needs: 'operator',
      });
    }
    // Of the tenant that is asked for, not of what the item says of itself.
    return envelope.open(sealed, sealContextOf(owner));
  }
}

/** What the operator has to do about an error; nothing where waiting may help. */
function problemOf(error: Error, name: string): string | undefined {
  if (error instanceof SealBrokenError) {
    return `Secret ${name} cannot be decrypted: it was not written for this tenant with this key; put the value again`;
  }
  switch (error.name) {
    case 'AccessDeniedException':
      return `Secret ${name} may not be read: check the function's role for the tenants table and the key of the tenants' secrets`;
    case 'ResourceNotFoundException':
    case 'NotFoundException':
      return `Secret ${name} cannot be read: the tenants table or the key of the tenants' secrets is gone`;
    case 'DisabledException':
    case 'KMSInvalidStateException':
      return `Secret ${name} cannot be decrypted: enable the key of the tenants' secrets, or cancel its deletion`;
    default:
      return undefined;
  }
}
