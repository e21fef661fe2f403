export type KmsErrorCode =
  | 'IncorrectKeyException'
  | 'InvalidCiphertextException'
  | 'NotFoundException'
  | 'UnknownOperationException'
  | 'ValidationException';

/** A refusal of KMS, by the name that the AWS SDK gives it. */
export class KmsError extends Error {
  override readonly name = 'KmsError';
  readonly code: KmsErrorCode;

  constructor(code: KmsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
