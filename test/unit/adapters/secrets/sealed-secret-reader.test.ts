import { expect, test } from 'vitest';
import { SealedSecretReader } from '#adapters/secrets/sealed-secret-reader.ts';
import { TENANT_ID } from '#test/support/builders.ts';

function aReader(failing: 'table' | 'key', error: Error): SealedSecretReader {
  const empty = new Uint8Array(1);
  const sealed = { wrappedKey: empty, iv: empty, ciphertext: empty, changedAtMs: 1 };
  return new SealedSecretReader({
    secrets: {
      nameOf: (id) => `tenants/${id}`,
      read: async () => {
        if (failing === 'table') throw error;
        return sealed;
      },
    },
    envelope: {
      open: async () => {
        throw error;
      },
    },
  });
}

// The names that DynamoDB and KMS give their errors.
test.each([
  ['table', 'AccessDeniedException', 'operator'],
  ['table', 'ResourceNotFoundException', 'operator'],
  ['table', 'ProvisionedThroughputExceededException', 'time'],
  ['table', 'InternalServerError', 'time'],
  ['key', 'AccessDeniedException', 'operator'],
  ['key', 'NotFoundException', 'operator'],
  ['key', 'DisabledException', 'operator'],
  ['key', 'KMSInvalidStateException', 'operator'],
  ['key', 'KeyUnavailableException', 'time'],
  ['key', 'DependencyTimeoutException', 'time'],
  ['key', 'KMSInternalException', 'time'],
  ['key', 'ThrottlingException', 'time'],
  ['key', 'TimeoutError', 'time'],
] as const)('of the %s, %s needs %s', async (failing, name, needs) => {
  const reader = aReader(failing, Object.assign(new Error('hush'), { name }));
  const error = await reader.read({ kind: 'tenant', id: TENANT_ID }).catch((each: unknown) => each);
  expect(error).toMatchObject({ name: 'SecretUnavailableError', needs });
  expect(String(error)).toContain('tenants/bakery');
  expect(String(error)).not.toContain('hush');
});
