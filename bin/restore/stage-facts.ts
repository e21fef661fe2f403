import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { stackNames } from '#lib/config/stack-names.ts';
import type { StageName } from '#lib/config/stages.ts';
import { OperatorError } from '../operator/operator-error.ts';
import { hasName, type RestoreDeps } from './aws.ts';

/** The two tables of a stage, by what they are for. */
export const tableRoles = ['tenants', 'conversations'] as const;
export type TableRole = (typeof tableRoles)[number];
export type ByRole<T> = Readonly<Record<TableRole, T>>;

export interface StageFacts {
  /** The tables that serve now. */
  readonly serving: ByRole<string>;
  /** Encrypts the tables. */
  readonly keyArn: string;
  /** Undefined where the stage has no backups. */
  readonly backups: { readonly vaultName: string; readonly restoreRoleArn: string } | undefined;
}

/** What the deployed stage tells of itself. */
export async function readStageFacts(deps: RestoreDeps, stage: StageName): Promise<StageFacts> {
  const outputs = await outputsOf(deps, stackNames(stage).stateful, stage);
  const needed = (name: string) => {
    const value = outputs.get(name);
    if (value !== undefined) return value;
    throw new OperatorError(`The stack has no output ${name}: npm run deploy -- ${stage}.`);
  };
  const vaultName = outputs.get('BackupVaultName');
  return {
    serving: {
      tenants: needed('TenantsTableName'),
      conversations: needed('ConversationsTableName'),
    },
    keyArn: needed('SecretsKeyArn'),
    backups:
      vaultName === undefined ? undefined : { vaultName, restoreRoleArn: needed('RestoreRoleArn') },
  };
}

async function outputsOf(
  { cloudFormation }: RestoreDeps,
  stack: string,
  stage: StageName,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { Stacks: [found] = [] } = await cloudFormation.send(
      new DescribeStacksCommand({ StackName: stack }),
    );
    return new Map(
      (found?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
        OutputKey,
        OutputValue,
      ]),
    );
  } catch (cause) {
    if (!hasName(cause, 'ValidationError')) throw cause;
    throw new OperatorError(
      `There is no stack ${stack} in this account and region: check AWS_PROFILE and AWS_REGION, or deploy it with npm run deploy -- ${stage}.`,
      { cause },
    );
  }
}
