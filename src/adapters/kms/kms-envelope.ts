import {
  DecryptCommand,
  GenerateDataKeyCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-kms';
import {
  type Envelope,
  SealBrokenError,
  type SealContext,
  type SealedText,
} from '#app/ports/envelope.ts';
import type { AwsSender } from '#runtime/aws/aws-sender.ts';
import { encryptionContextOf, openText, sealText } from './seal-text.ts';

/** The SDK's client, or a function's. */
type KmsSender = AwsSender<ServiceInputTypes, ServiceOutputTypes>;

export interface KmsEnvelopeOptions {
  readonly client: KmsSender;
  /** ARN of the key that wraps the data keys; a data key that another one wrapped is refused. */
  readonly keyId: string;
}

/**
 * Envelope encryption: KMS makes a data key for each text, and gives it back to who may have it. Here a
 * data key is overwritten as soon as it has been used.
 */
export class KmsEnvelope implements Envelope {
  readonly #client: KmsSender;
  readonly #keyId: string;

  constructor({ client, keyId }: KmsEnvelopeOptions) {
    this.#client = client;
    this.#keyId = keyId;
  }

  async seal(text: string, context: SealContext): Promise<SealedText> {
    const { Plaintext: plaintext, CiphertextBlob: wrapped } = await this.#client.send(
      new GenerateDataKeyCommand({
        KeyId: this.#keyId,
        KeySpec: 'AES_256',
        EncryptionContext: encryptionContextOf(context),
      }),
    );
    if (!plaintext || !wrapped) throw new Error('KMS gave no data key');
    try {
      return sealText(text, context, { plaintext, wrapped });
    } finally {
      plaintext.fill(0);
    }
  }

  async open(sealed: SealedText, context: SealContext): Promise<string> {
    const command = new DecryptCommand({
      KeyId: this.#keyId,
      CiphertextBlob: sealed.wrappedKey,
      EncryptionContext: encryptionContextOf(context),
    });
    const { Plaintext: plaintext } = await this.#client.send(command).catch(refused);
    if (!plaintext) throw new Error('KMS gave no data key');
    try {
      return openText(sealed, context, plaintext);
    } finally {
      plaintext.fill(0);
    }
  }
}

function refused(cause: unknown): never {
  if (cause instanceof Error && WRONG.test(cause.name)) {
    throw new SealBrokenError('It was sealed for something else, or by another key', { cause });
  }
  throw cause;
}

/** What KMS says of a data key that this key and this context do not unwrap. */
const WRONG = /^(?:InvalidCiphertextException|IncorrectKeyException)$/;
