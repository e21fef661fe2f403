import type { BackupClient } from '@aws-sdk/client-backup';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';

/** What a restore calls, and how it waits and tells. A test puts a control plane of its own here. */
export interface RestoreDeps {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly backup: Pick<BackupClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  now(): Date;
  sleep(seconds: number): Promise<void>;
  say(line: string): void;
}

export function hasName(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** A change that AWS takes only when an earlier one is done. */
const PASSES = [
  'ContinuousBackupsUnavailableException',
  'LimitExceededException',
  'ResourceInUseException',
  'ResourceConflictException',
  'ThrottlingException',
  'TooManyRequestsException',
];
const TRIES = 40;
const BETWEEN_SECONDS = 15;

/** Tries again what AWS refuses for now: for ten minutes, and then tells why. */
export async function patiently<T>(deps: RestoreDeps, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES || !hasName(error, ...PASSES)) throw error;
      await deps.sleep(BETWEEN_SECONDS);
    }
  }
}
