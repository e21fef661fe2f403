import { Callers } from '../../../local/callers.ts';
import { realClock } from '../../../local/clock.ts';
import { readAssembly } from '../../../local/cloud/assembly.ts';
import { CustomerKeys } from '../../../local/cloud/customer-keys.ts';
import { deployFunctions } from '../../../local/cloud/deploy-functions.ts';
import { deployKeys } from '../../../local/cloud/deploy-keys.ts';
import { deployQueues } from '../../../local/cloud/deploy-queues.ts';
import { deploySecrets } from '../../../local/cloud/deploy-secrets.ts';
import { deployTables } from '../../../local/cloud/deploy-tables.ts';
import { Stack } from '../../../local/cloud/stack.ts';
import { type Engines, startEngines } from '../../../local/cloud/start-engines.ts';
import { TemplateRoles } from '../../../local/cloud/template-roles.ts';
import {
  APP_SECRET,
  DEMO_BUSINESSES,
  type DemoBusiness,
  VERIFY_TOKEN,
} from '../../../local/demo.ts';
import { call } from '../../../local/dynamodb/dynamo-engine.ts';
import { Faults } from '../../../local/faults.ts';
import type { FunctionDefinition } from '../../../local/lambda/function-definition.ts';
import { writeRouteRecord } from '../../../src/adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '../../../src/adapters/dynamodb/tenant-record.ts';
import { HIGHEST_LIMITS, type TenantTerms } from '../../../src/domain/tenant/terms.ts';

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/** What of the template a function meets: tables, queues, secrets and keys, and nothing that runs by itself. */
export interface StandInCloud extends Engines {
  readonly account: string;
  readonly region: string;
  readonly functions: readonly FunctionDefinition[];
}

/**
 * The template without what starts functions: no event sources, schedules or alarms, so that nothing but
 * what is measured runs. Permissions are not asked either, which takes time of the wall: the local cloud
 * does that for the same bundles.
 */
export async function bringUp(
  assemblyDirectory: string,
  awsUrl: string,
  closers: (() => unknown)[],
): Promise<StandInCloud> {
  const sources = readAssembly(assemblyDirectory);
  const account = sources.find((each) => each.account)?.account ?? ACCOUNT;
  const region = sources.find((each) => each.region)?.region ?? REGION;
  const place = { account, region, clock: realClock(), speed: 1 };
  const engines = await startEngines({}, place, closers);
  const exports = new Map<string, unknown>();
  const stacks = sources.map(
    (source) => new Stack(source, { account, region, awsUrl, apiUrl: awsUrl, exports }),
  );
  const keys = new CustomerKeys();
  deployKeys(stacks, engines.kms);
  deployQueues(stacks, engines.sqs, keys);
  deploySecrets(stacks, engines.secrets, keys);
  await deployTables(stacks, engines.dynamodb, keys);
  const functions = definitionsOf(stacks, region);
  const cloud = { ...engines, account, region, functions };
  await seed(cloud);
  return cloud;
}

function definitionsOf(stacks: readonly Stack[], region: string): readonly FunctionDefinition[] {
  const faults = new Faults();
  // Nothing is started by them: who measures starts a process itself.
  const { byName } = deployFunctions(stacks, new TemplateRoles(stacks), region, {
    faults,
    callers: new Callers(faults),
    extraEnvironment: () => ({}),
    onLog: () => {},
    onInvocation: () => {},
    unreservedEnvironments: 0,
  });
  return [...byName.values()].map(({ definition }) => definition);
}

/** @throws Error for a name that the template does not give the function */
export function variableOf({ functions }: StandInCloud, folder: string, name: string): string {
  const found = functions.find((each) => each.name === folder)?.variables[name];
  if (found === undefined) throw new Error(`The template gives ${folder} no variable ${name}`);
  return found;
}

/** Nobody is held back in a measurement that writes faster than a person. */
const UNLIMITED: TenantTerms['limits'] = {
  contact: {
    answersPerMinute: HIGHEST_LIMITS.answersPerMinute,
    messagesPerMinute: HIGHEST_LIMITS.messagesPerMinute,
    messagesPerHour: HIGHEST_LIMITS.messagesPerHour,
  },
  turnsPerMinute: HIGHEST_LIMITS.turnsPerMinute,
};

async function seed(cloud: StandInCloud): Promise<void> {
  const { secrets } = cloud;
  const platform = { appSecrets: [APP_SECRET], verifyTokens: [VERIFY_TOKEN], openAiApiKey: 'any' };
  secrets.putSecretValue({
    secretId: variableOf(cloud, 'ingest', 'PLATFORM_SECRET_ARN'),
    secretString: JSON.stringify(platform),
  });
  for (const business of DEMO_BUSINESSES) await addBusiness(cloud, business);
}

async function addBusiness(cloud: StandInCloud, business: DemoBusiness): Promise<void> {
  const { phoneNumberId, accountId, accessToken } = business;
  const tenant = { ...business.tenant, limits: UNLIMITED };
  const TableName = variableOf(cloud, 'processor', 'TENANTS_TABLE');
  for (const Item of [
    writeTenantRecord(tenant, { numbers: [{ phoneNumberId, accountId }], revision: 1 }),
    writeRouteRecord({ phoneNumberId, tenantId: tenant.id }),
  ]) {
    await call(cloud.dynamodb.handle, 'PutItem', { TableName, Item });
  }
  const name = `${variableOf(cloud, 'processor', 'TENANT_SECRET_PREFIX')}${tenant.id}`;
  cloud.secrets.createSecret({ name });
  cloud.secrets.putSecretValue({ secretId: name, secretString: JSON.stringify({ accessToken }) });
}
