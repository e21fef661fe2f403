import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { type CommandResult, runConcierge } from '#test/support/operator.ts';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY } from '#test/support/webhooks.ts';

const scenario = useScenario(10);

const GOODBYE =
  'You will get no more messages from us. Write START whenever you want to hear from us again.';

/** Sort keys of all that lies in a chat, and when it was erased. */
async function remainsOf(from: string) {
  const { stack } = scenario();
  const place = await (await fetch(`${stack.url}/simulator/api/stack`)).json();
  const { aws_url: endpoint, region, access_key_id: accessKeyId, outputs } = place as Place;
  const credentials = { accessKeyId, secretAccessKey: 'any' };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  try {
    const { Items: items = [] } = await client.send(
      new QueryCommand({
        TableName: outputs['ConversationsTableName'],
        KeyConditionExpression: 'pk = :chat',
        ExpressionAttributeValues: { ':chat': { S: `CHAT#${BAKERY}#${from}` } },
        ConsistentRead: true,
      }),
    );
    const head = items.find(({ sk }) => sk?.S === 'HEAD');
    return {
      keys: items.map(({ sk }) => sk?.S),
      erasedAtMs: Number(head?.['erasedAt']?.N ?? 0),
      words: JSON.stringify(items),
    };
  } finally {
    client.destroy();
  }
}

interface Place {
  readonly aws_url: string;
  readonly region: string;
  readonly access_key_id: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const erased: { from: string; command?: Promise<CommandResult> } = { from: '' };

test('E1 row 44: a contact is erased while the model thinks, and nothing of before comes back', async () => {
  const { stack, simulator, customer, say, expectReplies, grown, noRings } = scenario();
  const from = customer();
  // Held, so that they come after the erasure.
  await simulator.deliverStatuses('held');
  await say(from, 'My name is Mira Okafor.');
  await expectReplies(from, ['You said: My name is Mira Okafor.']);
  const before = await simulator.metrics();
  const asked = await simulator.modelRequests();
  await simulator.model({ latency_ms: 20_000 });
  await say(from, 'Do you know my address?');
  await expect.poll(() => simulator.modelRequests()).toBeGreaterThan(asked);

  const args = ['chat', 'erase', from, '--tenant', 'bakery', '--yes', '--json'];
  erased.from = from;
  erased.command = runConcierge([...args, '--local', stack.url]);
  await expect.poll(async () => (await remainsOf(from)).erasedAtMs).toBeGreaterThan(0);
  await simulator.model({ latency_ms: 0 });
  await noRings();
  expect(await simulator.textsTo(from)).toEqual(['You said: My name is Mira Okafor.']);
  expect((await remainsOf(from)).keys).toEqual(['HEAD']);

  // Written before, and delivered now.
  const { erasedAtMs } = await remainsOf(from);
  const second = Math.floor(erasedAtMs / 1000);
  expect(await say(from, 'I am Mira, by the way.', { timestamp: second })).toBe(200);
  await expect.poll(() => grown(before, ['MessagesErased'])).toEqual({ MessagesErased: 1 });
  await simulator.deliverStatuses('normal');
  await scenario().quiet();
  const { keys, words } = await remainsOf(from);
  expect(keys).toEqual(['HEAD']);
  expect(words).not.toContain('Mira');

  await say(from, 'What is my name?', { timestamp: second + 1 });
  await expectReplies(from, ['You said: My name is Mira Okafor.', 'You said: What is my name?']);
});

test('who says STOP hears one more sentence, and the assistant again after START', async () => {
  const { simulator, customer, say, expectReplies, grown } = scenario();
  const from = customer();
  const before = await simulator.metrics();
  const start = Math.floor(Date.now() / 1000) - 30;
  await say(from, 'Stop!', { timestamp: start });
  await expectReplies(from, [GOODBYE]);
  await say(from, 'Are you still there?', { timestamp: start + 1 });
  await expectReplies(from, [GOODBYE]);
  await say(from, 'START', { timestamp: start + 2 });
  await say(from, 'Do you have rye bread?', { timestamp: start + 3 });
  await expect
    .poll(() => simulator.textsTo(from))
    .toEqual([GOODBYE, 'Welcome back! How can we help you?', 'You said: Do you have rye bread?']);
  await expect
    .poll(() => grown(before, ['ContactsOptedOut', 'ContactsOptedIn', 'ModelCalls']))
    .toEqual({ ContactsOptedOut: 1, ContactsOptedIn: 1, ModelCalls: 1 });
});

test('the command looks again when old workers have ended, and tells what went', async () => {
  const result = await erased.command;
  expect(result).toMatchObject({ exitCode: 0 });
  const told: unknown = JSON.parse(result?.stdout ?? '');
  expect(told).toMatchObject({ messages: 2, bubbles: 1, complete: true });
  expect(result?.stdout).not.toContain(erased.from);
  const { keys, words } = await remainsOf(erased.from);
  expect(keys).toHaveLength(3);
  expect(words).not.toContain('Mira');
  expect(words).not.toContain('address');
});

test('E1 row 50: no number, text or secret in any log line of these scenarios', () => {
  expect(scenario().leaks()).toEqual([]);
});
