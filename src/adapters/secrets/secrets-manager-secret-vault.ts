import {
  CreateSecretCommand,
  DeleteSecretCommand,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  RestoreSecretCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SecretOwner, SecretVault, StoredSecret } from '#app/ports/secret-vault.ts';
import type { JsonObject } from '#domain/json.ts';
import { isAbsent, readStoredSecret } from './read-stored-secret.ts';
import { writeSecretText } from './secret-text.ts';

export interface SecretsManagerSecretVaultOptions {
  readonly client: SecretsManagerClient;
  readonly platformSecretId: string;
  /** A tenant's secret is this prefix and the tenant id. */
  readonly tenantSecretPrefix: string;
  /** An own app's secret is this prefix and the app's id. */
  readonly appSecretPrefix: string;
  /** Encrypts new secrets of tenants and apps. */
  readonly keyId: string;
}

/** Secrets Manager as the operator uses it: nothing is cached. */
export class SecretsManagerSecretVault implements SecretVault {
  readonly #options: SecretsManagerSecretVaultOptions;

  constructor(options: SecretsManagerSecretVaultOptions) {
    this.#options = options;
  }

  nameOf(owner: SecretOwner): string {
    const { platformSecretId, tenantSecretPrefix, appSecretPrefix } = this.#options;
    switch (owner.kind) {
      case 'platform':
        return platformSecretId;
      case 'tenant':
        return `${tenantSecretPrefix}${owner.id}`;
      case 'app':
        return `${appSecretPrefix}${owner.id}`;
    }
  }

  read(owner: SecretOwner): Promise<StoredSecret | 'unreadable' | undefined> {
    return readStoredSecret(this.#options.client, this.nameOf(owner));
  }

  async write(owner: SecretOwner, fields: JsonObject): Promise<void> {
    const { client, keyId } = this.#options;
    const SecretId = this.nameOf(owner);
    const SecretString = writeSecretText(fields);
    const put = () => client.send(new PutSecretValueCommand({ SecretId, SecretString }));
    try {
      await put();
    } catch (error) {
      if (error instanceof InvalidRequestException) {
        await client.send(new RestoreSecretCommand({ SecretId }));
        await put();
      } else if (error instanceof ResourceNotFoundException && owner.kind !== 'platform') {
        const wanted = { Name: SecretId, KmsKeyId: keyId, SecretString };
        await client.send(new CreateSecretCommand(wanted));
      } else {
        throw error;
      }
    }
  }

  async remove(owner: SecretOwner): Promise<boolean> {
    try {
      await this.#options.client.send(new DeleteSecretCommand({ SecretId: this.nameOf(owner) }));
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }
}
