import { availableParallelism } from 'node:os';
import { AccountIdentities } from '../aws/account-identities.ts';
import { startAwsFrontDoor } from '../aws/front-door.ts';
import type { BucketPolicies } from '../aws/s3-door.ts';
import { realClock } from '../clock.ts';
import { CloudWatch } from '../cloudwatch/cloud-watch.ts';
import { REAL_PACE } from '../cloudwatch/pace.ts';
import { queueMetrics } from '../cloudwatch/platform-metrics.ts';
import { iamAuthorizer } from '../http-api/iam-authorizer.ts';
import { AsyncInvocations } from '../lambda/async-invocations.ts';
import { MetricSums } from '../lambda/metric-sums.ts';
import { WaitingClients } from '../lambda/waiting-clients.ts';
import { LogStore } from '../logs/log-store.ts';
import { readAssembly } from './assembly.ts';
import { CustomerKeys } from './customer-keys.ts';
import { deployAlarms } from './deploy-alarms.ts';
import { deployBuckets } from './deploy-buckets.ts';
import { deployEventSources } from './deploy-event-sources.ts';
import { deployFunctions } from './deploy-functions.ts';
import { deployHttpApis } from './deploy-http-api.ts';
import { deployKeys } from './deploy-keys.ts';
import { deployQueues } from './deploy-queues.ts';
import { deploySchedules } from './deploy-schedules.ts';
import { deploySecrets } from './deploy-secrets.ts';
import { deployTables } from './deploy-tables.ts';
import { deployTopics } from './deploy-topics.ts';
import { InvokePermissions } from './invoke-permissions.ts';
import type { LocalCloud, LocalCloudOptions } from './local-cloud.ts';
import { MeasuredFunctions } from './measured-functions.ts';
import { Stack } from './stack.ts';
import { startEngines } from './start-engines.ts';
import { TemplateError } from './template-error.ts';
import { TemplateRoles } from './template-roles.ts';

/** Used where the app leaves account and region to whoever deploys. */
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/**
 * Brings up what `cdk deploy` would deploy.
 * @throws TemplateError for whatever in the templates cannot be brought up, by its logical id
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const closers: (() => unknown)[] = [];
  async function close(): Promise<void> {
    for (const each of closers.splice(0).reverse()) await each();
  }
  try {
    return { ...(await bringUp(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function bringUp(
  options: LocalCloudOptions,
  closers: (() => unknown)[],
): Promise<Omit<LocalCloud, 'close'>> {
  const sources = readAssembly(options.assemblyDirectory);
  const account = sources.find((each) => each.account)?.account ?? ACCOUNT;
  const region = sources.find((each) => each.region)?.region ?? REGION;
  const clock = realClock();
  const { pace = REAL_PACE } = options;
  const cloudWatch = new CloudWatch(pace);
  const keys = new CustomerKeys();
  const place = { account, region, clock };
  const { sqs, dynamodb, secrets, kms, sns, s3 } = await startEngines(
    options,
    { ...place, speed: pace.speed },
    closers,
  );

  let templateRoles: TemplateRoles | undefined;
  const roles = {
    statementsOf: (logicalId: string) => templateRoles?.statementsOf(logicalId) ?? [],
  };
  const { callers, users } = options;
  const identities = new AccountIdentities({ accountId: account, callers, roles, users });
  let bucketPolicies: BucketPolicies | undefined;
  const logs = new LogStore();
  const frontDoor = await startAwsFrontDoor({
    logs,
    sqs,
    dynamodb,
    secrets,
    kms,
    sns,
    s3,
    identities,
    faults: options.faults,
    callers,
    roles,
    bucketPolicies: { statementsOf: (bucket) => bucketPolicies?.statementsOf(bucket) ?? [] },
    keys,
    region,
    accountId: account,
    onTableRefusal: (refused) => cloudWatch.hearTableRefusal(refused),
    watch: options.watch,
  });
  closers.push(() => frontDoor.close());

  const exports = new Map<string, unknown>();
  const { apiUrl } = options;
  const stacks = sources.map(
    (source) => new Stack(source, { account, region, awsUrl: frontDoor.url, apiUrl, exports }),
  );
  templateRoles = new TemplateRoles(stacks);
  const permissions = new InvokePermissions(stacks);

  deployKeys(stacks, kms);
  bucketPolicies = deployBuckets(stacks, s3, keys);
  deployQueues(stacks, sqs, keys);
  deployTopics(stacks, sns, keys);
  deploySecrets(stacks, secrets, keys);
  await deployTables(stacks, dynamodb, keys);

  const metrics = new MetricSums();
  const unreservedEnvironments = options.environments ?? 2 * availableParallelism();
  const waitingClients = new WaitingClients(() => options.onCrowd?.(unreservedEnvironments));
  const measured = new MeasuredFunctions({ cloudWatch, sums: metrics });
  const functions = deployFunctions(stacks, templateRoles, region, {
    faults: options.faults,
    callers: options.callers,
    extraEnvironment: (name, environmentId) => ({
      AWS_ENDPOINT_URL: frontDoor.url,
      ...options.extraEnvironment(name, environmentId),
    }),
    onLog: (line) => {
      measured.hearLine(line);
      const logGroup = functions.byName.get(line.functionName)?.definition.logGroupName ?? '';
      logs.add({ atMs: clock.now(), logGroup, text: line.text });
      options.onLog(line);
    },
    onInvocation: (event) => {
      measured.hearInvocation(event);
      options.onInvocation(event);
    },
    speed: pace.speed,
    unreservedEnvironments,
    waitingClients,
  });
  closers.push(() => functions.close());
  measured.name(stacks, functions);

  const authorise = iamAuthorizer({
    identities,
    accountId: account,
    region,
    now: () => clock.now(),
  });
  const apis = deployHttpApis(stacks, functions, permissions, {
    ...place,
    authorise,
    onRequest: (request) => cloudWatch.hearRequest(request),
  });
  const pollers = deployEventSources(stacks, {
    functions,
    roles: templateRoles,
    keys,
    sqs,
    region,
    clock,
    speed: pace.speed,
    waitingClients,
  });
  const asyncInvocations = new AsyncInvocations(clock);
  closers.push(() => asyncInvocations.close());
  const deployed = { functions, permissions, asyncInvocations };
  closers.push(deploySchedules(stacks, place, { ...deployed, clock: pace.clock }));
  closers.push(
    cloudWatch.watch(deployAlarms(stacks), () => queueMetrics(sqs, clock.now(), pace.speed)),
  );
  for (const poller of pollers) {
    closers.push(() => poller.stop());
    poller.start();
  }

  return {
    awsUrl: frontDoor.url,
    region,
    outputs: new Map(stacks.flatMap((stack) => [...stack.outputs])),
    functions: functions.byName,
    routes: apis.routes,
    sqs,
    dynamodb,
    secrets,
    kms,
    sns,
    s3,
    metrics,
    cloudWatch,
    handleRequest: (request, response) => apis.handle(request, response),
    invoke: async (name, payload) => {
      const lambda = functions.byName.get(name);
      if (!lambda) throw new TemplateError(name, 'there is no function of this name');
      return lambda.invoke(payload, 'direct');
    },
  };
}
