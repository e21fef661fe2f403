import { marshall } from '@aws-sdk/util-dynamodb';
import type { SealedSecret } from '#app/ports/sealed-secrets.ts';
import type { TenantId } from '#domain/ids.ts';
import { sealedSecretKey } from './keys.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';

/** The item `TENANT#<id> / SECRET`, ready for a put. */
export function writeSealedSecretRecord(
  id: TenantId,
  { wrappedKey, iv, ciphertext, changedAtMs }: SealedSecret,
): Item {
  return {
    ...sealedSecretKey(id),
    ...marshall({ v: RECORD_VERSION, wrappedKey, iv, ciphertext, changedAt: changedAtMs }),
  };
}

/** @throws StoredRecordError naming the attribute that is missing or wrong */
export function readSealedSecretRecord(item: Item): SealedSecret {
  const record = new StoredRecord(item);
  const bytes = (name: string) => {
    const value = record.fields[name];
    return record.required(name, value instanceof Uint8Array ? value : undefined);
  };
  return {
    wrappedKey: bytes('wrappedKey'),
    iv: bytes('iv'),
    ciphertext: bytes('ciphertext'),
    changedAtMs: record.number('changedAt'),
  };
}
