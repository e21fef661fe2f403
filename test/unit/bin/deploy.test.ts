import { describe, expect, it, test } from 'vitest';
import type { StageConfig } from '#lib/config/stages.ts';
import { anAccount, deployed } from '#test/support/deploy-account.ts';
import type { Account } from '../../../bin/deploy/account.ts';
import { readDeployOptions, UsageError } from '../../../bin/deploy/deploy-command.ts';
import { type Deployment, precheck } from '../../../bin/deploy/prechecks.ts';
import { runDeploy } from '../../../bin/deploy/run-deploy.ts';
import { lossesBetween } from '../../../bin/deploy/template-losses.ts';
import { deployments } from '../../../bin/deployments.ts';

const paged = { critical: ['https://pager.example.com'], high: [], medium: [], low: [] };
const config: StageConfig = { ...deployments.prod, alarms: paged };

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byTenant',
        KeySchema: [{ AttributeName: 'tenantId', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
};
const stateful = { Resources: { Table: table, Key: { Type: 'AWS::KMS::Key', Properties: {} } } };
const service = {
  Resources: {
    Processor: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 100 } },
    Queue: { Type: 'AWS::SQS::Queue' },
  },
};

const NOW_MS = Date.parse('2026-11-26T12:00:00Z');

async function failures(
  over: Partial<Account>,
  change: Partial<StageConfig> = {},
  deployment: Partial<Deployment> = {},
) {
  const next = {
    config: { ...config, ...change },
    stateful,
    service,
    nowMs: NOW_MS,
    ...deployment,
  };
  const findings = await precheck(next, anAccount(over));
  return findings
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ verdict, check, message }) => `${verdict} ${check}: ${message}`);
}

const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/abc',
  truststore: { bucket: 'trust', key: 'meta.pem' },
};

describe('before a deployment', () => {
  it('finds nothing to say of an account that is ready, new or not', async () => {
    expect(await failures({})).toEqual([]);
    const templates = { 'concierge-prod-stateful': stateful, 'concierge-prod-service': service };
    expect(await failures(deployed(templates))).toEqual([]);
    expect(await failures({}, { api: { ...config.api, domain } })).toEqual([]);
  });

  it.each<[string, Partial<Account>, Partial<StageConfig>, RegExp]>([
    [
      'no credentials',
      {
        identity: async () => Promise.reject(Object.assign(new Error(), { name: 'ExpiredToken' })),
      },
      {},
      /^failed credentials: No AWS credentials and region that work \(ExpiredToken\)$/,
    ],
    [
      'credentials of another account',
      {},
      { env: { account: '999988887777', region: 'eu-central-1' } },
      /belongs to 999988887777 in eu-central-1; these credentials are of 111122223333/,
    ],
    [
      'no bootstrap',
      { findStack: async () => undefined },
      {},
      /^failed bootstrap: The account and region are not bootstrapped$/,
    ],
    [
      'an old bootstrap',
      {
        findStack: async (name) =>
          name === 'CDKToolkit'
            ? { status: 'CREATE_COMPLETE', outputs: new Map([['BootstrapVersion', '5']]) }
            : undefined,
      },
      {},
      /^failed bootstrap: The bootstrap is version 5, and 6 is needed$/,
    ],
    [
      'a quota that is too low',
      { readConcurrency: async () => ({ limit: 150, unreserved: 150 }) },
      {},
      /^failed concurrency: processor.concurrency 100 would leave 50 of the account’s 150 .* keeps 100$/,
    ],
    [
      'nobody who is paged in prod',
      {},
      { alarms: { ...paged, critical: [] } },
      /^failed alarms: Nobody would be paged/,
    ],
    [
      'a certificate that is not there',
      { findCertificate: async () => undefined },
      { api: { ...config.api, domain } },
      /^failed certificate: There is no certificate/,
    ],
    [
      'a certificate that is not issued yet',
      { findCertificate: async () => ({ status: 'PENDING_VALIDATION', names: [domain.name] }) },
      { api: { ...config.api, domain } },
      /^failed certificate: The certificate of hooks.example.com is PENDING_VALIDATION$/,
    ],
    [
      'a certificate for another name',
      { findCertificate: async () => ({ status: 'ISSUED', names: ['*.hooks.example.com'] }) },
      { api: { ...config.api, domain } },
      /^failed certificate: The certificate is for \*\.hooks\.example\.com and not for hooks/,
    ],
    [
      'a certificate of another region',
      {},
      {
        api: {
          ...config.api,
          domain: {
            ...domain,
            certificateArn: domain.certificateArn.replace('eu-central', 'us-east'),
          },
        },
      },
      /^failed certificate: The certificate of api\.domain is of 111122223333 in us-east-1, and/,
    ],
    [
      'no truststore',
      { hasObject: async () => false },
      { api: { ...config.api, domain } },
      /^failed truststore: There is no s3:\/\/trust\/meta.pem$/,
    ],
  ])('refuses %s', async (_, over, change, problem) => {
    expect(await failures(over, change)).toEqual([expect.stringMatching(problem)]);
  });

  it('refuses to deploy beside another deployment, and onto a stack that takes none', async () => {
    for (const status of ['UPDATE_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED']) {
      const found = await failures(
        deployed(
          { 'concierge-prod-stateful': stateful, 'concierge-prod-service': service },
          status,
        ),
      );
      expect(found).toHaveLength(2);
      for (const each of found) expect(each).toContain(status);
    }
  });

  it('takes a stack that is only under review for one that is not there', async () => {
    const templates = { 'concierge-prod-stateful': stateful, 'concierge-prod-service': service };
    expect(await failures(deployed(templates, 'REVIEW_IN_PROGRESS'))).toEqual([]);
  });

  const told = (until?: string) => ({
    Resources: {
      ...service.Resources,
      Processor: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          ReservedConcurrentExecutions: 100,
          Environment: { Variables: { ...(until && { RESTORED_UNTIL: until }) } },
        },
      },
    },
  });

  const OWN = 'ExportsOutputRefConversationsBC91B70D84A67B3C';
  const adopted = { [OWN]: 'chats-restored', ConversationsTableName: 'chats-restored' };

  it.each([
    ['beside it', { ...adopted, [OWN]: 'chats' }],
    ['nowhere', { ConversationsTableName: 'chats-restored' }],
  ])('keeps `restored` while the stack’s own table is %s', async (_, outputs) => {
    const templates = {
      'concierge-prod-stateful': stateful,
      'concierge-prod-service': told('2026-10-01T00:00:00Z'),
    };
    const account = deployed(templates, 'UPDATE_COMPLETE', outputs);
    expect(await failures(account)).toEqual([
      expect.stringMatching(
        /^failed restored tables: Without `restored` the stack’s own table serves/,
      ),
    ]);
  });

  it.each([
    ['is said first', undefined, '2026-11-26T11:00:00.000Z', []],
    ['stays', '2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z', []],
    ['is of a later restore', '2026-11-20T00:00:00Z', '2026-11-26T00:00:00Z', []],
    ['goes after eight days', '2026-11-18T12:00:00Z', undefined, []],
    [
      'goes before',
      '2026-11-18T12:00:01Z',
      undefined,
      [/^failed restored tables: .*would be gone: what Meta delivers again/],
    ],
    [
      'moves back',
      '2026-11-20T00:00:00Z',
      '2026-11-19T00:00:00Z',
      [/^failed restored tables: .*would be 2026-11-19T00:00:00.000Z/],
    ],
    [
      'is to come',
      undefined,
      '2027-11-26T00:00:00Z',
      [/^failed restored tables: restored.until is 2027-.*: nobody would be answered before/],
    ],
  ])('looks after `restored`, which %s', async (_, former, next, problems) => {
    const account = deployed(
      { 'concierge-prod-stateful': stateful, 'concierge-prod-service': told(former) },
      'UPDATE_COMPLETE',
      adopted,
    );
    expect(await failures(account, {}, { service: told(next) })).toEqual(
      problems.map((each) => expect.stringMatching(each)),
    );
  });

  it('counts what the deployed processor has reserved as free for the next one', async () => {
    const tight = { readConcurrency: async () => ({ limit: 200, unreserved: 100 }) };
    const templates = { 'concierge-prod-stateful': stateful, 'concierge-prod-service': service };
    expect(await failures({ ...deployed(templates), ...tight })).toEqual([]);
    expect(await failures(tight)).toHaveLength(1);
  });

  it('refuses to part with what is deployed', async () => {
    const templates = {
      'concierge-prod-stateful': { Resources: { Other: table } },
      'concierge-prod-service': service,
    };
    expect(await failures(deployed(templates))).toEqual([
      expect.stringMatching(/^failed state: .*Other \(AWS::DynamoDB::Table\) is gone/),
    ]);
  });

  it('warns of secrets that have not been moved, and of what may not be looked at', async () => {
    const templates = { 'concierge-prod-stateful': stateful, 'concierge-prod-service': service };
    const outputs = { TenantVault: 'tenants-table' };
    expect(await failures(deployed(templates, 'UPDATE_COMPLETE', outputs))).toEqual([
      'warning vault: Tenants’ secrets move from tenants-table to secrets-manager',
    ]);
    const denied = Object.assign(new Error(), { name: 'AccessDenied' });
    expect(await failures({ readConcurrency: async () => Promise.reject(denied) })).toEqual([
      'warning concurrency: Not checked: concurrency (AccessDenied)',
    ]);
  });
});

test.each([
  ['nothing of it changed', table, []],
  [
    'its keys changed',
    { ...table, Properties: { ...table.Properties, KeySchema: [] } },
    ['Table is made anew for another KeySchema'],
  ],
  [
    'it got a name',
    { ...table, Properties: { ...table.Properties, TableName: 'chats' } },
    ['Table is made anew for another TableName'],
  ],
  [
    'it lost an index',
    { ...table, Properties: { KeySchema: table.Properties.KeySchema } },
    ['index byTenant of Table is gone'],
  ],
  [
    'it became something else',
    { Type: 'AWS::DynamoDB::GlobalTable' },
    ['Table (AWS::DynamoDB::Table) is gone'],
  ],
])('a table where %s', (_, next, losses) => {
  expect(lossesBetween({ Resources: { Table: table } }, { Resources: { Table: next } })).toEqual(
    losses,
  );
});

it('holds a vault of backups for what cannot be made again', () => {
  const vault = { Type: 'AWS::Backup::BackupVault', Properties: { BackupVaultName: 'one' } };
  expect(lossesBetween({ Resources: { Vault: vault } }, { Resources: {} })).toEqual([
    'Vault (AWS::Backup::BackupVault) is gone',
  ]);
});

describe('npm run deploy', () => {
  async function run(
    argv: readonly string[],
    over: Partial<Account> = {},
    codes = [0, 0],
    { typed = 0, lastsMinutes = 2 } = {},
  ) {
    const account = anAccount(over);
    const commands: string[] = [];
    let said = '';
    let minutes: (() => void) | undefined;
    const options = readDeployOptions(argv);
    if (options === 'help') throw new Error('only help');
    const code = await runDeploy(options, {
      config: { ...config, stage: options.stage },
      account,
      typeCheck: async () => typed,
      now: () => NOW_MS,
      cdk: async (args) => {
        commands.push(args.join(' '));
        if (commands.length === 2) {
          for (let minute = 0; minute < lastsMinutes; minute += 1) minutes?.();
        }
        return codes[commands.length - 1] ?? 0;
      },
      directory: '/out',
      readTemplate: async (stack) => (stack.endsWith('stateful') ? stateful : service),
      everyMinute: (each) => {
        minutes = each;
        return { stop: () => (minutes = undefined) };
      },
      out: (text) => {
        said += text;
      },
    });
    return { code, commands, said, announced: account.announced, isStopped: !minutes };
  }

  it('synthesizes, checks, and deploys exactly that, saying so every minute', async () => {
    const { code, commands, said, announced, isStopped } = await run([
      'prod',
      '--require-approval',
      'never',
    ]);
    expect(code).toBe(0);
    expect(commands).toEqual([
      'synth --quiet --output /out --context stage=prod',
      'deploy concierge-prod-stateful concierge-prod-service --app /out --require-approval never',
    ]);
    expect(announced).toBe(3);
    expect(isStopped).toBe(true);
    expect(said).toContain('npx concierge secret put app-id --stage prod');
  });

  it('says of a later deployment what to try, and of a failed one where to look', async () => {
    const there = deployed({
      'concierge-prod-stateful': stateful,
      'concierge-prod-service': service,
    });
    expect((await run(['prod'], there)).said).toContain('npm run smoke -- prod');
    const failed = await run(['prod'], there, [0, 1]);
    expect(failed).toMatchObject({ code: 1, isStopped: true });
    expect(failed.said).toContain('docs/runbooks/release-rolled-back.md');
  });

  it('deploys nothing that does not synthesize, or that a check refuses', async () => {
    const broken = await run(['prod'], {}, [3]);
    expect(broken).toMatchObject({ code: 3, announced: 0 });
    expect(broken.commands).toHaveLength(1);
    const refused = await run(['prod'], {
      readConcurrency: async () => ({ limit: 50, unreserved: 50 }),
    });
    expect(refused).toMatchObject({ code: 1, announced: 0 });
    expect(refused.commands).toHaveLength(1);
    expect(refused.said).toMatch(/failed {3}processor\.concurrency[\s\S]*Nothing was deployed/);
  });

  it('does not even synthesize what the compiler refuses', async () => {
    const { code, commands, announced, said } = await run(['prod'], {}, [0, 0], { typed: 2 });
    expect({ code, commands, announced }).toEqual({ code: 2, commands: [], announced: 0 });
    expect(said).toContain('Nothing was deployed');
  });

  it.each(['--check', '--dry-run'])('only checks with %s', async (option) => {
    const { code, commands, announced } = await run(['prod', option]);
    expect({ code, announced, count: commands.length }).toEqual({
      code: 0,
      announced: 0,
      count: 1,
    });
  });

  it('leaves the canary out with --at-once', async () => {
    const { commands } = await run(['prod', '--at-once']);
    expect(commands[0]).toContain('--context stage=prod --context release=at-once');
  });

  it('deploys on where the alarms cannot be told, and says so once', async () => {
    const denied = { announce: async () => Promise.reject(new Error('no')) };
    const { code, said } = await run(['prod'], denied);
    expect(code).toBe(0);
    expect(said.match(/may wake somebody/g)).toHaveLength(1);
  });

  it('lets alarms wake people again when it lasts for longer than a deployment does', async () => {
    const { code, announced, said } = await run(['prod'], {}, [0, 0], { lastsMinutes: 600 });
    expect({ code, announced }).toEqual({ code: 0, announced: 45 });
    expect(said.match(/Alarms wake people again/g)).toHaveLength(1);
  });

  it.each([[[]], [['live']], [['--all']]])('says which stages there are for %j', (argv) => {
    expect(() => readDeployOptions(argv)).toThrow(UsageError);
    expect(() => readDeployOptions(argv)).toThrow(/npm run deploy -- <dev\|staging\|prod>/);
  });
});
