import { type ApiAnswer, apiError, type JsonApi, parseObject } from '../aws/json-api.ts';
import { JsonInput, MalformedInputError } from '../aws/json-input.ts';
import { KmsError } from './kms-error.ts';
import type { KmsModel } from './kms-model.ts';

/** KMS in the AWS JSON 1.1 protocol, in which the SDK speaks to it. */
export function kmsApi(kms: KmsModel): JsonApi {
  return { handle: (operation, body) => answer(kms, operation, body) };
}

function answer(kms: KmsModel, name: string, body: string): ApiAnswer {
  try {
    const operation = OPERATIONS[name];
    if (!operation) throw new KmsError('UnknownOperationException', `No ${name} here.`);
    const members = parseObject(body);
    if (!members) throw new MalformedInputError('The body is no JSON object.');
    return { status: 200, body: JSON.stringify(operation(kms, new JsonInput(members))) };
  } catch (error) {
    if (error instanceof KmsError) return apiError(400, error.code, error.message);
    if (!(error instanceof MalformedInputError)) throw error;
    return apiError(400, 'ValidationException', error.message);
  }
}

type Operation = (kms: KmsModel, input: JsonInput) => object;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  GenerateDataKey: (kms, input) => {
    const { keyArn, plaintext, wrapped } = kms.generateDataKey({
      keyId: input.text('KeyId'),
      bytes: lengthIn(input),
      context: input.textMap('EncryptionContext'),
    });
    return {
      KeyId: keyArn,
      Plaintext: plaintext.toString('base64'),
      CiphertextBlob: wrapped.toString('base64'),
    };
  },
  Decrypt: (kms, input) => {
    const { keyArn, plaintext } = kms.decrypt(Buffer.from(input.text('CiphertextBlob'), 'base64'), {
      keyId: input.optionalText('KeyId'),
      context: input.textMap('EncryptionContext'),
    });
    return {
      KeyId: keyArn,
      Plaintext: plaintext.toString('base64'),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  },
};

const SPECS: Readonly<Record<string, number>> = { AES_256: 32, AES_128: 16 };

/** Either by the name of a cipher or in bytes, not both. */
function lengthIn(input: JsonInput): number {
  const spec = input.optionalText('KeySpec');
  const bytes = input.optionalNumber('NumberOfBytes');
  const wanted = spec === undefined ? bytes : SPECS[spec];
  if (wanted !== undefined && (spec === undefined || bytes === undefined)) {
    if (Number.isInteger(wanted) && wanted >= 1 && wanted <= 1024) return wanted;
  }
  throw new KmsError(
    'ValidationException',
    'Please specify either number of bytes or key spec, of those that there are.',
  );
}
