import { expect, test } from 'vitest';
import { isLoopback, isPublicAddress } from '#adapters/webhook/public-address.ts';

test.each(['1.1.1.1', '93.184.216.34', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00::1'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  ['0.0.0.0', 'this host'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'carrier'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'where a machine is told its credentials'],
  ['169.254.100.1', 'where a function is told of its traces'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'benchmarks'],
  ['203.0.113.7', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::ffff:10.0.0.1', 'a private address as IPv6'],
  ['::ffff:93.184.216.34', 'a public address as IPv6, of which nobody has need'],
  ['64:ff9b::a00:1', 'a private address by translation'],
  ['2002:a00:1::', 'a private address by 6to4'],
  ['2001::1', 'a tunnel'],
  ['2001:db8::1', 'documentation'],
  ['fc00::1', 'private'],
  ['fd00:ec2::254', 'where a machine is told its credentials'],
  ['fe80::1', 'link-local'],
  ['ff02::1', 'multicast'],
])('%s is not public: %s', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test('what is this machine is known', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
  expect(['10.0.0.1', '::2', '1.1.1.1'].some(isLoopback)).toBe(false);
});
