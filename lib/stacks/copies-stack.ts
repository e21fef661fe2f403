import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { copiesVaultNameOf, lockOf } from '../backups/table-backups.ts';
import type { BackupConfig } from '../config/recovery.ts';

export interface CopiesStackProps extends StackProps {
  readonly stage: string;
  readonly disposable: boolean;
  readonly backups: BackupConfig;
}

/**
 * The vault in a second region that backups are copied to, with a key of that region: a copy is encrypted
 * anew on its way, so nothing of it depends on the first region.
 */
export class CopiesStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { stage, disposable, backups, ...props }: CopiesStackProps,
  ) {
    super(scope, id, { terminationProtection: !disposable, ...props });
    const removalPolicy = disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const key = new Key(this, 'Key', {
      description: `${id}: copies of backups`,
      enableKeyRotation: true,
      removalPolicy,
    });
    new BackupVault(this, 'Vault', {
      backupVaultName: copiesVaultNameOf(stage),
      encryptionKey: key,
      removalPolicy,
      ...lockOf(backups),
    });
  }
}
