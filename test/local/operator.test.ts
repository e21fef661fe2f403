import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCloudFormation } from '#test/support/cloudformation.ts';
import { useLocalStack } from '#test/support/local-stack.ts';
import { runConcierge } from '#test/support/operator.ts';
import { BAKERY, CLINIC, postWebhook, textWebhook, webhookBody } from '#test/support/webhooks.ts';

const local = useLocalStack();

const PHONE = '34600444001';
const OPERATOR = 'arn:aws:iam::000000000000:user/LOCALOPERATOR';
/** What must not be printed unasked: text, phone number, and the start of the number in a wamid. */
const SECRETS = ['Do you bake', PHONE, Buffer.from(PHONE).toString('base64').slice(0, 12)];

function deadLetters(...args: readonly string[]) {
  return runConcierge(['dead-letters', ...args, '--local', local().stack.url]);
}

async function listed(): Promise<readonly { message: string }[]> {
  const { stdout } = await deadLetters('list', '--json');
  return JSON.parse(stdout).parked;
}

test('what is parked is listed, shown and redriven by the command, and answered once', async () => {
  const { simulator } = local();
  await simulator.fault('graph', 'graph:190', 3);
  await simulator.write(BAKERY, PHONE, 'Do you bake at night?');
  await expect.poll(async () => (await simulator.deadLetters()).length).toBe(1);
  await simulator.clearFaults();

  const list = await deadLetters('list');
  expect(list).toMatchObject({ exitCode: 0, stderr: '' });
  expect(list.stdout).toMatch(/token +fix-needed +graph +graph:190 +1 +bakery +100000000000001 /);
  expect(list.stdout).toContain('Parked: 1 message (token 1).');
  const [parked] = await listed();
  const name = parked?.message ?? '';
  expect(list.stdout).toContain(name);

  const shown = await deadLetters('show', name.slice(0, 8));
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  for (const secret of SECRETS) expect(list.stdout + shown.stdout).not.toContain(secret);
  expect((await deadLetters('show', name, '--text')).stdout).toContain('Do you bake at night?');

  const other = await deadLetters('redrive', '--reason', 'bug');
  expect(other.exitCode).toBe(0);
  expect(other.stdout).toContain('Nothing waits to be redriven. Parked besides: 1 message.');
  expect(await simulator.deadLetters()).toHaveLength(1);
  expect(await simulator.textsTo(PHONE)).toEqual([]);

  const redriven = await deadLetters('redrive', '--reason', 'token', '--json');
  expect(redriven.exitCode).toBe(0);
  expect(JSON.parse(redriven.stdout)).toEqual({
    matched: 1,
    rung: 1,
    notRung: [],
    fates: { answered: 1 },
    otherParked: 0,
    deadLetterQueue: { removed: 1, rungAgain: 0, kept: 0, notTaken: 0, unreadable: 0 },
  });
  expect(await simulator.textsTo(PHONE)).toEqual(['You said: Do you bake at night?']);
  expect(await simulator.deadLetters()).toEqual([]);

  const again = await deadLetters('redrive', '--all');
  expect(again).toMatchObject({ exitCode: 0, stdout: 'Nothing waits to be redriven.\n' });
  expect(await simulator.textsTo(PHONE)).toHaveLength(1);
  expect((await deadLetters('list')).stdout).toBe('Nothing is parked.\n');
});

test('a contact of whom everything is parked is found and erased by the phone number', async () => {
  const { stack, simulator } = local();
  const at = (...args: readonly string[]) => runConcierge([...args, '--local', stack.url]);
  const chat = (...args: readonly string[]) => at('chat', ...args, '--tenant', 'clinic');
  const phone = '34600888777';
  expect(await at('tenant', 'suspend', 'clinic')).toMatchObject({ exitCode: 0 });
  await simulator.write(CLINIC, phone, 'Are you open?');
  await expect.poll(async () => (await simulator.deadLetters()).length).toBe(1);
  expect((await chat('show', phone)).stdout).toContain('parked tenant-suspended');
  const erased = await chat('erase', phone, '--yes', '--json');
  expect(JSON.parse(erased.stdout)).toMatchObject({ messages: 1, complete: true });
  expect(await simulator.deadLetters()).toEqual([]);
  expect(await chat('show', phone)).toMatchObject({ exitCode: 0 });
  expect((await deadLetters('list')).stdout).toBe('Nothing is parked.\n');
  expect(await at('tenant', 'resume', 'clinic')).toMatchObject({ exitCode: 0 });
});

test('a contact is listed, shown without words, and exported', async () => {
  const { stack } = local();
  const chat = (...args: readonly string[]) =>
    runConcierge(['chat', ...args, '--tenant', 'bakery', '--local', stack.url]);
  const list = await chat('list');
  expect(list).toMatchObject({ exitCode: 0, stderr: '' });
  expect(list.stdout).toMatch(/assistant +- +100000000000001 +ES\.\d+ /);
  const shown = await chat('show', `+${PHONE}`);
  expect(shown.stdout).toMatch(
    /customer +text +answered\n.* us +part 1 +(accepted|sent|delivered|read)/,
  );
  expect(list.stdout + shown.stdout).not.toContain('Do you bake');

  const folder = mkdtempSync(join(tmpdir(), 'operator-'));
  try {
    const exported = await chat('export', PHONE, '--to', folder, '--json');
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    const { files, ...counts } = JSON.parse(exported.stdout);
    expect(counts).toMatchObject({ chats: 2, messages: 1, bubbles: 1 });
    const [json, text] = files.map((file: string) => readFileSync(file, 'utf8'));
    expect(JSON.parse(json)).toMatchObject({ tenant: 'bakery', complete: true });
    for (const words of ['Do you bake at night?', 'You said: Do you bake at night?']) {
      expect(text).toContain(words);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a message whose cause is still there stays parked, with one ring, and says so', async () => {
  const { simulator, stack } = local();
  const message = { id: 'wamid.NOBODY', from: '34600444002', text: 'Anybody?' };
  await postWebhook(stack.url, textWebhook('100000000000099', [message]));
  await expect.poll(async () => (await simulator.deadLetters()).length).toBe(1);

  const tried = await deadLetters('redrive', '--all', '--wait', '3');
  expect(tried.exitCode).toBe(1);
  expect(tried.stderr).toContain('Still parked: 1 message.');
  expect(await simulator.deadLetters()).toHaveLength(1);
  expect((await deadLetters('list')).stdout).toContain('(unknown-phone-number 1)');
});

test('what Meta bills for a bubble is counted once, for the tenant whose number it is', async () => {
  const { stack, simulator } = local();
  const status = (word: string) => ({
    id: 'wamid.BILLED',
    status: word,
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: '34600444004',
    biz_opaque_callback_data: `concierge/1 ${BAKERY}#34600444004 1790400000000.1 0`,
    pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' },
  });
  const metric = async (name: string) => (await simulator.metrics())[name] ?? 0;
  await simulator.write(BAKERY, '34600444004', 'Spelt?');
  await expect.poll(() => simulator.textsTo('34600444004')).toEqual(['You said: Spelt?']);
  const before = await metric('StatusesMerged');
  for (const word of ['sent', 'delivered', 'read']) {
    await postWebhook(stack.url, webhookBody(BAKERY, { statuses: [status(word)] }));
  }
  // Those of earlier bubbles may still come, and are free.
  await expect.poll(() => metric('StatusesMerged')).toBeGreaterThanOrEqual(before + 3);
  await expect.poll(() => metric('MetaCost')).toBe(20_100);
  const args = ['spend', 'show', '--tenant', 'bakery', '--json', '--local', stack.url];
  const { stdout } = await runConcierge(args);
  expect(JSON.parse(stdout)).toMatchObject({
    spend: [{ name: 'bakery', byKind: { meta: 0.0201 } }],
  });
});

interface TracedStory {
  readonly tenant: string;
  readonly dollars: number;
  readonly item: { readonly kind: string; readonly outcome: string };
  readonly steps: readonly { readonly station: string; readonly what: string }[];
}

test('a message’s whole story is told, and that of what was said to it', async () => {
  const { stack, simulator } = local();
  const phone = '34600444005';
  const traced = (wamid: string, ...args: readonly string[]) =>
    runConcierge(['trace', wamid, ...args, '--local', stack.url]);
  const story = async (wamid: string): Promise<TracedStory> => {
    const { stdout, stderr } = await traced(wamid, '--json');
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };
  const wamid = await simulator.write(BAKERY, phone, 'Do you bake with rye?');
  await expect.poll(() => simulator.textsTo(phone)).toHaveLength(1);
  // The last of it is that the customer has read it.
  await expect
    .poll(async () => (await traced(wamid)).stdout)
    .toMatch(/events +status_merged .*status=read/);

  const whole = await story(wamid);
  expect(whole).toMatchObject({ tenant: 'bakery', item: { kind: 'message', outcome: 'answered' } });
  expect(whole.dollars).toBeGreaterThan(0);
  const told = whole.steps.map(({ station, what }) => `${station}: ${what}`).join('\n');
  for (const step of [
    'WhatsApp: text written by the customer',
    'inbox: accepted',
    'ingest: message_arrived',
    'model: model_called',
    'WhatsApp: bubble_sent',
    'processor: turn_closed',
    'WhatsApp: part 1 read',
  ]) {
    expect(told).toContain(step);
  }
  const { stdout } = await traced(wamid);
  for (const secret of ['bake with', phone, Buffer.from(phone).toString('base64').slice(0, 12)]) {
    expect(stdout + told).not.toContain(secret);
  }
  expect((await traced(wamid, '--text')).stdout).toContain('customer: Do you bake with rye?');

  const [bubble] = await simulator.sentTo(phone);
  const ofBubble = await story(bubble?.wamid ?? '');
  expect(ofBubble).toMatchObject({ item: { kind: 'bubble', outcome: 'read' } });

  const again = { id: 'wamid.REDELIVERED', from: phone, text: 'Twice' };
  const body = textWebhook(BAKERY, [again]);
  for (let times = 0; times < 2; times += 1) await postWebhook(stack.url, body);
  await expect
    .poll(async () => (await traced('wamid.REDELIVERED')).stdout)
    .toMatch(/outcome=accepted[\s\S]*outcome=duplicate[\s\S]*turn_closed/);
  const nobody = await traced('wamid.NEVERSEEN');
  expect(nobody).toMatchObject({ exitCode: 1, stdout: '' });
  expect(nobody.stderr).toContain('Nothing is known of this message');
});

test('a deployed stage is found by the outputs of its stacks', async () => {
  const { stack, simulator } = local();
  const told = await (await fetch(`${stack.url}/simulator/api/stack`)).json();
  const place = told as LocalPlace;
  const { region, aws_url: awsUrl, access_key_id: accessKeyId, outputs } = place;
  const cloudFormation = await startCloudFormation('concierge-dev-', outputs);
  const env = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
    AWS_ENDPOINT_URL_DYNAMODB: awsUrl,
    AWS_ENDPOINT_URL_SQS: awsUrl,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: awsUrl,
    AWS_ENDPOINT_URL_STS: awsUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: awsUrl,
    GRAPH_BASE_URL: place.graph_url,
  };
  try {
    await simulator.fault('graph', 'graph:190', 3);
    await simulator.write(BAKERY, '34600444003', 'Rye?');
    await expect.poll(async () => (await simulator.deadLetters()).length).toBe(2);
    await simulator.clearFaults();
    const args = ['dead-letters', 'redrive', '--reason', 'token', '--stage', 'dev'];
    const redriven = await runConcierge(args, env);
    expect(redriven.exitCode).toBe(0);
    expect(redriven.stdout).toContain('Rung for 1 of 1 message: 1 answered.');
    const business = await simulator.business({ registered: true, subscribed: true });
    const fields = [
      '--name',
      'Staged',
      '--fallback-text',
      'Later.',
      '--purpose',
      'Sales.',
      '--instructions-file',
      'LICENSE',
    ];
    const add = ['tenant', 'add', 'staged', ...fields, '--number', business.phone_number_id];
    const added = await runConcierge([...add, '--stage', 'dev'], env, business.access_token);
    expect(added).toMatchObject({ exitCode: 0, stderr: '' });
    const listed = await runConcierge(['tenant', 'list', '--local', stack.url]);
    expect(listed.stdout).toMatch(/staged +active/);
    const spend = await runConcierge(['spend', 'show', '--stage', 'dev'], env);
    expect(spend).toMatchObject({ exitCode: 0, stderr: '' });
    expect(spend.stdout).toMatch(/^staged +\d{4}-\d{2} +0\.00 +0\.00 +- +-$/m);
    const audit = await runConcierge(['audit', 'list', '--stage', 'dev', '--json'], env);
    // What the other tests did is recorded before.
    expect(JSON.parse(audit.stdout).actions.slice(0, 2)).toMatchObject([
      { command: 'tenant add', tenant: 'staged', outcome: 'done', who: OPERATOR },
      { command: 'dead-letters redrive', tenant: null, outcome: 'done', who: OPERATOR },
    ]);
    expect(audit.stdout).not.toContain(business.access_token);
    const traced = await runConcierge(['trace', 'wamid.REDELIVERED', '--stage', 'dev'], env);
    expect(traced).toMatchObject({ exitCode: 0, stderr: '' });
    expect(traced.stdout).toContain('outcome=duplicate');
    const other = await runConcierge(['dead-letters', 'list', '--stage', 'prod'], env);
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('There is no stack concierge-prod-');
  } finally {
    await cloudFormation.close();
  }
});

interface LocalPlace {
  readonly region: string;
  readonly aws_url: string;
  readonly access_key_id: string;
  readonly graph_url: string;
  readonly outputs: Readonly<Record<string, string>>;
}
