import type { Permission } from './aws-service.ts';
import type { PolicyContext } from './policy-condition.ts';

/** Which tables, queues and secrets are encrypted with a customer-managed key. */
export interface KeyBook {
  /** The key's ARN; undefined where AWS's own key is used, which needs no permission. */
  keyOf(resourceArn: string): string | undefined;
}

export type KeyUse = 'read' | 'write' | undefined;

/** Which service uses the key in the caller's name, and what it binds the ciphertext to. */
export interface KeyUser {
  /** As in its host name. */
  readonly service: string;
  readonly region: string;
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/** Services use a customer-managed key in the caller's name: who may not use it cannot use the data. */
export function keyAccess(
  keys: KeyBook,
  resourceArn: string,
  use: KeyUse,
  { service, region, encryptionContext }: KeyUser,
): readonly Permission[] {
  const resource = keys.keyOf(resourceArn);
  if (resource === undefined || use === undefined) return [];
  const context: PolicyContext = {
    'kms:ViaService': `${service}.${region}.amazonaws.com`,
    ...Object.fromEntries(
      Object.entries(encryptionContext).map(([name, value]) => [
        `kms:EncryptionContext:${name}`,
        value,
      ]),
    ),
  };
  const decrypt = { action: 'kms:Decrypt', resource, context };
  return use === 'read'
    ? [decrypt]
    : [decrypt, { action: 'kms:GenerateDataKey', resource, context }];
}
