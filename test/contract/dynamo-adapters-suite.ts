import { afterAll, beforeAll } from 'vitest';
import {
  dynamoApps,
  dynamoAudit,
  dynamoLedgers,
  dynamoRegister,
  dynamoSealedSecrets,
  dynamoStores,
  dynamoTenants,
  dynamoVaultMoves,
} from '#test/support/dynamo-peers.ts';
import type { DynamoServer } from '#test/support/dynamo-server.ts';
import { describeAppDirectory } from './app-directory-suite.ts';
import { describeAuditTrail } from './audit-trail-suite.ts';
import { describeConversationStore } from './conversation-store-suite.ts';
import { describeLostAnswers } from './lost-answers-suite.ts';
import { describeSealedSecrets } from './sealed-secrets-suite.ts';
import { describeSpendLedger } from './spend-ledger-suite.ts';
import { describeTenantDirectory } from './tenant-directory-suite.ts';
import { describeTenantRegister } from './tenant-register-suite.ts';
import { describeVaultMoves } from './vault-moves-suite.ts';

/** The first start of a Java process on a busy machine takes its time. */
const START_TIMEOUT_MS = 120_000;

/** Everything of ours that stands on DynamoDB, on one engine that runs for all of it. */
export function describeDynamoAdapters(start: () => Promise<DynamoServer>): void {
  let server: DynamoServer;
  beforeAll(async () => {
    server = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => server?.close());

  describeConversationStore('conversation store', () => dynamoStores(server));
  describeTenantDirectory('tenant directory', () => dynamoTenants(server));
  describeAppDirectory('app directory', () => dynamoApps(server));
  describeTenantRegister('tenant register', () => dynamoRegister(server));
  describeSpendLedger('spend ledger', () => dynamoLedgers(server));
  describeSealedSecrets('sealed secrets', () => dynamoSealedSecrets(server));
  describeVaultMoves('vault moves', () => dynamoVaultMoves(server));
  describeAuditTrail('audit trail', () => dynamoAudit(server));
  describeLostAnswers(() => server);
}
