import { ArnFormat, Stack, Token, Validations } from 'aws-cdk-lib';
import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import {
  PolicyStatement,
  type PolicyStatementProps,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

const forAwsResources = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };

export interface BackupRoleProps {
  readonly tableArns: readonly string[];
  readonly tableKey: IKey;
  readonly backupKey: IKey;
  readonly vault: IBackupVault;
  /** The vault in a second region. */
  readonly copies: IBackupVault | undefined;
}

/**
 * What AWS Backup may do to back these tables up: of AWS's own policy for it the statements for DynamoDB
 * with AWS Backup's features, on these tables, these keys and this vault.
 */
export class BackupRole extends Role {
  constructor(scope: Construct, id: string, props: BackupRoleProps) {
    super(scope, id, {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      description: 'Backs the tables up, and can read and restore nothing',
    });
    const { tableArns, tableKey, backupKey, vault, copies } = props;
    allow(this, {
      actions: [
        'dynamodb:DescribeTable',
        'dynamodb:ListTagsOfResource',
        'dynamodb:StartAwsBackupJob',
      ],
      resources: [...tableArns],
    });
    allow(this, { actions: ['backup:DescribeBackupVault'], resources: [vault.backupVaultArn] });
    if (copies !== undefined) {
      allow(this, {
        actions: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'],
        resources: [copies.backupVaultArn],
      });
      allow(this, { actions: ['backup:CopyFromBackupVault'], resources: [vault.backupVaultArn] });
    }
    allow(this, {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [tableKey.keyArn],
      conditions: viaDynamoDb(this),
    });
    allow(this, {
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      resources: [backupKey.keyArn],
    });
    allow(this, {
      actions: ['kms:CreateGrant'],
      resources: [tableKey.keyArn, backupKey.keyArn],
      conditions: forAwsResources,
    });
    allow(this, { actions: ['kms:DescribeKey'], resources: [tableKey.keyArn] });
  }
}

export interface RestoreRoleProps {
  readonly tableKey: IKey;
  readonly backupKey: IKey;
  /** Names of tables that may be made, each ending in a wildcard. */
  readonly tables: readonly string[];
}

/** What AWS Backup may do to put a table back: make tables of these names, and fill them. */
export class RestoreRole extends Role {
  constructor(scope: Construct, id: string, { tableKey, backupKey, tables }: RestoreRoleProps) {
    super(scope, id, {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      description: 'Restores the tables from their backups, under other names',
    });
    allow(this, {
      actions: [
        'dynamodb:BatchWriteItem',
        'dynamodb:DeleteItem',
        'dynamodb:DescribeTable',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:RestoreTableFromAwsBackup',
        'dynamodb:Scan',
        'dynamodb:UpdateItem',
      ],
      resources: tables.map((name) => tableArn(this, name)),
    });
    allow(this, {
      actions: [
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: [tableKey.keyArn],
      conditions: viaDynamoDb(this),
    });
    allow(this, {
      actions: ['kms:Decrypt', 'kms:DescribeKey'],
      resources: [backupKey.keyArn],
    });
    allow(this, { actions: ['kms:DescribeKey'], resources: [tableKey.keyArn] });
    allow(this, {
      actions: ['kms:CreateGrant'],
      resources: [tableKey.keyArn, backupKey.keyArn],
      conditions: forAwsResources,
    });
    for (const name of tables) this.#acknowledge(name);
  }

  #acknowledge(name: string): void {
    const stack = Stack.of(this);
    // cdk-nag puts the names of the pseudo parameters where no account or region is configured.
    const region = Token.isUnresolved(stack.region) ? '<AWS::Region>' : stack.region;
    const account = Token.isUnresolved(stack.account) ? '<AWS::AccountId>' : stack.account;
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:dynamodb:${region}:${account}:table/${name}]`,
      reason:
        'The table is made by the restore, under a name that says of when it is: no stack knows it.',
    });
  }
}

function allow(role: Role, statement: PolicyStatementProps): void {
  role.addToPolicy(new PolicyStatement(statement));
}

function tableArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'dynamodb',
    resource: 'table',
    resourceName: name,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}

function viaDynamoDb(scope: Construct) {
  return {
    StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(scope).region}.amazonaws.com` },
  };
}
