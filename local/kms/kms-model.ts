import { randomBytes } from 'node:crypto';
import { KmsError } from './kms-error.ts';
import { readKeysFile, writeKeysFile } from './kms-file.ts';
import { type EncryptionContext, keyNamedBy, unwrap, wrap } from './wrapped-key.ts';

export interface KmsModelOptions {
  readonly region: string;
  readonly accountId: string;
  /** Where the keys outlive a restart, readable by its owner only. @default in memory */
  readonly file?: string;
}

export interface DataKeyWish {
  readonly keyId: string;
  readonly bytes: number;
  readonly context: EncryptionContext;
}

export interface LocalDataKey {
  /** ARN of the key that wraps it. */
  readonly keyArn: string;
  readonly plaintext: Buffer;
  readonly wrapped: Buffer;
}

const KEY_BYTES = 32;

/**
 * AWS KMS as its documentation describes it, without a network: symmetric keys that make data keys and
 * decrypt them. Aliases, grants, key policies, rotation and every other operation are left out.
 */
export class KmsModel {
  readonly #options: KmsModelOptions;
  readonly #keys: Map<string, Buffer>;

  constructor(options: KmsModelOptions) {
    this.#options = options;
    this.#keys = new Map(options.file === undefined ? [] : readKeysFile(options.file));
  }

  /** Makes a key under this ARN; one that is there is kept. */
  createKey(arn: string): void {
    if (this.#keys.has(arn)) return;
    this.#keys.set(arn, randomBytes(KEY_BYTES));
    if (this.#options.file !== undefined) writeKeysFile(this.#options.file, this.#keys);
  }

  /** @param keyId the id, or the ARN */
  arnOf(keyId: string): string {
    const { region, accountId } = this.#options;
    return keyId.startsWith('arn:') ? keyId : `arn:aws:kms:${region}:${accountId}:key/${keyId}`;
  }

  /** A key that encrypts something elsewhere, and the same encrypted for keeping. */
  generateDataKey({ keyId, bytes, context }: DataKeyWish): LocalDataKey {
    const key = this.#key(this.arnOf(keyId));
    const plaintext = randomBytes(bytes);
    return { keyArn: key.arn, plaintext, wrapped: wrap(plaintext, key, context) };
  }

  /**
   * @param keyId refuses what another key wrapped; undefined = whichever key the blob names
   * @throws KmsError
   */
  decrypt(
    blob: Buffer,
    { keyId, context }: { readonly keyId: string | undefined; readonly context: EncryptionContext },
  ): { readonly keyArn: string; readonly plaintext: Buffer } {
    const named = keyNamedBy(blob);
    if (named === undefined) throw invalidCiphertext();
    if (keyId !== undefined && this.#key(this.arnOf(keyId)).arn !== named) {
      throw new KmsError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    }
    const key = this.#key(named);
    const plaintext = unwrap(blob, key, context);
    if (!plaintext) throw invalidCiphertext();
    return { keyArn: key.arn, plaintext };
  }

  #key(arn: string): { readonly arn: string; readonly material: Buffer } {
    const material = this.#keys.get(arn);
    if (material) return { arn, material };
    throw new KmsError('NotFoundException', `Key '${arn}' does not exist`);
  }
}

/** AWS says no more than its name. */
function invalidCiphertext(): KmsError {
  return new KmsError('InvalidCiphertextException', '');
}
