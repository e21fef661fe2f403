import type { Finding } from '#app/check-business.ts';
import { isObject, type JsonObject, objectAt } from '#domain/json.ts';
import type { StageConfig } from '#lib/config/stages.ts';
import type { Account } from './account.ts';
import { checkRestored } from './check-restored.ts';
import { failed, ok } from './finding.ts';
import { lossesBetween } from './template-losses.ts';

/** What is about to be deployed. */
export interface Deployment {
  readonly config: StageConfig;
  /** The templates, as synthesized. */
  readonly stateful: JsonObject;
  readonly service: JsonObject;
  readonly nowMs: number;
}

/** Lambda keeps so many for functions that reserve nothing, and refuses what would leave fewer. */
const LEAST_UNRESERVED = 100;
/** What `cdk synth` asks of the bootstrap; test/unit/bin/deploy.test.ts holds it to that. */
export const LEAST_BOOTSTRAP = 6;

type Check = (deployment: Deployment, account: Account) => Promise<Finding>;

/**
 * Everything that would end a deployment half-way, as far as it can be known before. Nothing is created. What
 * the credentials may not look at is told, and does not stop anybody.
 */
export async function precheck(
  deployment: Deployment,
  account: Account,
): Promise<readonly Finding[]> {
  const place = await checkPlace(deployment, account);
  if (place.verdict === 'failed') return [place];
  const checks: Readonly<Record<string, Check>> = {
    bootstrap: checkBootstrap,
    'stateful stack': (each, on) => checkStack(`concierge-${each.config.stage}-stateful`, on),
    'service stack': (each, on) => checkStack(`concierge-${each.config.stage}-service`, on),
    state: checkState,
    concurrency: checkConcurrency,
    alarms: checkAddresses,
    vault: checkVault,
    'restored tables': checkRestored,
    ...(deployment.config.api.domain && {
      certificate: checkCertificate,
      truststore: checkTruststore,
    }),
  };
  const findings = await Promise.all(
    Object.entries(checks).map(async ([check, run]): Promise<Finding> => {
      try {
        return await run(deployment, account);
      } catch (error) {
        const name = error instanceof Error ? error.name : 'unknown';
        const message = `Not checked: ${check} (${name})`;
        return { verdict: 'warning', check, message, advice: 'it may end the deployment half-way' };
      }
    }),
  );
  return [place, ...findings];
}

async function checkPlace({ config }: Deployment, account: Account): Promise<Finding> {
  const check = 'credentials';
  const found = await account.identity().catch((error: unknown) => error);
  if (!isObject(found) || !('account' in found)) {
    const name = found instanceof Error ? found.name : 'unknown';
    return failed(
      check,
      `No AWS credentials and region that work (${name})`,
      'put them into the environment, for example by AWS_PROFILE and AWS_REGION',
    );
  }
  const here = `${found['account']} in ${found['region']}`;
  const { env } = config;
  const wanted = env && `${env.account} in ${env.region}`;
  if (wanted !== undefined && wanted !== here) {
    return failed(
      check,
      `Stage ${config.stage} belongs to ${wanted}; these credentials are of ${here}`,
      'take the other account’s, or correct `env` in bin/deployments.ts',
    );
  }
  return ok(check, `Deploys to account ${here}`);
}

const checkBootstrap: Check = async (_, account) => {
  const check = 'bootstrap';
  const version = Number((await account.findStack('CDKToolkit'))?.outputs.get('BootstrapVersion'));
  if (version >= LEAST_BOOTSTRAP) return ok(check, `Bootstrapped, version ${version}`);
  const message = Number.isNaN(version)
    ? 'The account and region are not bootstrapped'
    : `The bootstrap is version ${version}, and ${LEAST_BOOTSTRAP} is needed`;
  return failed(check, message, 'npx cdk bootstrap');
};

async function checkStack(name: string, account: Account): Promise<Finding> {
  const status = (await account.findStack(name))?.status;
  // Under review is a stack that was never made: CloudFormation has a change set of it, and no resource.
  if (status === undefined || status === 'REVIEW_IN_PROGRESS') {
    return ok(name, `Makes stack ${name}`);
  }
  if (status.endsWith('_IN_PROGRESS')) {
    return failed(
      name,
      `Somebody deploys already: ${name} is ${status}`,
      'wait until it is through',
    );
  }
  if (status === 'ROLLBACK_COMPLETE' || status.endsWith('_FAILED')) {
    const advice =
      status === 'UPDATE_ROLLBACK_FAILED'
        ? `aws cloudformation continue-update-rollback --stack-name ${name}`
        : `look at its events; a stack that was never complete is deleted: aws cloudformation delete-stack --stack-name ${name}`;
    return failed(name, `CloudFormation takes no update: ${name} is ${status}`, advice);
  }
  return ok(name, `Updates stack ${name}`);
}

const checkState: Check = async ({ config, stateful }, account) => {
  const check = 'state';
  const name = `concierge-${config.stage}-stateful`;
  if (!(await account.findStack(name))) return ok(check, 'Nothing is there yet that could be lost');
  const losses = lossesBetween(await account.readTemplate(name), stateful);
  if (losses.length === 0) return ok(check, 'Keeps every table, key, bucket and secret');
  const message = `Would part with what customers’ data is in: ${losses.join('; ')}`;
  return failed(check, message, 'docs/deploying.md#what-holds-data');
};

const checkConcurrency: Check = async ({ config, service: next }, account) => {
  const check = 'concurrency';
  const wanted = reservedIn(next);
  const service = `concierge-${config.stage}-service`;
  const mine = (await account.findStack(service))
    ? reservedIn(await account.readTemplate(service))
    : 0;
  const { limit, unreserved } = await account.readConcurrency();
  const left = unreserved + mine - wanted;
  if (left >= LEAST_UNRESERVED) {
    return ok(check, `Leaves ${left} of ${limit} Lambda environments unreserved`);
  }
  return failed(
    check,
    `processor.concurrency ${config.processor.concurrency} would leave ${left} of the account’s ${limit} Lambda environments, and Lambda keeps ${LEAST_UNRESERVED}`,
    `lower it to ${Math.max(0, unreserved + mine - LEAST_UNRESERVED)}, or ask for a higher quota (Concurrent executions)`,
  );
};

function reservedIn(template: JsonObject): number {
  const resources = Object.values(objectAt(template, 'Resources') ?? {});
  return resources.reduce<number>((sum, resource) => {
    const properties = isObject(resource) ? objectAt(resource, 'Properties') : undefined;
    const reserved = Number(properties?.['ReservedConcurrentExecutions'] ?? 0);
    return sum + reserved;
  }, 0);
}

const checkAddresses: Check = async ({ config: { stage, alarms } }) => {
  const check = 'alarms';
  if (alarms.critical.length > 0) return ok(check, 'Somebody is paged');
  const advice = `put an address into alarms.critical of ${stage} in bin/deployments.ts`;
  return stage === 'prod'
    ? failed(check, 'Nobody would be paged when customers get no answer', advice)
    : { verdict: 'warning', check, message: 'Nobody is paged', advice };
};

const checkVault: Check = async ({ config }, account) => {
  const check = 'vault';
  const wanted = config.secrets.tenantVault;
  const service = await account.findStack(`concierge-${config.stage}-service`);
  const now = service?.outputs.get('TenantVault');
  if (now === undefined || now === wanted) return ok(check, `Tenants’ secrets are in ${wanted}`);
  return {
    verdict: 'warning',
    check,
    message: `Tenants’ secrets move from ${now} to ${wanted}`,
    advice: `npx concierge secret migrate first: docs/tenant-vaults.md`,
  };
};

const checkCertificate: Check = async ({ config }, account) => {
  const check = 'certificate';
  const { certificateArn = '', name = '' } = config.api.domain ?? {};
  const here = await account.identity();
  const [, , , region, owner] = certificateArn.split(':');
  if (region !== here.region || owner !== here.account) {
    return failed(
      check,
      `The certificate of api.domain is of ${owner} in ${region}, and API Gateway takes one of ${here.account} in ${here.region}`,
      'ACM, in the region of the stage',
    );
  }
  const found = await account.findCertificate(certificateArn);
  const covers = found?.names.some((each) => isCovered(name, each)) ?? false;
  if (found?.status === 'ISSUED' && covers)
    return ok(check, `The certificate of ${name} is issued`);
  const message = !found
    ? 'There is no certificate of api.domain.certificateArn'
    : covers
      ? `The certificate of ${name} is ${found.status}`
      : `The certificate is for ${found.names.join(', ')} and not for ${name}`;
  return failed(check, message, 'ACM, in the region of the stage');
};

function isCovered(name: string, certified: string): boolean {
  return certified.startsWith('*.')
    ? name.slice(name.indexOf('.')) === certified.slice(1)
    : name === certified;
}

const checkTruststore: Check = async ({ config }, account) => {
  const check = 'truststore';
  const { bucket = '', key = '' } = config.api.domain?.truststore ?? {};
  if (await account.hasObject(bucket, key)) return ok(check, 'The truststore is there');
  return failed(
    check,
    `There is no s3://${bucket}/${key}`,
    'put the PEM of Meta’s client CA there',
  );
};
