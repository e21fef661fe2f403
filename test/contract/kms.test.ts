import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DecryptCommand,
  type DecryptCommandInput,
  GenerateDataKeyCommand,
  type GenerateDataKeyCommandInput,
  type KMSClient,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PolicyStatement } from '#local/aws/iam.ts';
import { KmsModel } from '#local/kms/kms-model.ts';
import {
  allow,
  OTHER_KEY_ARN,
  SEAL_KEY_ARN,
  startFrontDoor,
} from '#test/support/aws-front-door.ts';
import { present } from '#test/support/builders.ts';

let aws: Awaited<ReturnType<typeof startFrontDoor>>;
let operator: KMSClient;
let caller: KMSClient;
beforeEach(async () => {
  aws = await startFrontDoor();
  operator = aws.asOperator().kms;
  caller = aws.asFunction().kms;
});
afterEach(() => aws.close());

const CONTEXT = { tenant: 'bakery', purpose: 'test' };

function generate(over: Partial<GenerateDataKeyCommandInput> = {}, client = operator) {
  const input = { KeyId: SEAL_KEY_ARN, EncryptionContext: CONTEXT, ...over };
  const length = 'NumberOfBytes' in input ? {} : ({ KeySpec: 'AES_256' } as const);
  return client.send(new GenerateDataKeyCommand({ ...length, ...input }));
}

function decrypt(over: Partial<DecryptCommandInput>, client = operator) {
  const input = { CiphertextBlob: undefined, EncryptionContext: CONTEXT, ...over };
  return client.send(new DecryptCommand(input));
}

test('a data key comes plain and wrapped, and the wrapped one gives the plain one back', async () => {
  const { Plaintext, CiphertextBlob, KeyId } = await generate();
  expect(KeyId).toBe(SEAL_KEY_ARN);
  expect(Plaintext).toHaveLength(32);
  const opened = await decrypt({
    CiphertextBlob,
    EncryptionContext: { purpose: 'test', tenant: 'bakery' },
  });
  expect(opened).toMatchObject({ KeyId: SEAL_KEY_ARN, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
  expect(opened.Plaintext).toEqual(Plaintext);
  expect(await decrypt({ CiphertextBlob, KeyId: 'seal' })).toMatchObject({ Plaintext });
  const next = await generate({ NumberOfBytes: 16 });
  expect(next.Plaintext).toHaveLength(16);
  expect(present(next.CiphertextBlob)).not.toEqual(CiphertextBlob);
});

test.each<[string, Partial<DecryptCommandInput>, string]>([
  ['another context', { EncryptionContext: { ...CONTEXT, tenant: 'clinic' } }, 'InvalidCiphertext'],
  ['a part of the context', { EncryptionContext: { purpose: 'test' } }, 'InvalidCiphertext'],
  ['no context', { EncryptionContext: undefined }, 'InvalidCiphertext'],
  ['another key', { KeyId: OTHER_KEY_ARN }, 'IncorrectKey'],
  ['a key that is not there', { KeyId: `${SEAL_KEY_ARN}-none` }, 'NotFound'],
  ['a blob of ours', { CiphertextBlob: Buffer.from('very-secret') }, 'InvalidCiphertext'],
  ['an empty blob', { CiphertextBlob: new Uint8Array() }, 'InvalidCiphertext'],
])('with %s nothing is decrypted', async (_, over, error) => {
  const { CiphertextBlob } = await generate();
  await expect(decrypt({ CiphertextBlob, ...over })).rejects.toMatchObject({
    name: `${error}Exception`,
    $metadata: { httpStatusCode: 400 },
  });
});

test('a blob of which one bit is another is not decrypted', async () => {
  const blob = present((await generate()).CiphertextBlob);
  for (const index of [blob.length - 1, blob.length - 33, SEAL_KEY_ARN.length + 2]) {
    const CiphertextBlob = Uint8Array.from(blob, (byte, at) => (at === index ? byte ^ 1 : byte));
    await expect(decrypt({ CiphertextBlob })).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  }
});

test.each<[string, Partial<GenerateDataKeyCommandInput>, string]>([
  ['an unknown key', { KeyId: 'none' }, 'NotFoundException'],
  ['both lengths', { KeySpec: 'AES_256', NumberOfBytes: 32 }, 'ValidationException'],
  ['no length', { NumberOfBytes: undefined }, 'ValidationException'],
  ['a length of none', { NumberOfBytes: 0 }, 'ValidationException'],
  ['a length of too many', { NumberOfBytes: 1025 }, 'ValidationException'],
])('%s gives no data key', async (_, over, name) => {
  await expect(generate(over)).rejects.toMatchObject({ name });
});

test('what is not there says so', async () => {
  await expect(operator.send(new ListKeysCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});

describe('a function', () => {
  const purpose: PolicyStatement = {
    ...allow('kms:Decrypt', SEAL_KEY_ARN),
    Condition: { StringEquals: { 'kms:EncryptionContext:purpose': 'test' } },
  };
  const denied = { name: 'AccessDeniedException' };

  test('that is held to a purpose decrypts for it and for no other', async () => {
    const { CiphertextBlob } = await generate();
    await expect(decrypt({ CiphertextBlob }, caller)).rejects.toMatchObject(denied);
    aws.grant(purpose);
    await decrypt({ CiphertextBlob }, caller);
    for (const EncryptionContext of [{ ...CONTEXT, purpose: 'other' }, { tenant: 'bakery' }, {}]) {
      const other = await generate({ EncryptionContext });
      const asked = { CiphertextBlob: other.CiphertextBlob, EncryptionContext };
      await expect(decrypt(asked, caller)).rejects.toMatchObject(denied);
    }
  });

  test('is judged on the key that the blob names, and on each action', async () => {
    aws.grant(purpose);
    const other = await generate({ KeyId: OTHER_KEY_ARN });
    const asked = { CiphertextBlob: other.CiphertextBlob };
    await expect(decrypt(asked, caller)).rejects.toMatchObject(denied);
    await expect(generate({}, caller)).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining(`kms:GenerateDataKey on resource: ${SEAL_KEY_ARN}`),
    });
  });

  test('meets the faults that are armed for kms', async () => {
    aws.grant(purpose);
    const { CiphertextBlob } = await generate();
    aws.faults.arm('kms', { kind: 'status', status: 500 }, 1);
    await expect(decrypt({ CiphertextBlob }, caller)).rejects.toMatchObject({
      name: 'KMSInternalException',
    });
    await decrypt({ CiphertextBlob }, caller);
  });
});

test('kept keys outlive a restart, in a file that only its owner can read', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'keys-'));
  const file = join(directory, 'keys.json');
  const place = { region: 'eu-central-1', accountId: '000000000000', file };
  const first = new KmsModel(place);
  first.createKey(SEAL_KEY_ARN);
  const wish = { keyId: SEAL_KEY_ARN, bytes: 32, context: CONTEXT };
  const { wrapped, plaintext } = first.generateDataKey(wish);
  const second = new KmsModel(place);
  second.createKey(SEAL_KEY_ARN);
  const opened = second.decrypt(wrapped, { keyId: undefined, context: CONTEXT });
  expect(opened.plaintext).toEqual(plaintext);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await rm(directory, { recursive: true });
});
