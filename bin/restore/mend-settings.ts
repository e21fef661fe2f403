import {
  PutResourcePolicyCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { OperatorError } from '../operator/operator-error.ts';
import { patiently, type RestoreDeps } from './aws.ts';
import { describeTable, readSettings } from './read-settings.ts';
import { differences, type SettingName, type TableSettings } from './table-settings.ts';
import { waitUntilUsable } from './wait-until-usable.ts';

interface Mending {
  readonly deps: RestoreDeps;
  readonly name: string;
  readonly arn: string;
  readonly wanted: TableSettings;
}

/**
 * Makes the settings of a table those that the template wants: only what differs is changed, so that it
 * may be repeated, and what was changed is read again.
 * @throws OperatorError for what cannot be changed, and for what is still not as it should be
 */
export async function mendSettings(
  deps: RestoreDeps,
  name: string,
  wanted: TableSettings,
): Promise<void> {
  const { differing, arn } = await compare(deps, name, wanted);
  for (const setting of differing) {
    deps.say(`${name}: setting ${inWords(setting)}`);
    await patiently(deps, () => mend(setting, { deps, name, arn, wanted }));
    await waitUntilUsable(deps, name);
  }
  const left = await compare(deps, name, wanted);
  if (left.differing.length > 0) {
    throw new OperatorError(
      `${name} still differs in ${left.differing.map(inWords).join(', ')}: run the same command again, and if it stays so, set it by hand.`,
    );
  }
  deps.say(`${name}: every setting is as the template wants it`);
}

async function compare(deps: RestoreDeps, name: string, wanted: TableSettings) {
  const table = await describeTable(deps, name);
  if (table === undefined) throw new OperatorError(`${name} is gone: run the same command again.`);
  const actual = await readSettings(deps, table);
  return { differing: differences(wanted, actual), arn: table.TableArn ?? '' };
}

function mend(setting: SettingName, mending: Mending): Promise<unknown> {
  const { deps, name, arn, wanted } = mending;
  const { dynamodb } = deps;
  switch (setting) {
    case 'keys':
    case 'attributes':
    case 'indexes':
      throw new OperatorError(
        `${name} has other ${setting} than the template, and they come with what was restored: check out the release that the stage runs, and run the same command again.`,
      );
    case 'recoveryDays':
      return setRecovery(mending);
    case 'timeToLive':
      return setTimeToLive(mending);
    case 'insights':
      return dynamodb.send(
        new UpdateContributorInsightsCommand({
          TableName: name,
          ContributorInsightsAction: wanted.insights ? 'ENABLE' : 'DISABLE',
        }),
      );
    case 'policy':
      return setPolicy(mending);
    case 'tags':
      return dynamodb.send(
        new TagResourceCommand({
          ResourceArn: arn,
          Tags: Object.entries(wanted.tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
    default:
      return dynamodb.send(
        new UpdateTableCommand({ TableName: name, ...updateOf(setting, wanted) }),
      );
  }
}

type OfTheTable = 'billing' | 'encryption' | 'deletionProtection' | 'tableClass' | 'stream';

/** One at a time: DynamoDB takes few of these together. */
function updateOf(
  setting: OfTheTable,
  wanted: TableSettings,
): Omit<UpdateTableCommandInput, 'TableName'> {
  switch (setting) {
    case 'billing':
      return { BillingMode: wanted.billing === 'PROVISIONED' ? 'PROVISIONED' : 'PAY_PER_REQUEST' };
    case 'encryption':
      return {
        SSESpecification: wanted.encryption
          ? { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: wanted.encryption }
          : { Enabled: false },
      };
    case 'deletionProtection':
      return { DeletionProtectionEnabled: wanted.deletionProtection };
    case 'tableClass':
      return {
        TableClass: wanted.tableClass === 'STANDARD' ? 'STANDARD' : 'STANDARD_INFREQUENT_ACCESS',
      };
    case 'stream':
      return { StreamSpecification: streamOf(wanted.stream) };
  }
}

function streamOf(view: string | undefined) {
  switch (view) {
    case undefined:
      return { StreamEnabled: false };
    case 'KEYS_ONLY':
    case 'NEW_IMAGE':
    case 'OLD_IMAGE':
    case 'NEW_AND_OLD_IMAGES':
      return { StreamEnabled: true, StreamViewType: view } as const;
    default:
      throw new OperatorError(`The template wants a stream of ${view}, which there is not.`);
  }
}

function setRecovery({ deps, name, wanted: { recoveryDays } }: Mending): Promise<unknown> {
  return deps.dynamodb.send(
    new UpdateContinuousBackupsCommand({
      TableName: name,
      PointInTimeRecoverySpecification:
        recoveryDays === undefined
          ? { PointInTimeRecoveryEnabled: false }
          : { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: recoveryDays },
    }),
  );
}

function setTimeToLive({ deps, name, wanted: { timeToLive } }: Mending): Promise<unknown> {
  if (timeToLive === undefined) {
    throw new OperatorError(`${name} has a time to live that the template does not want.`);
  }
  return deps.dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { Enabled: true, AttributeName: timeToLive },
    }),
  );
}

function setPolicy({ deps, name, arn, wanted: { policy } }: Mending): Promise<unknown> {
  if (policy === undefined) {
    throw new OperatorError(`${name} has a policy of its own that the template does not want.`);
  }
  return deps.dynamodb.send(new PutResourcePolicyCommand({ ResourceArn: arn, Policy: policy }));
}

function inWords(setting: SettingName): string {
  return setting.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
