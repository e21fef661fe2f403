import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { TableBackups } from '../backups/table-backups.ts';
import type { StageConfig } from '../config/stages.ts';
import { EmptySecret } from '../constructs/empty-secret.ts';
import { MediaBucket } from '../constructs/media-bucket.ts';
import type { ServingTable } from '../constructs/serving-table.ts';
import { stateTables } from '../constructs/state-tables.ts';
import { heldStateOf, heldStateProblems } from './held-state.ts';

export interface StatefulStackProps extends StackProps {
  readonly config: StageConfig;
}

/**
 * What must never be replaced: the tables, what customers sent, the key over them, the platform's secret. Everything is
 * retained, protected from deletion and recoverable to any second, except in a disposable stage.
 */
export class StatefulStack extends Stack {
  /** Tenants, and which phone number is whose. After a restore the restored table, as is the next. */
  readonly tenants: ServingTable;
  /** Inboxes, heads, history. The truth that the queues only ring for. */
  readonly conversations: ServingTable;
  /** What customers sent: pictures, voice notes, documents. */
  readonly media: MediaBucket;
  /** Encrypts both tables, the media and all secrets of Secrets Manager. */
  readonly key: Key;
  /**
   * Wraps the data keys of tenants' secrets that lie in the tenants table. Apart from the table's own
   * key: who may read the table may not read tokens. There in every stage, so that secrets can be
   * moved before the functions are told.
   */
  readonly tenantSecretsKey: Key;
  readonly platformSecret: EmptySecret;
  /** A tenant's secret is this prefix and the tenant id; the operator puts it, no stack knows it. */
  readonly tenantSecretPrefix: string;
  /** The secret of a Meta app that a tenant brought is this prefix and the app's id; likewise. */
  readonly appSecretPrefix: string;

  constructor(scope: Construct, id: string, { config, ...props }: StatefulStackProps) {
    super(scope, id, { terminationProtection: !config.disposable, ...props });
    const { disposable } = config;
    // A developer's data may be made anew.
    if (!disposable)
      this.node.addValidation({
        validate: () => [...heldStateProblems(this, heldStateOf(config))],
      });

    this.key = new Key(this, 'Key', {
      description: `${id}: tables, media and secrets`,
      enableKeyRotation: true,
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });

    this.tenantSecretsKey = new Key(this, 'TenantSecretsKey', {
      description: `${id}: data keys of tenants' secrets in the tenants table`,
      enableKeyRotation: true,
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });

    const { tenants, conversations } = stateTables(this, { config, key: this.key });
    this.tenants = tenants;
    this.conversations = conversations;
    this.#backUp(config);

    this.media = new MediaBucket(this, 'Media', { key: this.key, disposable });

    this.platformSecret = new EmptySecret(this, 'PlatformSecret', {
      secretName: `concierge/${config.stage}/platform`,
      shape:
        '{"appId":"...","appSecrets":["current","previous"],"verifyTokens":["..."],"openAiApiKey":"..."}',
      key: this.key,
      disposable,
    });
    this.tenantSecretPrefix = `concierge/${config.stage}/tenant/`;
    this.appSecretPrefix = `concierge/${config.stage}/app/`;

    new CfnOutput(this, 'TenantsTableName', {
      value: this.tenants.tableName,
      description: 'Businesses and their numbers: npx concierge tenant list',
    });
    new CfnOutput(this, 'ConversationsTableName', {
      value: this.conversations.tableName,
      description: 'What is parked in it: npx concierge dead-letters list',
    });
    new CfnOutput(this, 'MediaBucketName', {
      value: this.media.bucketName,
      description: 'What customers sent; goes with a contact: npx concierge chat erase',
    });
    new CfnOutput(this, 'PlatformSecretName', {
      value: this.platformSecret.secretName,
      description: 'App secrets, verify tokens and the OpenAI key: npx concierge secret',
    });
    new CfnOutput(this, 'TenantSecretPrefix', {
      value: this.tenantSecretPrefix,
      description: "Each tenant's secret is this and the tenant's id: npx concierge secret",
    });
    new CfnOutput(this, 'AppSecretPrefix', {
      value: this.appSecretPrefix,
      description: "The secret of a tenant's own Meta app is this and the app's id",
    });
    new CfnOutput(this, 'SecretsKeyArn', {
      value: this.key.keyArn,
      description: "Encrypts each tenant's secret in Secrets Manager",
    });
    new CfnOutput(this, 'TenantSecretsKeyArn', {
      value: this.tenantSecretsKey.keyArn,
      description: "Wraps the data keys of tenants' secrets in the tenants table",
    });
  }

  /** What is erased is gone from the backups after their retention: docs/adr/035. */
  #backUp({ stage, disposable, recovery }: StageConfig): void {
    if (recovery.backups === undefined) return;
    const { vault, restoreRoleArn } = new TableBackups(this, 'Backups', {
      stage,
      backups: recovery.backups,
      tableArns: [this.tenants.tableArn, this.conversations.tableArn],
      tableKey: this.key,
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    new CfnOutput(this, 'BackupVaultName', {
      value: vault.backupVaultName,
      description: 'Where the daily backups lie: docs/runbooks/backup-failed.md',
    });
    new CfnOutput(this, 'RestoreRoleArn', {
      value: restoreRoleArn,
      description: 'What AWS Backup may do when it restores: npm run restore',
    });
  }
}
