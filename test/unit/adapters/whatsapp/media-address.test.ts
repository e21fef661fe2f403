import { expect, test } from 'vitest';
import { isFileAddress } from '#adapters/whatsapp/media-address.ts';

test.each([
  'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=x',
  'https://lookaside.fbsbx.com:443/x',
])('the token may go to %s', (address) => {
  expect(isFileAddress(address, undefined)).toBe(true);
});

test.each([
  'http://lookaside.fbsbx.com/x',
  'https://lookaside.fbsbx.com.evil.example/x',
  'https://evil.example/lookaside.fbsbx.com',
  'https://evil-lookaside.fbsbx.com/x',
  'https://lookaside.fbsbx.com:8443/x',
  'https://lookaside.fbsbx.com@evil.example/x',
  'https://user@lookaside.fbsbx.com/x',
  'https://graph.facebook.com/x',
  'https://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  'no address',
])('the token may not go to %s', (address) => {
  expect(isFileAddress(address, undefined)).toBe(false);
});

test('where another Graph API is configured, its own server is trusted, and no other one beside Meta’s', () => {
  const base = 'http://127.0.0.1:4711/from/environment';
  expect(isFileAddress('http://127.0.0.1:4711/files/1', base)).toBe(true);
  expect(isFileAddress('http://127.0.0.1:4712/files/1', base)).toBe(false);
  expect(isFileAddress('https://127.0.0.1:4711/files/1', base)).toBe(false);
});
