import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { beforeAll, expect, test } from 'vitest';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { parseContactId, parsePhoneNumberId } from '#domain/ids.ts';
import { present } from '#test/support/builders.ts';
import { BusinessProgram } from '#test/support/business-program.ts';
import { runConcierge } from '#test/support/operator.ts';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY } from '#test/support/webhooks.ts';

const local = useScenario(25);
const BAKERY_KEYS = { accessKeyId: 'LOCALBAKERY', secretAccessKey: 'local-bakery-secret' };
const CLINIC_KEYS = { accessKeyId: 'LOCALCLINIC', secretAccessKey: 'local-clinic-secret' };

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly valid: boolean;
  readonly status: number;
}

let secret: string;
let bakery: BusinessProgram;

async function concierge(args: readonly string[], input = ''): Promise<string> {
  const result = await runConcierge([...args, '--local', local().stack.url], {}, input);
  expect(result, args.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout;
}

async function api(path: string, body?: object): Promise<Record<string, unknown>> {
  const answered = await fetch(`${local().stack.url}/simulator/api/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  expect(answered.ok).toBe(true);
  return (await answered.json()) as Record<string, unknown>;
}

async function received(): Promise<readonly Received[]> {
  return (await api('receiver'))['received'] as readonly Received[];
}

/** Types of the events that the business's server took of this contact, in the order of arrival. */
async function toldOf(contact: string): Promise<readonly string[]> {
  const taken = (await received()).filter(({ status }) => status === 204);
  const events = taken.map(({ body }) => JSON.parse(body));
  return events.filter(({ data }) => data.chat.contact === contact).map(({ type }) => type);
}

beforeAll(async () => {
  const { url } = local().stack;
  bakery = new BusinessProgram(url, BAKERY, BAKERY_KEYS);
  const shown = await concierge([
    ...['secret', 'put', 'notices-secret', '--tenant', 'bakery'],
    ...['--generate', '--show-notices-secret'],
  ]);
  secret = present(/whsec_\S+/.exec(shown)?.[0]);
  const folder = mkdtempSync(join(tmpdir(), 'doors-'));
  const file = join(folder, 'notices.yaml');
  writeFileSync(file, `notices:\n  webhook:\n    url: ${url}/simulator/receiver\n`);
  await concierge(['tenant', 'set', 'bakery', '--file', file]);
  rmSync(folder, { recursive: true });
  await api('receiver', { secret });
});

test('a person takes a chat by the API, is told of it by a webhook, writes, and gives it back', async () => {
  const { simulator, say, customer } = local();
  const luis = customer();
  await say(luis, 'Is my cake ready?');
  await expect.poll(() => simulator.textsTo(luis)).toHaveLength(1);

  await bakery.give(luis, 'take', { id: 'take-1', by: 'Ana' });
  await expect.poll(() => bakery.stateOf(luis)).toBe('human');
  await expect.poll(() => toldOf(luis)).toEqual(['chat.taken']);

  // The business's server is down while the customer writes on.
  await api('receiver', { status: 503 });
  await say(luis, 'Hello? Anybody there?');
  const refused = async () => (await received()).filter(({ status }) => status === 503);
  await expect.poll(refused).not.toEqual([]);
  await api('receiver', { status: 204 });
  await expect.poll(() => toldOf(luis)).toEqual(['chat.taken', 'message.kept']);
  expect(await simulator.textsTo(luis)).toHaveLength(1);

  const reply = { id: 'reply-1', text: 'Yes, come by!', by: 'Ana' };
  await bakery.give(luis, 'messages', reply);
  await bakery.give(luis, 'messages', reply);
  await expect.poll(() => simulator.textsTo(luis)).toHaveLength(2);
  await expect
    .poll(() => bakery.messagesOf(luis))
    .toContainEqual(
      expect.objectContaining({
        id: 'reply-1',
        from: 'person',
        text: 'Yes, come by!',
        outcome: expect.stringMatching(/^(?:delivered|read)$/),
      }),
    );

  // Nobody answers this one before the chat goes back: then the assistant does.
  await say(luis, 'Do you take cards?');
  await expect.poll(() => toldOf(luis)).toHaveLength(3);
  await bakery.give(luis, 'release', {});
  await expect.poll(() => simulator.textsTo(luis)).toHaveLength(3);
  const texts = await simulator.textsTo(luis);
  expect(texts.slice(1)).toEqual(['Yes, come by!', expect.stringContaining('Do you take cards?')]);
  await expect.poll(() => bakery.stateOf(luis)).toBe('assistant');
  await expect
    .poll(() => toldOf(luis))
    .toEqual(['chat.taken', 'message.kept', 'message.kept', 'chat.released']);

  const all = await received();
  const taken = all.filter(({ status }) => status === 204);
  const ids = taken.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { headers, body } of all) {
    expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
  }
  const kept = taken
    .map(({ body }) => JSON.parse(body))
    .find(({ type }) => type === 'message.kept');
  expect(kept.data.messages).toMatchObject([{ from: 'customer', text: 'Hello? Anybody there?' }]);
});

test('what its server wants no more of is parked with the reason, and told after a redrive', async () => {
  const { simulator, say, customer } = local();
  const iris = customer();
  await say(iris, 'Hello');
  await expect.poll(() => simulator.textsTo(iris)).toHaveLength(1);
  await api('receiver', { status: 410 });
  await bakery.give(iris, 'take', {});
  const parked = async () =>
    (await simulator.deadLetters()).filter(({ queue }) => /JobsDeadLetters/.test(String(queue)));
  await expect.poll(parked).toMatchObject([{ reason: 'gone', body: { kind: 'notice' } }]);
  expect(JSON.stringify(await parked())).not.toContain('Hello');
  await api('receiver', { status: 204 });
  await simulator.redrive('jobs-dead-letters');
  await expect.poll(() => toldOf(iris)).toEqual(['chat.taken']);
  expect(await parked()).toEqual([]);
});

test('the topic hears of the same chats, by a pseudonym', async () => {
  const { announcements } = (await api('announcements')) as {
    announcements: readonly { readonly subject: string; readonly message: string }[];
  };
  const subjects = announcements.map(({ subject }) => subject);
  expect(subjects).toContain('bakery: a person has taken a chat');
  expect(subjects).toContain('bakery: a chat is back with the assistant');
  expect(JSON.stringify(announcements)).not.toMatch(/34602500001|cake|cards/);
  const chat = {
    phoneNumberId: present(parsePhoneNumberId(BAKERY)),
    contact: present(parseContactId('34602500001')),
  };
  expect(JSON.parse(JSON.parse(announcements[0]?.message ?? '').default)).toMatchObject({
    tenant: 'bakery',
    chat: pseudonyms.ofChat(chat),
  });
});

test('nobody else gets in: unsigned, signed by another tenant, or by the operator', async () => {
  const { stack, say, customer, simulator } = local();
  const eva = customer();
  await say(eva, 'Good morning');
  await expect.poll(() => simulator.textsTo(eva)).toHaveLength(1);
  const unsigned = await fetch(`${stack.url}/chats/${eva}?number=${BAKERY}`);
  expect([unsigned.status, await unsigned.text()]).toEqual([403, '{"message":"Forbidden"}']);
  const guessed = { ...BAKERY_KEYS, secretAccessKey: 'guessed' };
  const forged = new BusinessProgram(stack.url, BAKERY, guessed);
  expect(await forged.call('GET', `/chats/${eva}`)).toMatchObject({ status: 403 });
  const strangers = [CLINIC_KEYS, { accessKeyId: 'LOCALOPERATOR', secretAccessKey: 'local' }];
  for (const keys of strangers) {
    const stranger = new BusinessProgram(stack.url, BAKERY, keys);
    for (const path of ['/chats', `/chats/${eva}`]) {
      expect(await stranger.call('GET', path)).toMatchObject({
        status: 404,
        body: { code: 'number-unknown' },
      });
    }
    const taken = await stranger.call('POST', `/chats/${eva}/take`, {});
    expect(taken.status).toBe(404);
  }
  expect(await bakery.stateOf(eva)).toBe('assistant');
});

test('the operator’s command does the same, and leaves its trail', async () => {
  const { say, customer, simulator } = local();
  const noa = customer();
  await say(noa, 'I have a complaint');
  await expect.poll(() => simulator.textsTo(noa)).toHaveLength(1);
  const about = [noa, '--tenant', 'bakery', '--wait'];
  expect(await concierge(['chat', 'take', ...about])).toContain('The chat is taken');
  const said = await concierge(['chat', 'say', ...about], 'We are very sorry about that.');
  expect(said).toMatch(/^It was said\. WhatsApp: (?:delivered|read)\.\n$/);
  expect((await simulator.textsTo(noa)).at(-1)).toBe('We are very sorry about that.');
  expect(await concierge(['chat', 'release', ...about])).toContain('back with the assistant');
  const trail = await concierge(['audit', 'list', '--tenant', 'bakery']);
  for (const command of ['chat take', 'chat say', 'chat release']) expect(trail).toContain(command);
  expect(trail).not.toContain('sorry');
});

test('what docs/hand-over.md has for curl works as it stands there', async () => {
  const { simulator, say, customer, stack } = local();
  const mia = customer();
  await say(mia, 'Are you open?');
  await expect.poll(() => simulator.textsTo(mia)).toHaveLength(1);
  const script = readFileSync('docs/hand-over.md', 'utf8')
    .split('```sh')
    .find((block) => block.trim().startsWith('curl'))
    ?.split('```')[0]
    ?.replaceAll('http://127.0.0.1:3000', stack.url)
    .replaceAll('34600111222', mia)
    .replaceAll('curl ', 'curl --silent --show-error --write-out "\\n" ');
  const { stdout } = await promisify(execFile)('sh', ['-e', '-c', present(script)]);
  const [list, take, reply] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(list.chats).toContainEqual(expect.objectContaining({ contact: mia, number: BAKERY }));
  expect(take).toMatchObject({ contact: mia });
  expect(reply).toMatchObject({ id: 'reply-1', contact: mia });
  await expect.poll(() => simulator.textsTo(mia)).toContain('Yes, come by!');
});

test('no log line has a word, a number or a secret', () => {
  const { leaks, stack } = local();
  expect(leaks()).toEqual([]);
  expect(stack.functionLog().filter((line) => line.includes(secret.slice(6)))).toEqual([]);
});
