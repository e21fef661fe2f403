import { DecryptCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DynamoSealedSecrets } from '#adapters/dynamodb/dynamo-sealed-secrets.ts';
import { KmsEnvelope } from '#adapters/kms/kms-envelope.ts';
import { SealedSecretReader } from '#adapters/secrets/sealed-secret-reader.ts';
import type { SealContext } from '#app/ports/envelope.ts';
import type { SealedSecret } from '#app/ports/sealed-secrets.ts';
import { parseTenantId, type TenantId } from '#domain/ids.ts';
import {
  allow,
  OTHER_KEY_ARN,
  SEAL_KEY_ARN,
  startFrontDoor,
} from '#test/support/aws-front-door.ts';
import { present, TENANT_ID } from '#test/support/builders.ts';
import { createTenantsTable } from '#test/support/dynamo-server.ts';

// Secrets in the table as the processor reads them, with its role, and somebody who can write the table.

const CLINIC = present(parseTenantId('clinic'));
const TEXT: Readonly<Record<string, string>> = {
  [TENANT_ID]: '{"accessToken":"bakery-hush"}',
  [CLINIC]: '{"accessToken":"clinic-hush"}',
};

let aws: Awaited<ReturnType<typeof startFrontDoor>>;
let tableName: string;
let secrets: DynamoSealedSecrets;
let reader: SealedSecretReader;

beforeAll(async () => {
  aws = await startFrontDoor();
  const operator = aws.asOperator();
  tableName = await createTenantsTable(operator.dynamodb);
  secrets = new DynamoSealedSecrets({ client: operator.dynamodb, tableName });
  const processor = aws.asFunction();
  reader = new SealedSecretReader({
    secrets: new DynamoSealedSecrets({ client: processor.dynamodb, tableName }),
    envelope: new KmsEnvelope({ client: processor.kms, keyId: SEAL_KEY_ARN }),
  });
});
afterAll(() => aws.close());

const table = () => `arn:aws:dynamodb:eu-central-1:000000000000:table/${tableName}`;
const getItem = () => allow('dynamodb:GetItem', table());
const open = (purpose: string) => ({
  ...allow('kms:Decrypt', SEAL_KEY_ARN),
  Condition: { StringEquals: { 'kms:EncryptionContext:purpose': purpose } },
});

beforeEach(async () => {
  aws.grant(getItem(), open('tenant-secret'));
  for (const id of [TENANT_ID, CLINIC]) await secrets.write(id, await seal(id));
});

async function seal(tenant: TenantId, over: Partial<SealContext> = {}, keyId = SEAL_KEY_ARN) {
  const envelope = new KmsEnvelope({ client: aws.asOperator().kms, keyId });
  const context = { tenant, purpose: 'tenant-secret', ...over } as const;
  return { ...(await envelope.seal(TEXT[tenant] ?? '', context)), changedAtMs: 1 };
}

function read(id: TenantId): Promise<string> {
  return reader.read({ kind: 'tenant', id });
}

/** Refused without a word of either secret. */
async function expectRefused(id: TenantId, words: string): Promise<void> {
  const error = await read(id).catch((each: unknown) => each);
  expect(error).toMatchObject({ name: 'SecretUnavailableError', needs: 'operator' });
  expect(String(error)).toContain(words);
  expect(String(error)).not.toContain('hush');
}

async function stored(id: TenantId): Promise<SealedSecret> {
  const secret = await secrets.read(id);
  if (secret === undefined || secret === 'unreadable') throw new Error(`${id} has no secret`);
  return secret;
}

test('each tenant’s is opened with exactly the rights of the template', async () => {
  expect(await read(TENANT_ID)).toBe(TEXT[TENANT_ID]);
  expect(await read(CLINIC)).toBe(TEXT[CLINIC]);
});

test('KMS itself gives a data key only to who names its tenant and purpose', async () => {
  const { wrappedKey: CiphertextBlob } = await stored(TENANT_ID);
  const decrypt = (EncryptionContext: Record<string, string>) =>
    aws.asOperator().kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  const context = { tenant: TENANT_ID, purpose: 'tenant-secret' };
  expect((await decrypt(context)).Plaintext).toHaveLength(32);
  for (const other of [{ ...context, tenant: CLINIC }, { purpose: context.purpose }, {}]) {
    await expect(decrypt(other)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  }
});

test.each<[string, readonly (keyof SealedSecret)[]]>([
  ['whole', ['wrappedKey', 'iv', 'ciphertext', 'changedAtMs']],
  ['without its time', ['wrappedKey', 'iv', 'ciphertext']],
  ['but for the data key', ['iv', 'ciphertext']],
  ['as its data key', ['wrappedKey']],
])('what is copied to another tenant, %s, is not opened', async (_, parts) => {
  const [from, to] = [await stored(TENANT_ID), await stored(CLINIC)];
  const copied = Object.fromEntries(parts.map((part) => [part, from[part]]));
  await secrets.write(CLINIC, { ...to, ...copied });
  await expectRefused(CLINIC, 'cannot be decrypted');
  expect(await read(TENANT_ID)).toBe(TEXT[TENANT_ID]);
});

test.each(['iv', 'ciphertext', 'wrappedKey'] as const)(
  'one changed bit of its %s is noticed',
  async (part) => {
    const secret = await stored(TENANT_ID);
    const last = secret[part].length - 1;
    const changed = secret[part].map((byte, index) => (index === last ? byte ^ 1 : byte));
    await secrets.write(TENANT_ID, { ...secret, [part]: changed });
    await expectRefused(TENANT_ID, 'cannot be decrypted');
  },
);

test('a ciphertext that is too short for its tag is refused', async () => {
  await secrets.write(TENANT_ID, { ...(await stored(TENANT_ID)), ciphertext: new Uint8Array(3) });
  await expectRefused(TENANT_ID, 'cannot be decrypted');
});

test('what somebody sealed by a key of their own is refused, though they may use that', async () => {
  await secrets.write(TENANT_ID, await seal(TENANT_ID, {}, OTHER_KEY_ARN));
  aws.grant(getItem(), open('tenant-secret'), allow('kms:Decrypt', OTHER_KEY_ARN));
  await expectRefused(TENANT_ID, 'cannot be decrypted');
});

test('a role that is held to another purpose does not open it', async () => {
  aws.grant(getItem(), open('other'));
  await expectRefused(TENANT_ID, 'may not be read');
});

test('a role without the table does not see it', async () => {
  aws.grant(open('tenant-secret'));
  await expectRefused(TENANT_ID, 'may not be read');
});

test('a secret that is removed, or was never there, is to be put', async () => {
  await secrets.remove(TENANT_ID, 2);
  await expectRefused(TENANT_ID, 'has no value: put one of the shape {"accessToken":"…"}');
});
