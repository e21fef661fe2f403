import {
  GetSecretValueCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-secrets-manager';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import type { AwsSender } from '#runtime/aws/aws-sender.ts';
import type { SecretReader } from './secret-reader.ts';
import { hasNoValue } from './secret-shapes.ts';

export interface SecretsManagerSecretReaderOptions {
  /** The SDK's client, or a function's. */
  readonly client: AwsSender<ServiceInputTypes, ServiceOutputTypes>;
  /** Name or ARN. */
  readonly platformSecretId: string;
  /** A tenant's secret is this prefix and the tenant id; functions that serve no tenant have none. */
  readonly tenantSecretPrefix?: string;
  /** An own app's secret is this prefix and the app's id; functions that take no webhooks have none. */
  readonly appSecretPrefix?: string;
}

/** Also of a secret that is there, and was never given a value. */
const NO_VALUE = 'ResourceNotFoundException';

/** Secrets Manager as the functions read it. */
export class SecretsManagerSecretReader implements SecretReader {
  readonly #options: SecretsManagerSecretReaderOptions;

  constructor(options: SecretsManagerSecretReaderOptions) {
    this.#options = options;
  }

  nameOf(owner: SecretOwner): string {
    const { platformSecretId, tenantSecretPrefix, appSecretPrefix } = this.#options;
    if (owner.kind === 'platform') return platformSecretId;
    const prefix = owner.kind === 'tenant' ? tenantSecretPrefix : appSecretPrefix;
    if (prefix !== undefined) return `${prefix}${owner.id}`;
    throw new SecretUnavailableError(`Give this function the prefix of the ${owner.kind} secrets`, {
      needs: 'operator',
    });
  }

  async read(owner: SecretOwner): Promise<string> {
    const name = this.nameOf(owner);
    try {
      const command = new GetSecretValueCommand({ SecretId: name });
      return (await this.#options.client.send(command)).SecretString ?? '';
    } catch (cause) {
      const problem = cause instanceof Error ? problemOf(cause.name, name, owner) : undefined;
      if (problem !== undefined) {
        const isEmpty = cause instanceof Error && cause.name === NO_VALUE;
        throw new SecretUnavailableError(problem, { cause, needs: 'operator', isEmpty });
      }
      throw new SecretUnavailableError(
        `Secret ${name} cannot be read now: check whether Secrets Manager is available`,
        { cause, needs: 'time' },
      );
    }
  }
}

/** What the operator has to do about an error of GetSecretValue; nothing where waiting may help. */
function problemOf(errorName: string, name: string, owner: SecretOwner): string | undefined {
  switch (errorName) {
    case NO_VALUE:
      return hasNoValue(name, owner);
    case 'InvalidRequestException':
      return `Secret ${name} cannot be used: restore it if it is scheduled for deletion`;
    case 'AccessDeniedException':
      return `Secret ${name} may not be read: check the function's role and the policy of the secret`;
    case 'DecryptionFailure':
      return `Secret ${name} cannot be decrypted: check the secret's key and the function's right to use it`;
    default:
      return undefined;
  }
}
