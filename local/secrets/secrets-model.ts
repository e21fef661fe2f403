import { randomUUID } from 'node:crypto';
import type { ModelClock } from '../clock.ts';
import { CURRENT, PREVIOUS, type Secret, type SecretVersion } from './secret.ts';
import { SecretsError } from './secrets-error.ts';
import { readSecretsFile, writeSecretsFile } from './secrets-file.ts';

export interface SecretsModelOptions {
  readonly clock: ModelClock;
  readonly region: string;
  readonly accountId: string;
  readonly ids?: SecretIds;
  /** Where the secrets outlive a restart, readable by its owner only. @default in memory */
  readonly file?: string;
}

export interface SecretIds {
  versionId(): string;
  /** The six characters that end a secret's ARN. */
  suffix(): string;
}

export interface NewSecret {
  readonly name: string;
  readonly description?: string | undefined;
  /** ARN of a customer-managed key. */
  readonly kmsKeyId?: string | undefined;
  /** Without a value the secret has no version, and cannot be read. */
  readonly secretString?: string | undefined;
  readonly versionId?: string | undefined;
}

export interface SecretChange extends Omit<NewSecret, 'name'> {
  readonly secretId: string;
}

export interface SecretValue {
  readonly arn: string;
  readonly name: string;
  readonly version: SecretVersion;
}

/** Which version is wanted; the current one without either. */
export interface VersionWish {
  readonly versionId?: string | undefined;
  readonly versionStage?: string | undefined;
}

/**
 * AWS Secrets Manager as its documentation describes it, without a network: secrets with a current and
 * a previous version. Rotation, binary values, other stages and resource policies are left out.
 */
export class SecretsModel {
  readonly #options: SecretsModelOptions;
  readonly #ids: SecretIds;
  readonly #byName = new Map<string, Secret>();

  constructor(options: SecretsModelOptions) {
    this.#options = options;
    this.#ids = options.ids ?? RANDOM_IDS;
    for (const secret of options.file === undefined ? [] : readSecretsFile(options.file)) {
      this.#byName.set(secret.name, secret);
    }
  }

  /** @throws SecretsError where there is one of this name */
  createSecret(wanted: NewSecret): Secret {
    const { region, accountId, clock } = this.#options;
    const { name, description, kmsKeyId, secretString, versionId } = wanted;
    if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) {
      throw new SecretsError('InvalidParameterException', 'Invalid name.');
    }
    if (this.#byName.has(name)) {
      throw new SecretsError('ResourceExistsException', `The secret ${name} already exists.`);
    }
    const secret: Secret = {
      arn: `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${this.#ids.suffix()}`,
      name,
      description,
      kmsKeyId,
      createdAtMs: clock.now(),
      versions: [],
    };
    return secretString === undefined
      ? this.#keep(secret)
      : this.#keep(this.#withValue(secret, secretString, versionId));
  }

  /** Makes a value the current one; the same version id with the same value changes nothing. */
  putSecretValue(put: {
    readonly secretId: string;
    readonly secretString: string;
    readonly versionId?: string | undefined;
  }): SecretValue {
    const secret = this.#usable(put.secretId);
    const known = secret.versions.find(({ versionId }) => versionId === put.versionId);
    if (known && known.secretString !== put.secretString) {
      throw new SecretsError(
        'ResourceExistsException',
        `The version ${known.versionId} already exists with another value.`,
      );
    }
    const kept = known
      ? secret
      : this.#keep(this.#withValue(secret, put.secretString, put.versionId));
    return this.getSecretValue(kept.arn, { versionId: put.versionId });
  }

  /** Changes what is given; a value becomes the current one. */
  updateSecret({ secretId, ...wanted }: SecretChange): Secret {
    const secret = this.#usable(secretId);
    const { description = secret.description, kmsKeyId = secret.kmsKeyId } = wanted;
    const changed = this.#keep({ ...secret, description, kmsKeyId });
    const { secretString, versionId } = wanted;
    if (secretString === undefined) return changed;
    this.putSecretValue({ secretId: changed.arn, secretString, versionId });
    return this.#usable(changed.arn);
  }

  /** Marks it for deletion, or forgets it at once. */
  deleteSecret(secretId: string, { atOnce }: { readonly atOnce: boolean }): Secret {
    const secret = { ...this.#usable(secretId), deletedAtMs: this.#options.clock.now() };
    if (!atOnce) return this.#keep(secret);
    this.#byName.delete(secret.name);
    this.#save();
    return secret;
  }

  /** Takes a mark for deletion back. */
  restoreSecret(secretId: string): Secret {
    return this.#keep({ ...this.describeSecret(secretId), deletedAtMs: undefined });
  }

  /** @throws SecretsError where there is no such secret or no such version */
  getSecretValue(secretId: string, wish: VersionWish = {}): SecretValue {
    const { arn, name, versions } = this.#usable(secretId);
    const { versionId, versionStage = versionId === undefined ? CURRENT : undefined } = wish;
    const version = versions.find(
      (each) =>
        (versionId === undefined || each.versionId === versionId) &&
        (versionStage === undefined || each.stages.some((stage) => stage === versionStage)),
    );
    if (version) return { arn, name, version };
    throw new SecretsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${
        versionStage === undefined ? 'VersionId' : 'staging label'
      }: ${versionStage ?? versionId}`,
    );
  }

  /** @throws SecretsError where there is no such secret */
  describeSecret(secretId: string): Secret {
    const secret = this.find(secretId);
    if (secret) return secret;
    throw new SecretsError(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    );
  }

  /** Also of a secret that is not there: with question marks at its end, as IAM's policies name any. */
  arnOf(secretId: string): string {
    const { region, accountId } = this.#options;
    const known = this.find(secretId)?.arn;
    if (known !== undefined || secretId.startsWith('arn:')) return known ?? secretId;
    return `arn:aws:secretsmanager:${region}:${accountId}:secret:${secretId}-??????`;
  }

  /** All that are not marked for deletion. */
  listSecrets(): readonly Secret[] {
    return this.#all().filter(({ deletedAtMs }) => deletedAtMs === undefined);
  }

  /** @param secretId the name, or the ARN with or without the six characters at its end */
  find(secretId: string): Secret | undefined {
    const name = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.*)$/.exec(secretId)?.[1];
    if (name === undefined) return this.#byName.get(secretId);
    const whole = this.#byName.get(name.replace(/-[^-]{6}$/, ''));
    return whole?.arn === secretId ? whole : this.#byName.get(name);
  }

  #usable(secretId: string): Secret {
    const secret = this.describeSecret(secretId);
    if (secret.deletedAtMs === undefined) return secret;
    throw new SecretsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  #withValue(secret: Secret, secretString: string, versionId = this.#ids.versionId()): Secret {
    const createdAtMs = this.#options.clock.now();
    const added: SecretVersion = { versionId, secretString, createdAtMs, stages: [CURRENT] };
    // The version before the previous one has no stage then: AWS drops it some day, here it is at once.
    const former = secret.versions
      .filter(({ stages }) => stages.includes(CURRENT))
      .map((version): SecretVersion => ({ ...version, stages: [PREVIOUS] }));
    return { ...secret, versions: [added, ...former] };
  }

  #keep(secret: Secret): Secret {
    this.#byName.set(secret.name, secret);
    this.#save();
    return secret;
  }

  #save(): void {
    if (this.#options.file !== undefined) writeSecretsFile(this.#options.file, this.#all());
  }

  #all(): readonly Secret[] {
    return [...this.#byName.values()];
  }
}

const RANDOM_IDS: SecretIds = {
  versionId: randomUUID,
  suffix: () => randomUUID().slice(0, 6),
};
