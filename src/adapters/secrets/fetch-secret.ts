import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import type { SecretReader } from './secret-reader.ts';
import type { SecretShape } from './secret-shapes.ts';
import { isNewerSecret } from './secret-text.ts';

/** A secret's value as it is now in its vault. @throws SecretUnavailableError */
export async function fetchSecret<Owner extends SecretOwner, Value>(
  reader: SecretReader<Owner>,
  owner: Owner,
  shape: SecretShape<Value>,
): Promise<Value> {
  const text = await reader.read(owner);
  if (isNewerSecret(text)) {
    throw new SecretUnavailableError(
      `Secret ${reader.nameOf(owner)} was written by a later release: deploy that one`,
      { needs: 'time' },
    );
  }
  const value = shape.read(text);
  if (value !== undefined) return value;
  throw new SecretUnavailableError(
    `Secret ${reader.nameOf(owner)} has another shape than ${shape.example}: put a new value`,
    { needs: 'operator' },
  );
}
