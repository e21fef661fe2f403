import type { StageConfig, StageName } from '#lib/config/stages.ts';

const graphApiVersion = 'v26.0';
const defaultModel = 'gpt-6-luna';
const transcriptionModel = 'gpt-transcribe';

/** Every deployment, spelled out side by side; comments say why a value differs. */
export const deployments: { readonly [Name in StageName]: StageConfig & { stage: Name } } = {
  dev: {
    stage: 'dev',
    // A developer's data: may go with its stack.
    disposable: true,
    logLevel: 'DEBUG',
    logRetentionDays: 7,
    api: { throttle: { requestsPerSecond: 1_000, burst: 1_000 } },
    // Nobody to spare a bad release, and a developer who waits for it.
    release: 'at-once',
    processor: {
      concurrency: 10,
      maxReceiveCount: 10,
      answerDeadlineSeconds: 180,
      graphApiVersion,
      defaultModel,
      transcriptionModel,
    },
    secrets: { tenantVault: 'secrets-manager' },
    ringAfterSeconds: 90,
    limits: { turnsPerMinutePerTenant: 600 },
    // Enough to practise a restore; a developer's data needs no backups.
    recovery: { pointInTimeDays: 1 },
    // Alarms change state here too, but wake nobody.
    alarms: { critical: [], high: [], medium: [], low: [] },
    // So rarely that whoever develops here does not trip over it.
    canary: { everyMinutes: 60 },
  },
  staging: {
    stage: 'staging',
    disposable: false,
    logLevel: 'INFO',
    logRetentionDays: 30,
    api: { throttle: { requestsPerSecond: 1_000, burst: 1_000 } },
    release: 'canary',
    processor: {
      concurrency: 20,
      maxReceiveCount: 10,
      answerDeadlineSeconds: 180,
      graphApiVersion,
      defaultModel,
      transcriptionModel,
    },
    secrets: { tenantVault: 'secrets-manager' },
    ringAfterSeconds: 90,
    limits: { turnsPerMinutePerTenant: 600 },
    recovery: { pointInTimeDays: 7, backups: { retentionDays: 7 } },
    alarms: { critical: [], high: [], medium: [], low: [] },
    canary: { everyMinutes: 5 },
  },
  prod: {
    stage: 'prod',
    disposable: false,
    logLevel: 'INFO',
    // Long enough to answer a complaint about a chat of last quarter.
    logRetentionDays: 90,
    // Three of four requests are status webhooks: this is about 500 customers' messages a second.
    api: { throttle: { requestsPerSecond: 2_000, burst: 3_000 } },
    release: 'canary',
    processor: {
      concurrency: 100,
      maxReceiveCount: 10,
      answerDeadlineSeconds: 180,
      graphApiVersion,
      defaultModel,
      transcriptionModel,
    },
    secrets: { tenantVault: 'secrets-manager' },
    ringAfterSeconds: 90,
    // A fifth of what the processor does in a minute when the model takes four seconds.
    limits: { turnsPerMinutePerTenant: 3_000 },
    // A second region and a lock are the operator's to choose: docs/runbooks/restore.md.
    recovery: {
      pointInTimeDays: 35,
      backups: { retentionDays: 35, testRestores: 'weekly' },
    },
    // Put the on-call address or the paging service's endpoint here before going live.
    alarms: { critical: [], high: [], medium: [], low: [] },
    canary: { everyMinutes: 5 },
  },
};
