import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openText, sealText } from '#adapters/kms/seal-text.ts';
import type { SealContext } from '#app/ports/envelope.ts';
import { parseTenantId } from '#domain/ids.ts';
import { present, TENANT_ID } from '#test/support/builders.ts';

const KEY = { plaintext: randomBytes(32), wrapped: new Uint8Array([1, 2, 3]) };
const CONTEXT = { tenant: TENANT_ID, purpose: 'tenant-secret' } as const;

test.each(['', '{"accessToken":"t"}', 'señor 🥐', 'x'.repeat(100_000)])('opens %.20j', (text) => {
  const sealed = sealText(text, CONTEXT, KEY);
  expect(sealed.wrappedKey).toBe(KEY.wrapped);
  expect(openText(sealed, CONTEXT, KEY.plaintext)).toBe(text);
});

test('two seals of the same text have nothing in common', () => {
  const [one, other] = [sealText('same', CONTEXT, KEY), sealText('same', CONTEXT, KEY)];
  expect(one.iv).toHaveLength(12);
  expect(one.iv).not.toEqual(other.iv);
  expect(one.ciphertext).not.toEqual(other.ciphertext);
});

// Even with the right data key: KMS's own refusal is the other half.
test.each<[string, SealContext]>([
  ['tenant', { ...CONTEXT, tenant: present(parseTenantId('clinic')) }],
  ['purpose', { ...CONTEXT, purpose: 'other' as never }],
])('another %s does not open it', (_, context) => {
  const sealed = sealText('hush', CONTEXT, KEY);
  expect(() => openText(sealed, context, KEY.plaintext)).toThrow('changed since it was sealed');
});

test.each([randomBytes(32), randomBytes(16), new Uint8Array()])('another key does not', (key) => {
  const sealed = sealText('hush', CONTEXT, KEY);
  expect(() => openText(sealed, CONTEXT, key)).toThrow('changed since it was sealed');
});
