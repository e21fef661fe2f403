import { expect, test } from 'vitest';
import { present } from '#test/support/builders.ts';
import { useLocalStack } from '#test/support/local-stack.ts';
import { runConcierge } from '#test/support/operator.ts';
import { BAKERY } from '#test/support/webhooks.ts';

const local = useLocalStack();

const PHONE = '34600555001';
const NOTES = 'Notes on this customer';

const SAID_EARLY = [
  'Hello, my name is Mira.',
  'I live in Lisbon.',
  'my dog is called Bruno.',
  'I like rye bread.',
  'I am allergic to walnuts.',
  'I ordered with card 4111 1111 1111 1111.',
];
const SMALL_TALK = Array.from({ length: 32 }, (_, nth) => `Is loaf number ${nth} still there?`);

/** A customer's message, answered. */
async function say(text: string): Promise<void> {
  const { simulator } = local();
  const before = (await simulator.textsTo(PHONE)).length;
  await simulator.write(BAKERY, PHONE, text);
  await expect.poll(async () => (await simulator.textsTo(PHONE)).length).toBe(before + 1);
}

/** What the model was given for its newest reply: the notes, and the conversation after them. */
async function given(): Promise<{ readonly notes: string; readonly said: readonly string[] }> {
  const { input } = present((await local().simulator.modelInputs()).at(-1));
  const [first] = input;
  const hasNotes = first?.text.includes(NOTES) === true;
  return {
    // Data comes with a mark before each line.
    notes: hasNotes ? first.text.replace(/^│ ?/gm, '') : '',
    said: input.slice(hasNotes ? 1 : 0).map(({ text }) => text),
  };
}

function idOf(notes: string, fact: string): string {
  return present(new RegExp(`^\\[(\\w+)\\] \\w+: ${fact}`, 'm').exec(notes)?.[1]);
}

test('in a conversation of forty messages what was said early is known late, and forgotten when asked', {
  timeout: 400_000,
}, async () => {
  const { simulator, stack } = local();
  const limits = ['--answers-per-minute', '1000', '--burst-wait', 'none'];
  const set = ['tenant', 'set', 'bakery', ...limits, '--local', stack.url];
  expect((await runConcierge(set)).exitCode).toBe(0);
  for (const text of [...SAID_EARLY, ...SMALL_TALK]) await say(text);
  // Before any job has come the prompt itself has room for it.
  const soon = await given();
  expect([soon.notes, ...soon.said].join('\n')).toContain('I live in Lisbon');

  // A job comes a minute and a half after a turn, and then has much to do.
  const metrics = () => simulator.metrics();
  await expect
    .poll(async () => (await metrics())['MemorySummaries'], { timeout: 150_000, interval: 1_000 })
    .toBeGreaterThan(0);
  await say('What is my name, where do I live, and who is Bruno?');
  const late = await given();
  expect(late.notes).toMatch(/^\[\w+\] name: Mira$/m);
  for (const fact of ['I live in Lisbon', 'my dog is called Bruno', 'I like rye bread']) {
    expect(idOf(late.notes, fact)).toBeDefined();
  }
  expect(late.notes).toMatch(/What was said before the messages below:\n.*Is loaf number 0/);
  for (const secret of ['walnuts', '4111']) expect(late.notes).not.toContain(secret);
  // They are not there because the whole conversation is.
  expect(late.said).not.toContain(SAID_EARLY[1]);
  expect(late.said.at(-1)).toContain('who is Bruno?');

  const forgets = [idOf(late.notes, 'I live in Lisbon')];
  await simulator.model({ answers: [{ kind: 'text', text: 'Forgotten.', fields: { forgets } }] });
  await say('Please forget where I live.');
  await say('Where do I live?');
  const after = await given();
  expect(after.notes).not.toContain('Lisbon');
  expect(after.notes).toContain('Bruno');
  expect(await metrics()).toMatchObject({ MemoryItemsForgotten: 1 });
  expect(await simulator.deadLetters()).toEqual([]);
  const secrets = ['Lisbon', 'Bruno', 'Mira', PHONE];
  const leaks = stack.functionLog().filter((line) => secrets.some((each) => line.includes(each)));
  expect(leaks).toEqual([]);
});
