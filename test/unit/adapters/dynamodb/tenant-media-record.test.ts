import { expect, it } from 'vitest';
import { readTenantRecord, writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { DEFAULT_MEDIA } from '#domain/tenant/media-settings.ts';
import { aTenant } from '#test/support/builders.ts';

const OWN = {
  images: false,
  audio: true,
  documents: false,
  transcriptionModel: 'gpt-hears',
  reactions: 'answered',
} as const;

it('keeps what a tenant wants done with what customers send', () => {
  expect(readTenantRecord(writeTenantRecord(aTenant({ media: OWN }))).media).toEqual(OWN);
});

it('gives a tenant of before the defaults, also where only some of it is said', () => {
  const { media: _, ...before } = writeTenantRecord(aTenant());
  expect(readTenantRecord(before).media).toEqual(DEFAULT_MEDIA);
  const some = { ...before, media: { M: { audio: { BOOL: false } } } };
  expect(readTenantRecord(some).media).toEqual({ ...DEFAULT_MEDIA, audio: false });
});

it.each([
  { images: { S: 'yes' } },
  { reactions: { S: 'ignored' } },
  { transcriptionModel: { S: ' ' } },
])('takes no settings that are none: %j', (M) => {
  const item = { ...writeTenantRecord(aTenant()), media: { M } };
  expect(() => readTenantRecord(item)).toThrow(/media/);
});
