import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedBy, isVerifyToken } from '#adapters/whatsapp/webhook-signature.ts';

const COMPACT = '{"object":"whatsapp_business_account","entry":[]}';
const SPACED = '{"object": "whatsapp_business_account", "entry": []}';
const COMPACT_HEX = 'dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756';

describe('isSignedBy', () => {
  it.each([
    ['the compact body', COMPACT, 'test_app_secret', COMPACT_HEX],
    [
      'the same content with spaces',
      SPACED,
      'test_app_secret',
      '56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a',
    ],
    [
      'another secret',
      COMPACT,
      'otro_secreto',
      '769b03d8c2ae6498f2d1e1f7299c0ba55448c69d741e7b0bb243d852d8a8d8c7',
    ],
  ])('accepts the published vector for %s', (_what, body, secret, hex) => {
    expect(isSignedBy(Buffer.from(body), `sha256=${hex}`, [secret])).toBe(true);
  });

  it('accepts the previous secret while both are listed', () => {
    const header = `sha256=${COMPACT_HEX}`;
    expect(isSignedBy(Buffer.from(COMPACT), header, ['new_secret', 'test_app_secret'])).toBe(true);
    expect(isSignedBy(Buffer.from(COMPACT), header, ['new_secret'])).toBe(false);
  });

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['no prefix', COMPACT_HEX],
    ['upper-case hex', `sha256=${COMPACT_HEX.toUpperCase()}`],
    ['one digit short', `sha256=${COMPACT_HEX.slice(1)}`],
    ['one digit long', `sha256=${COMPACT_HEX}0`],
    ['a trailing line break', `sha256=${COMPACT_HEX}\n`],
    ['SHA-1', `sha1=${createHmac('sha1', 'test_app_secret').update(COMPACT).digest('hex')}`],
    ['two signatures', `sha256=${COMPACT_HEX},sha256=${COMPACT_HEX}`],
  ])('refuses %s', (_what, header) => {
    expect(isSignedBy(Buffer.from(COMPACT), header, ['test_app_secret'])).toBe(false);
  });

  it('refuses a body that differs in any one byte', () => {
    for (const [index] of Buffer.from(COMPACT).entries()) {
      const changed = Buffer.from(COMPACT);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(isSignedBy(changed, `sha256=${COMPACT_HEX}`, ['test_app_secret'])).toBe(false);
    }
  });

  it('hashes bytes that are no text', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const hex = createHmac('sha256', 'test_app_secret').update(bytes).digest('hex');
    expect(isSignedBy(bytes, `sha256=${hex}`, ['test_app_secret'])).toBe(true);
  });

  it('trusts nobody without a secret', () => {
    expect(isSignedBy(Buffer.from(COMPACT), `sha256=${COMPACT_HEX}`, [])).toBe(false);
  });
});

describe('isVerifyToken', () => {
  it('accepts any of the listed tokens, of whatever length', () => {
    expect(isVerifyToken('one', ['one', 'a-longer-token'])).toBe(true);
    expect(isVerifyToken('a-longer-token', ['one', 'a-longer-token'])).toBe(true);
  });

  it.each([undefined, '', 'on', 'one ', 'ONE'])('refuses %j', (given) => {
    expect(isVerifyToken(given, ['one'])).toBe(false);
  });
});
