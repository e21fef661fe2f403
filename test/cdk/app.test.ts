import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { conciergeApp, UnknownStageError } from '#lib/concierge-app.ts';
import { LEAST_BOOTSTRAP } from '../../bin/deploy/prechecks.ts';
import { deployments } from '../../bin/deployments.ts';

let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'concierge-app-'));
});

afterEach(() => {
  rmSync(outdir, { recursive: true });
});

function unbundledApp(context: Record<string, string> = {}, stages = deployments): App {
  return conciergeApp(stages, { outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
}

it('synthesizes all stages when none is asked for, with no finding in any', () => {
  const stacks = unbundledApp().synth().stacks;
  expect(stacks.map((stack) => stack.stackName).sort()).toEqual([
    'concierge-dev-service',
    'concierge-dev-stateful',
    'concierge-prod-service',
    'concierge-prod-stateful',
    'concierge-staging-service',
    'concierge-staging-stateful',
  ]);
});

it('synthesizes the stage that is asked for, in the account and region that it names', () => {
  const env = { account: '111122223333', region: 'eu-central-1' };
  const pinned = { ...deployments, staging: { ...deployments.staging, env } };
  const stacks = unbundledApp({ stage: 'staging' }, pinned).synth().stacks;
  expect(stacks.map(({ stackName, environment }) => [stackName, environment.name])).toEqual([
    ['concierge-staging-stateful', 'aws://111122223333/eu-central-1'],
    ['concierge-staging-service', 'aws://111122223333/eu-central-1'],
  ]);
});

it('asks of the bootstrap what is looked for before a deployment', () => {
  const asked = unbundledApp({ stage: 'prod' })
    .synth()
    .stacks.map(({ requiresBootstrapStackVersion }) => requiresBootstrapStackVersion);
  expect(asked).toEqual([LEAST_BOOTSTRAP, LEAST_BOOTSTRAP]);
});

it('releases at once where that is asked for, and refuses what is no way to release', () => {
  const { stacks } = unbundledApp({ stage: 'prod', release: 'at-once' }).synth();
  expect(JSON.stringify(stacks.map(({ template }) => template))).not.toContain('AWS::CodeDeploy');
  expect(() => unbundledApp({ stage: 'prod', release: 'slowly' })).toThrow(
    'release: "slowly" is none of canary, at-once',
  );
});

it('runs a disposable stage with either vault, and others as they are configured', () => {
  const { stacks } = unbundledApp({ stage: 'dev', tenantVault: 'tenants-table' }).synth();
  const service = stacks.find(({ stackName }) => stackName === 'concierge-dev-service');
  expect(service?.template.Outputs.TenantVault.Value).toBe('tenants-table');
  expect(() => unbundledApp({ stage: 'dev', tenantVault: 'pocket' })).toThrow(
    'secrets.tenantVault: "pocket" is none of secrets-manager, tenants-table',
  );
  expect(() => unbundledApp({ stage: 'prod', tenantVault: 'tenants-table' })).toThrow(
    'set it in bin/deployments.ts',
  );
});

it('names the stages there are when another one is asked for', () => {
  expect(() => unbundledApp({ stage: 'live' })).toThrow(
    new UnknownStageError('There is no stage "live": use -c stage=<dev|staging|prod>'),
  );
});

it('deploys no stage over another, by the name of the other', () => {
  const swapped = { ...deployments, prod: { ...deployments.prod, stage: 'staging' as never } };
  expect(() => unbundledApp({ stage: 'prod' }, swapped)).toThrow('stage: "staging" must be "prod"');
});

it('fails to synthesize what AwsSolutions or Serverless rules find and nobody acknowledged', () => {
  const app = unbundledApp({ stage: 'dev' });
  new Queue(new Stack(app, 'careless'), 'Queue');
  expect(() => app.synth()).toThrow(/AwsSolutions-SQS4.*careless.*Serverless-SQSRedrivePolicy/s);
});

it('fails to synthesize what CloudFormation would refuse', () => {
  const app = unbundledApp({ stage: 'dev' });
  new CfnResource(new Stack(app, 'careless'), 'Key', {
    type: 'AWS::KMS::Key',
    properties: { EnableKeyRotatoin: true },
  });
  expect(() => app.synth()).toThrow(/EnableKeyRotatoin/);
});

it('acknowledges no rule without a reason that explains itself', () => {
  const acknowledged = unbundledApp({ stage: 'prod' })
    .node.findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
  expect(acknowledged.length).toBeGreaterThan(0);
  for (const { data } of acknowledged) {
    expect(JSON.stringify(data)).toMatch(/(\S+ ){5}/);
  }
});
