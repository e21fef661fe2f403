import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { businessVariables } from '#lambdas/business/config.ts';
import { canaryVariables } from '#lambdas/canary/config.ts';
import { eventsVariables } from '#lambdas/events/config.ts';
import { healthVariables } from '#lambdas/health/config.ts';
import { type IngestEnv, ingestVariables } from '#lambdas/ingest/config.ts';
import { jobsVariables } from '#lambdas/jobs/config.ts';
import { processorVariables } from '#lambdas/processor/config.ts';
import { sweeperVariables } from '#lambdas/sweeper/config.ts';
import type { NodeLambdaProps } from '#lib/constructs/node-lambda.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf } from '../support/template-functions.ts';
import { inWords } from '../support/template-text.ts';

const templates = synthesizeStage('prod');
const functions = functionsOf(templates);
const config = deployments.prod;

const variables: Record<string, readonly string[]> = {
  ingest: ingestVariables,
  processor: processorVariables,
  events: eventsVariables,
  jobs: jobsVariables,
  sweeper: sweeperVariables,
  health: healthVariables,
  business: businessVariables,
  canary: canaryVariables,
};

const houseVariables = [
  'POWERTOOLS_SERVICE_NAME',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_LOG_LEVEL',
];

function propertiesOf(folder: string) {
  const deployed = functions.get(folder);
  if (!deployed) throw new Error(`no function ${folder}`);
  return deployed.properties;
}

function environmentOf(folder: string): Record<string, string> {
  const entries = Object.entries(propertiesOf(folder).Environment.Variables);
  return Object.fromEntries(entries.map(([name, value]) => [name, inWords(templates, value)]));
}

it('deploys every folder under lambdas/', () => {
  expect([...functions.keys()].sort()).toEqual(readdirSync('lambdas').sort());
});

it.each([
  ['ingest', 512],
  ['processor', 512],
  ['events', 256],
  ['jobs', 256],
  ['sweeper', 256],
  ['health', 256],
  ['business', 512],
  ['canary', 256],
])('gives %s %i MB, and with it its share of a processor', (folder, memoryMb) => {
  expect(propertiesOf(folder).MemorySize).toBe(memoryMb);
});

it('does not compile when a variable of config.ts is forgotten', () => {
  const environment = { CONVERSATIONS_TABLE: 't', CHAT_QUEUE_URL: 'q', EVENTS_QUEUE_URL: 'q' };
  // @ts-expect-error PLATFORM_SECRET_ARN is missing
  const forgotten: NodeLambdaProps<IngestEnv>['environment'] = environment;
  expect(Object.keys(forgotten)).not.toContain('PLATFORM_SECRET_ARN');
});

describe.each(Object.keys(variables))('%s', (folder) => {
  it('runs on Node 24 and arm64, traced', () => {
    expect(propertiesOf(folder)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      TracingConfig: { Mode: 'Active' },
    });
  });

  it('has a log group of its own, whose retention is the stage’s', () => {
    const id: string = propertiesOf(folder).LoggingConfig.LogGroup.Ref;
    const groups = templates.service.findResources('AWS::Logs::LogGroup');
    expect(groups[id]?.['Properties'].RetentionInDays).toBe(config.logRetentionDays);
    const sharing = [...functions.values()].filter(
      ({ properties }) => properties.LoggingConfig.LogGroup.Ref === id,
    );
    expect(sharing.map((each) => each.folder)).toEqual([folder]);
  });

  it('gets exactly the variables of its config.ts and those of the house', () => {
    expect(Object.keys(environmentOf(folder)).sort()).toEqual(
      [...(variables[folder] ?? []), ...houseVariables].sort(),
    );
  });

  it('logs and counts under its own name', () => {
    expect(environmentOf(folder)).toMatchObject({
      POWERTOOLS_SERVICE_NAME: folder,
      POWERTOOLS_METRICS_NAMESPACE: `Concierge/${config.stage}`,
      POWERTOOLS_LOG_LEVEL: config.logLevel,
    });
  });
});

it('fills every variable with what its name says', () => {
  const all = Object.assign({}, ...Object.keys(variables).map(environmentOf));
  expect(all).toMatchObject({
    TENANTS_TABLE: 'Tenants',
    CONVERSATIONS_TABLE: 'Conversations',
    CHAT_QUEUE_URL: 'ChatsQueue',
    CHAT_DEAD_LETTER_QUEUE_URL: 'ChatsDeadLetters',
    EVENTS_QUEUE_URL: 'EventsQueue',
    JOBS_QUEUE_URL: 'JobsQueue',
    JOBS_DEAD_LETTER_QUEUE_URL: 'JobsDeadLetters',
    NOTICES_TOPIC_ARN: 'Notices',
    PLATFORM_SECRET_ARN: 'PlatformSecret',
    TENANT_VAULT: config.secrets.tenantVault,
    TENANT_SECRET_PREFIX: 'concierge/prod/tenant/',
    APP_SECRET_PREFIX: 'concierge/prod/app/',
    TENANT_SECRETS_KEY_ARN: 'TenantSecretsKey.Arn',
    CHAT_MAX_RECEIVE_COUNT: '10',
    GRAPH_API_VERSION: config.processor.graphApiVersion,
    DEFAULT_MODEL: config.processor.defaultModel,
    ANSWER_DEADLINE_SECONDS: String(config.processor.answerDeadlineSeconds),
    RING_AFTER_SECONDS: String(config.ringAfterSeconds),
    TENANT_TURNS_PER_MINUTE: String(config.limits.turnsPerMinutePerTenant),
    PLATFORM_BUDGET_PER_DAY: 'none',
    PLATFORM_BUDGET_PER_MONTH: 'none',
    PLATFORM_BUDGET_WARN_AT: '0.8',
    CLIENT_CERTIFICATE_SECRET_ARN: 'none',
    WEBHOOK_URL: 'WebhookApi.ApiEndpoint/webhook',
  });
});

it('tells the functions that spend what the platform may, in micro-dollars', () => {
  const budget = { perDay: 12.5, perMonth: 0.000001, warnAt: [0.5, 1] };
  const changed = functionsOf(synthesizeStage('dev', { budget, limits: {} }));
  for (const folder of ['processor', 'events', 'jobs']) {
    expect(changed.get(folder)?.properties.Environment.Variables).toMatchObject({
      TENANT_TURNS_PER_MINUTE: 'none',
      PLATFORM_BUDGET_PER_DAY: '12500000',
      PLATFORM_BUDGET_PER_MONTH: '1',
      PLATFORM_BUDGET_WARN_AT: '0.5,1',
    });
  }
});

it('means the same by a variable in every function', () => {
  const seen = new Map<string, string>();
  for (const folder of Object.keys(variables)) {
    for (const name of variables[folder] ?? []) {
      const value = environmentOf(folder)[name] ?? '';
      expect(value, `${name} of ${folder}`).toBe(seen.get(name) ?? value);
      seen.set(name, value);
    }
  }
});

it('gives each function the time that its caller waits for it', () => {
  const timeouts = [...functions.values()].map((each) => [each.folder, each.properties.Timeout]);
  expect(Object.fromEntries(timeouts)).toEqual({
    ingest: 10,
    processor: 60,
    events: 20,
    jobs: 60,
    sweeper: 50,
    health: 10,
    business: 15,
    canary: 59,
  });
});
