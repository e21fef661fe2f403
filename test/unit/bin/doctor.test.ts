import { createServer } from 'node:http';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseTenantId, type TenantId } from '#domain/ids.ts';
import { NO_BUDGET } from '#domain/money/budget.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { listen, type RunningServer } from '#local/peer-server.ts';
import { type AlarmView, listAlarms } from '#operator/doctor/cloud-alarms.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { aMessage, aTenant, PHONE_NUMBER_ID, present, TENANT_ID } from '#test/support/builders.ts';
import { type MetaStage, startMeta } from '#test/support/meta-stage.ts';
import { Desk } from '#test/support/operator-desk.ts';
import { stubClient } from '#test/support/stub-client.ts';

let desk: Desk;
let meta: MetaStage;
let api: RunningServer;
/** What the API answers, by method and path. */
let answers: Record<string, [status: number, body: unknown]>;
/** How far the API's clock is ahead of ours. */
let skewMs: number;

beforeEach(async () => {
  desk = new Desk();
  meta = await startMeta(desk.clock.now());
  desk.graphUrl = meta.url;
  skewMs = 0;
  answers = {
    'GET /healthz': [200, { status: 'ok' }],
    'GET /readyz': [200, { ready: true, checks: [] }],
    'GET /webhook': [403, ''],
    'POST /webhook': [401, ''],
  };
  api = await listen(
    createServer((request, response) => {
      const path = new URL(request.url ?? '', 'http://api').pathname;
      const [status, body] = answers[`${request.method} ${path}`] ?? [404, ''];
      const date = new Date(desk.clock.now() + skewMs).toUTCString();
      response.writeHead(status, { date }).end(JSON.stringify(body));
    }),
    0,
  );
  desk.webhookUrl = `${api.url}/webhook`;
  desk.alarms = [anAlarm('chat-dead-letters')];
  const { id: appId, secret } = meta.world.app;
  const platform = { appId, appSecrets: [secret], verifyTokens: ['hush'], openAiApiKey: 'hush' };
  await desk.vault.write({ kind: 'platform' }, platform);
  await put(TENANT_ID);
  await desk.register.claim(PHONE_NUMBER_ID, TENANT_ID);
  await desk.vault.write({ kind: 'tenant', id: TENANT_ID }, { accessToken: 'bakery-token' });
});

afterEach(async () => {
  await api.close();
  await meta.close();
});

function anAlarm(name: string, over: Partial<AlarmView> = {}): AlarmView {
  const fullName = `concierge-staging-service-${name}`;
  return { name: fullName, isArmed: true, isRed: false, runbook: undefined, ...over };
}

function put(id: TenantId, over: Parameters<typeof aTenant>[0] = {}) {
  const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: undefined }];
  return desk.register.create({ tenant: aTenant({ id, ...over }), numbers });
}

function doctor(...args: readonly string[]): Promise<number> {
  return desk.run('doctor', '--stage', 'staging', ...args);
}

test('finds a healthy stage healthy, line by line, and changes nothing', async () => {
  expect(await doctor()).toBe(0);
  const lines = desk.out.split('\n');
  expect(lines.filter((line) => line.startsWith('failed'))).toEqual([]);
  expect(desk.out).toContain('ok       GET /webhook: 403, a wrong verify token is refused');
  expect(desk.out).toContain('ok       POST /webhook: 401, an unsigned webhook is refused');
  expect(desk.out).toContain('ok       Armed: 1 alarm');
  expect(desk.out).toContain('ok       bakery: The number is connected');
  // A stage whose pages reach nobody is worth a warning, and not an error.
  expect(desk.out).toContain('warning  Nobody is paged');
  expect(desk.out).not.toContain('hush');
  expect(await doctor('--json')).toBe(0);
  expect(JSON.parse(desk.out)).toMatchObject({ failed: 0, warnings: 1 });
});

test.each<[string, () => unknown, readonly string[]]>([
  [
    'a route that is down',
    () => {
      answers['GET /readyz'] = [503, { checks: [{ name: 'platform-secret', ok: false }] }];
    },
    ['GET /readyz: 503 (platform-secret) in place of 200'],
  ],
  [
    'a webhook that takes anything',
    () => {
      answers['POST /webhook'] = [200, ''];
    },
    ['POST /webhook: 200 in place of 401', 'take the webhook down'],
  ],
  ['an API that is not there', () => api.close(), ['does not answer (ECONNREFUSED)']],
  [
    'a clock that is wrong',
    () => {
      skewMs = 600_000;
    },
    ['The clock here is 600 s behind the one there'],
  ],
  [
    'a platform secret without values',
    () => desk.vault.write({ kind: 'platform' }, { appSecrets: ['hush'] }),
    [
      'lacks app-id, verify-token, openai-key',
      'npx concierge secret put openai-key --stage staging',
    ],
  ],
  [
    'alarms without effect, and red ones',
    () => {
      const runbook = 'docs/runbooks/function-errors.md';
      desk.alarms = [anAlarm('processor-errors', { isArmed: false, isRed: true, runbook })];
    },
    [
      'Without effect: concierge-staging-service-processor-errors',
      'Alarm concierge-staging-service-processor-errors is red',
      'docs/runbooks/function-errors.md',
    ],
  ],
  [
    'no alarms at all',
    () => {
      desk.alarms = [];
    },
    ['There are no alarms'],
  ],
  [
    'parked messages and their dead letters',
    () => desk.park(aMessage()),
    ['1 message parked (token)', 'The chat dead-letter queue holds 1'],
  ],
  [
    'a message that nobody answers',
    async () => {
      await desk.accept(aMessage());
      desk.clock.advance(20 * 60_000);
    },
    ['The oldest unfinished message is 20 min old'],
  ],
  [
    'a tenant without a route',
    () => desk.register.release(PHONE_NUMBER_ID, TENANT_ID),
    [`bakery: not routed to it: ${PHONE_NUMBER_ID}`, 'npx concierge tenant set bakery'],
  ],
  [
    'a tenant without a token',
    () => desk.vault.remove({ kind: 'tenant', id: TENANT_ID }),
    ['bakery: its secret has no access token'],
  ],
  [
    'a token that Meta does not know any more',
    () => desk.vault.write({ kind: 'tenant', id: TENANT_ID }, { accessToken: 'revoked' }),
    ['bakery: Meta does not know the token, or it was revoked'],
  ],
  [
    'an account whose webhooks go elsewhere',
    () => meta.world.subscribe('200000000000001', false),
    [
      'bakery: Our app does not get the webhooks of the account',
      'npx concierge secret put access-token --tenant bakery --subscribe --stage staging',
    ],
  ],
])('finds %s', async (_, harm, words) => {
  await harm();
  expect(await doctor()).toBe(1);
  for (const each of words) expect(desk.out).toContain(each);
  expect(desk.out).toMatch(/[1-9] failed\.\n$/);
});

test('looks at one tenant where that is asked for, and does not ask Meta where not', async () => {
  desk.graphUrl = 'http://127.0.0.1:1';
  expect(await doctor('--tenant', 'bakery', '--no-check')).toBe(0);
  expect(desk.out).toContain('bakery: record, routes and secret are there');
  expect(await doctor('--tenant', 'backery', '--no-check')).toBe(1);
  expect(desk.out).toContain('There is no tenant backery (did you mean bakery?)');
});

test('tells of many tenants only what is not well', async () => {
  for (let count = 0; count < 20; count += 1) {
    await put(present(parseTenantId(`shop-${count}`)), { status: 'suspended' });
  }
  expect(await doctor('--no-check', '--json')).toBe(1);
  const { findings } = JSON.parse(desk.out) as { findings: { check: string; message: string }[] };
  const messages = findings.map(({ message }) => message);
  expect(messages).toContain('Looked at 21 tenants; what is not well follows');
  expect(messages.filter((each) => each.startsWith('shop-'))).toHaveLength(20);
  expect(messages.filter((each) => each.startsWith('bakery'))).toEqual([]);
});

test('warns of prices that are old, or that nobody knows', async () => {
  expect(await desk.run('doctor', '--local')).toBe(0);
  expect(desk.out).toMatch(/ok +Budgets count by Meta's prices of 2026-10-01/);
  await put(present(parseTenantId('florist')), {
    model: 'gpt-6-luna',
    fallbackModel: 'model-of-tomorrow',
  });
  desk.clock.advance(200 * 86_400_000);
  await desk.run('doctor', '--local');
  expect(desk.out).toMatch(/warning +Budgets count by Meta's prices of 2026-10-01, \d+ days ago/);
  expect(desk.out).toContain('The price of model model-of-tomorrow is not known');
  expect(desk.out).not.toContain('The price of model gpt-6-luna');
});

test('tells of models that are switched off, or will be', async () => {
  expect(await desk.run('doctor', '--local')).toBe(0);
  expect(desk.out).toMatch(/ok +No model in use is known to end soon, as of 20/);
  const florist = present(parseTenantId('florist'));
  await put(florist, { model: 'gpt-4.1', fallbackModel: 'gpt-6-luna' });
  desk.clock.advance(Date.parse('2027-01-01') - desk.clock.now());
  await desk.run('doctor', '--local');
  expect(desk.out).toContain(
    'warning  florist: OpenAI switches model gpt-4.1 off on 2027-01-14, in 13 days',
  );
  expect(desk.out).toContain('npx concierge tenant set florist --model <model> --local');
  desk.clock.advance(30 * 86_400_000);
  expect(await desk.run('doctor', '--local')).toBe(1);
  expect(desk.out).toContain('failed   florist: OpenAI has switched model gpt-4.1 off');
});

test('warns of a rotation that nobody has finished', async () => {
  desk.input = 'next-app-secret';
  await desk.run('secret', 'rotate', 'app-secret', '--no-check', '--stage', 'staging');
  expect(await doctor('--no-check')).toBe(0);
  expect(desk.out).not.toContain('A former app-secret');
  desk.clock.advance(3_600_000);
  expect(await doctor('--no-check')).toBe(0);
  expect(desk.out).toContain('warning  A former app-secret is refused and lies there still');
});

test('a part that cannot be looked at does not hide the others', async () => {
  const denied = Object.assign(
    new Error('not authorized to perform: secretsmanager:GetSecretValue'),
    {
      name: 'AccessDeniedException',
    },
  );
  desk.vault.read = async () => {
    throw denied;
  };
  expect(await doctor()).toBe(1);
  expect(desk.out).toContain('failed   secrets: not authorized to perform');
  expect(desk.out).toContain('ok       Nothing is parked');
});

test('without a stack there is one verdict, without credentials none', async () => {
  desk.trouble = new OperatorError('There is no stack concierge-staging-stateful.');
  expect(await doctor()).toBe(1);
  expect(desk.out).toContain('failed   There is no stack concierge-staging-stateful.');
  desk.trouble = new UsageError('There are no AWS credentials.');
  expect(await doctor()).toBe(2);
  expect(desk.out).toBe('');
});

test('reads the alarms of the stage page by page', async () => {
  const pages = [
    {
      MetricAlarms: [
        {
          AlarmName: 'a',
          ActionsEnabled: true,
          AlarmActions: ['t'],
          AlarmDescription: 'Late. Severity: high. Runbook: docs/runbooks/function-errors.md',
        },
      ],
      NextToken: 'n',
    },
    {
      MetricAlarms: [
        { AlarmName: 'b', ActionsEnabled: true, AlarmActions: [], StateValue: 'ALARM' },
      ],
    },
  ];
  const stub = stubClient(() => pages[stub.sent.length - 1]);
  expect(await listAlarms(stub.as<CloudWatchClient>(), 'prod')).toEqual([
    { name: 'a', isArmed: true, isRed: false, runbook: 'docs/runbooks/function-errors.md' },
    { name: 'b', isArmed: false, isRed: true, runbook: undefined },
  ]);
  expect(stub.sent.map(({ input }) => input.AlarmNamePrefix)).toEqual(
    Array(2).fill('concierge-prod-'),
  );
});

test('takes a symptom for armed where its incident is, and what silences incidents as well', async () => {
  const enabled = { ActionsEnabled: true, AlarmActions: ['t'] };
  const suppressed = { ActionsSuppressor: 'arn:aws:cloudwatch:eu-central-1:1:alarm:deploying' };
  const stub = stubClient(() => ({
    MetricAlarms: ['one', 'two', 'alone', 'mute', 'deploying'].map((AlarmName) => ({
      AlarmName,
      ActionsEnabled: true,
    })),
    CompositeAlarms: [
      { AlarmName: 'down', AlarmRule: 'ALARM("one") OR ALARM("two")', ...enabled, ...suppressed },
      { AlarmName: 'off', AlarmRule: 'ALARM("mute")', ActionsEnabled: false, AlarmActions: ['t'] },
      { AlarmName: 'shaky', AlarmRule: '(ALARM("down")) AND NOT (ALARM("alone"))', ...enabled },
    ],
  }));
  const alarms = await listAlarms(stub.as<CloudWatchClient>(), 'prod');
  expect(alarms.filter(({ isArmed }) => isArmed).map(({ name }) => name)).toEqual([
    'one',
    'two',
    'deploying',
    'down',
    'shaky',
  ]);
  expect(stub.sent[0]?.input.AlarmTypes).toContain('CompositeAlarm');
});

test('says that a deployment runs, which is no failure', async () => {
  desk.alarms = [anAlarm('deployment-running', { isRed: true })];
  expect(await doctor()).toBe(0);
  expect(desk.out).toContain('warning  A deployment runs, so incidents tell nobody');
});

test('says nothing of an alarm that only says that another incident is red', async () => {
  desk.alarms = [anAlarm('canary-unanswered-explained', { isRed: true })];
  expect(await doctor()).toBe(0);
  expect(desk.out).not.toContain('explained');
});

test('warns of each tenant that has used up a budget, and of no other', async () => {
  const clinic = present(parseTenantId('clinic'));
  const budget = { ...NO_BUDGET, perDay: microUsd(1_000_000), perMonth: microUsd(1_000_000_000) };
  await put(clinic, { budget });
  const spender = { tenantId: clinic, terms: { ...budget, turnsPerMinute: undefined }, spread: '' };
  await desk.ledger.add(spender, { model: microUsd(999_999) }, desk.clock.now());
  await doctor('--no-check');
  expect(desk.out).toContain("ok       No tenant's budget is used up");
  await desk.ledger.add(spender, { model: microUsd(31_000_001) }, desk.clock.now());
  await doctor('--no-check');
  expect(desk.out).toContain("warning  clinic: its budget is used up: 3200 % of the day's\n");
  expect(desk.out).toContain('npx concierge spend show --tenant clinic --stage staging');
  await doctor('--no-check', '--tenant', 'bakery');
  expect(desk.out).not.toContain('its budget');
});
