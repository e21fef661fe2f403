import type { Permission } from './aws-service.ts';

/** Which tables, queues and secrets are encrypted with a customer-managed key. */
export interface KeyBook {
  /** The key's ARN; undefined where AWS's own key is used, which needs no permission. */
  keyOf(resourceArn: string): string | undefined;
}

export type KeyUse = 'read' | 'write' | undefined;

/** Services use a customer-managed key in the caller's name: who may not use it cannot use the data. */
export function keyAccess(keys: KeyBook, resourceArn: string, use: KeyUse): readonly Permission[] {
  const resource = keys.keyOf(resourceArn);
  if (resource === undefined || use === undefined) return [];
  const decrypt = { action: 'kms:Decrypt', resource };
  return use === 'read' ? [decrypt] : [decrypt, { action: 'kms:GenerateDataKey', resource }];
}
