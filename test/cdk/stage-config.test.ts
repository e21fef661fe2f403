import { describe, expect, it } from 'vitest';
import { InvalidStageConfigError, type StageConfig, stageNames } from '#lib/config/stages.ts';
import { validateStage } from '#lib/config/validate-stage.ts';
import { deployments } from '../../bin/deployments.ts';

const { prod } = deployments;

function problemsOf(changes: Partial<StageConfig>): readonly string[] {
  try {
    validateStage({ ...prod, ...changes });
    return [];
  } catch (error) {
    if (error instanceof InvalidStageConfigError) return error.problems;
    throw error;
  }
}

const DOMAIN = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/1b2c',
  truststore: { bucket: 'trust', key: 'meta.pem' },
};
/** As `npm run restore` prints it. */
const RESTORED = {
  until: '2026-11-26T04:32:00.000Z',
  conversationsTable:
    'concierge-prod-stateful-ConversationsBC91B70D-2DEF-restored-20261126T041200Z',
  tenantsTable: 'concierge-prod-stateful-TenantsA9C48FD3-1ABC-restored-20261126T041200Z',
};
const CERTIFICATE = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:canary/client-a1B2c3';

describe('the configuration of a stage', () => {
  it.each(stageNames)('is valid as deployed in %s', (stage) => {
    expect(() => validateStage(deployments[stage])).not.toThrow();
  });

  it('is valid with what a restore prints', () => {
    expect(problemsOf({ restored: RESTORED })).toEqual([]);
  });

  it('keeps what customers wrote in every stage but dev', () => {
    expect(stageNames.filter((stage) => deployments[stage].disposable)).toEqual(['dev']);
  });

  it.each<[string, Partial<StageConfig>, string]>([
    [
      'a concurrency that an event source does not accept',
      { processor: { ...prod.processor, concurrency: 1 } },
      'processor.concurrency: 1 is not a whole number from 2 to 1000',
    ],
    [
      'a release of a kind that there is not',
      { release: 'linear' as never },
      'release: "linear" is none of canary, at-once',
    ],
    [
      'a deadline that is over before the first try is',
      { processor: { ...prod.processor, answerDeadlineSeconds: 59 } },
      'processor.answerDeadlineSeconds: 59 is not a whole number from 60 to 3600',
    ],
    [
      'a certificate of another region, which API Gateway does not take',
      {
        env: { account: '111122223333', region: 'eu-central-1' },
        canary: undefined,
        api: {
          ...prod.api,
          domain: {
            name: 'hooks.example.com',
            certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/abc',
            truststore: { bucket: 'trust', key: 'meta.pem' },
          },
        },
      },
      'api.domain.certificateArn: it is not of 111122223333 in eu-central-1, where the API is',
    ],
    [
      'a sweep that rings for turns in progress',
      { ringAfterSeconds: 60 },
      'ringAfterSeconds: 60 is not a whole number from 61 to 3600',
    ],
    [
      'a recovery that reaches further back than DynamoDB does',
      { recovery: { pointInTimeDays: 36 } },
      'recovery.pointInTimeDays: 36 is not a whole number from 1 to 35',
    ],
    [
      'backups that outlive an erasure by too much',
      { recovery: { pointInTimeDays: 35, backups: { retentionDays: 90 } } },
      'recovery.backups.retentionDays: 90 is not a whole number from 7 to 35',
    ],
    [
      'a lock that there is not',
      {
        recovery: {
          pointInTimeDays: 35,
          backups: { retentionDays: 35, vaultLock: 'chain' as never },
        },
      },
      'recovery.backups.vaultLock: "chain" is none of governance, compliance',
    ],
    [
      'a copy to where the stage itself is',
      {
        env: { account: '111122223333', region: 'eu-central-1' },
        recovery: {
          pointInTimeDays: 35,
          backups: { retentionDays: 35, copyTo: { region: 'eu-central-1' } },
        },
      },
      'recovery.backups.copyTo: eu-central-1 is where the stage itself is',
    ],
    [
      'a copy from a region that is not known',
      {
        recovery: {
          pointInTimeDays: 35,
          backups: { retentionDays: 35, copyTo: { region: 'eu-west-1' } },
        },
      },
      'recovery.backups.copyTo: needs env, the account and region of the stage',
    ],
    [
      'a replica under a key of another region',
      {
        env: { account: '111122223333', region: 'eu-central-1' },
        recovery: {
          pointInTimeDays: 35,
          replicas: [
            { region: 'eu-west-1', keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
          ],
        },
      },
      'recovery.replicas: "arn:aws:kms:eu-central-1:111122223333:key/1" is not the ARN of a key in eu-west-1',
    ],
    [
      'a restore that served from no time on',
      { restored: { until: 'yesterday', conversationsTable: 'one-table', tenantsTable: 'other' } },
      'restored.until: "yesterday" is not a time such as 2026-11-26T04:30:00Z',
    ],
    [
      'a restore to a day that there is not',
      {
        restored: {
          until: '2026-02-30T04:30:00Z',
          conversationsTable: 'one-table',
          tenantsTable: 'other',
        },
      },
      'restored.until: "2026-02-30T04:30:00Z" is not a time such as 2026-11-26T04:30:00Z',
    ],
    [
      'a restore of one table',
      { restored: { until: '2026-11-26T04:30:00Z', conversationsTable: 'one-table' } as never },
      'restored.tenantsTable: "undefined" is not the name of a table',
    ],
    [
      'restored tables that changed places',
      {
        restored: {
          until: '2026-11-26T04:30:00Z',
          conversationsTable: RESTORED.conversationsTable,
          tenantsTable: RESTORED.conversationsTable.replace('2DEF', '3ABC'),
        },
      },
      `restored.tenantsTable: ${RESTORED.conversationsTable.replace('2DEF', '3ABC')} was made of the conversations table`,
    ],
    [
      'restored tables of another stage',
      {
        restored: {
          ...RESTORED,
          tenantsTable: RESTORED.tenantsTable.replace('prod', 'staging'),
        },
      },
      `restored.tenantsTable: ${RESTORED.tenantsTable.replace('prod', 'staging')} is of stage staging`,
    ],
    [
      'one table restored for two',
      {
        restored: {
          until: '2026-11-26T04:30:00Z',
          conversationsTable: 'one-table',
          tenantsTable: 'one-table',
        },
      },
      'restored: conversationsTable and tenantsTable are one and the same',
    ],
    [
      'a throttle that refuses everything',
      { api: { throttle: { requestsPerSecond: 0, burst: 10 } } },
      'api.throttle.requestsPerSecond: 0 is not a whole number from 1 to 10000',
    ],
    [
      'a Graph API version that Meta would not know',
      { processor: { ...prod.processor, graphApiVersion: '26' } },
      'processor.graphApiVersion: "26" is not of the form v26.0',
    ],
    [
      'a vault that there is not',
      { secrets: { tenantVault: 'pocket' as never } },
      'secrets.tenantVault: "pocket" is none of secrets-manager, tenants-table',
    ],
    [
      'no model',
      { processor: { ...prod.processor, defaultModel: '' } },
      'processor.defaultModel: name a model',
    ],
    [
      'a limit under which no turn could be worked',
      { limits: { turnsPerMinutePerTenant: 0 } },
      'limits.turnsPerMinutePerTenant: 0 is not a whole number from 1 to 1000000',
    ],
    [
      'a budget of fractions of a micro-dollar',
      { budget: { perDay: 0.0000001 } },
      'budget.perDay: 1e-7 is not an amount in US dollars above 0 with at most six decimals',
    ],
    [
      'no budget at all, said as one',
      { budget: { perMonth: 0 } },
      'budget.perMonth: 0 is not an amount in US dollars above 0 with at most six decimals',
    ],
    [
      'a secret that may never get old',
      { secrets: { tenantVault: 'secrets-manager', rotationDays: 0 } },
      'secrets.rotationDays: 0 is not a whole number from 1 to 730',
    ],
    [
      'a warning in per cent',
      { budget: { perDay: 1, warnAt: [80] } },
      'budget.warnAt: 80 is not a share above 0 and up to 1',
    ],
    [
      'a production that can be destroyed',
      { disposable: true },
      'disposable: must be false for prod, or a destroyed stack takes all chats with it',
    ],
    [
      'an account that is none',
      { env: { account: '123', region: 'eu-central-1' } },
      'env.account: "123" is not 12 digits',
    ],
    [
      'a region that is none',
      { env: { account: '111122223333', region: 'Frankfurt' } },
      'env.region: "Frankfurt" is not a region such as eu-central-1',
    ],
    [
      'an alarm address that nobody can be reached at',
      { alarms: { critical: [], high: ['http://pager.example.com'], medium: [], low: [] } },
      'alarms.high: "http://pager.example.com" is neither an email address nor an https:// endpoint',
    ],
    [
      'a check that may take as long as there is between two',
      { canary: { everyMinutes: 1 } },
      'canary.everyMinutes: 1 is not a whole number from 2 to 60',
    ],
    [
      'a check that cannot get in',
      {
        api: { ...prod.api, domain: DOMAIN },
      },
      'canary.clientCertificateSecretArn: api.domain lets nobody in without a certificate; name one, or leave the canary out (docs/canary.md)',
    ],
    [
      'a certificate that nobody asks for',
      { canary: { everyMinutes: 5, clientCertificateSecretArn: CERTIFICATE } },
      'canary.clientCertificateSecretArn: leave it out, since without api.domain nobody asks for a certificate',
    ],
  ])('refuses %s', (_, changes, problem) => {
    expect(problemsOf(changes)).toEqual([problem]);
  });

  it('refuses a domain whose certificate, name or truststore cannot be right, naming each', () => {
    const domain = {
      name: 'https://hooks.example.com',
      certificateArn: 'hooks',
      truststore: { bucket: 'S3://trust', key: 'meta.crt' },
    };
    expect(
      problemsOf({ canary: undefined, api: { ...prod.api, domain } }).map(
        (text) => text.split(':')[0],
      ),
    ).toEqual([
      'api.domain.name',
      'api.domain.certificateArn',
      'api.domain.truststore.bucket',
      'api.domain.truststore.key',
    ]);
  });

  it('takes a canary with its certificate behind a domain, and no half of an ARN', () => {
    const withCertificate = (clientCertificateSecretArn: string) =>
      problemsOf({
        api: { ...prod.api, domain: DOMAIN },
        canary: { everyMinutes: 5, clientCertificateSecretArn },
      });
    expect(withCertificate(CERTIFICATE)).toEqual([]);
    expect(withCertificate(CERTIFICATE.slice(0, -7))).toEqual([
      expect.stringMatching(/^canary\.clientCertificateSecretArn: ".*" is not the ARN of a secret/),
    ]);
  });

  it('says in one message everything that must change', () => {
    expect(new InvalidStageConfigError('dev', ['a: wrong', 'b: wrong']).message).toBe(
      'Correct the configuration of stage dev:\n- a: wrong\n- b: wrong',
    );
  });
});
