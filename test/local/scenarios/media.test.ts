import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aPdf, aPng, aVoiceNote } from '#test/support/files.ts';
import { runConcierge } from '#test/support/operator.ts';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY } from '#test/support/webhooks.ts';

const scenario = useScenario(15);

const VOICE = aVoiceNote(2, 'said: Do you have sourdough today?');
const PICTURE = aPng('a cake');
const PDF = aPdf('Order 17: two loaves of rye.');

function aFile(bytes: Buffer, mime_type: string) {
  return { content: bytes.toString('base64'), mime_type };
}

const voiceNote = {
  message: { type: 'audio', audio: { mime_type: 'audio/ogg; codecs=opus', voice: true } },
  file: aFile(VOICE, 'audio/ogg'),
};
const picture = {
  message: { type: 'image', image: { caption: 'this one?' } },
  file: aFile(PICTURE, 'image/png'),
};

/** The one reply that a customer gets; that no other comes is for the simulation to tell. */
async function replyTo(from: string): Promise<string> {
  const { simulator } = scenario();
  await expect.poll(async () => (await simulator.textsTo(from)).length).toBe(1);
  const [text = ''] = await simulator.textsTo(from);
  return text;
}

const interrupted = { from: '', before: {} as Readonly<Record<string, number>> };

test('a process dies when it has heard a voice note, and asks the model', async () => {
  const { simulator, customer, faultsMet } = scenario();
  interrupted.from = customer();
  interrupted.before = await simulator.metrics();
  // The first call is for the transcription.
  await simulator.fault('openai', 'slow:1');
  await simulator.fault('openai', 'kill-caller');
  await simulator.sendFile(BAKERY, interrupted.from, voiceNote);
  await faultsMet();
});

test('a picture is shown to the model, and a document read to it', async () => {
  const { simulator, customer } = scenario();
  const [one, other] = [customer(), customer()];
  await simulator.sendFile(BAKERY, one, picture);
  await simulator.sendFile(BAKERY, other, {
    message: { type: 'document', document: { filename: 'order.pdf' } },
    file: aFile(PDF, 'application/pdf'),
  });
  const digest = createHash('sha256').update(PICTURE).digest('hex').slice(0, 8);
  expect(await replyTo(one)).toBe(
    `You said: ⟦The customer sent an image⟧\n⟦With this caption⟧ this one? [image/png of ${PICTURE.length} bytes, ${digest}]`,
  );
  const read = await replyTo(other);
  expect(read).toContain('a document named "order.pdf"');
  expect(read).toContain('⟧\n│ Order 17: two loaves of rye.');
});

test.each([
  ['oversized', { bytes: 20_000_000 }, 'it is too large'],
  ['damaged', { sha256: VOICE.subarray(0, 32).toString('base64') }, 'it did not arrive whole'],
  ['expired', { expired: true }, 'WhatsApp does not have it any more'],
])('a file that is %s is said to be unseen, and nothing is made up', async (_, over, words) => {
  const { simulator, customer } = scenario();
  const from = customer();
  await simulator.sendFile(BAKERY, from, { ...voiceNote, file: { ...voiceNote.file, ...over } });
  const text = await replyTo(from);
  expect(text).toContain(words);
  expect(text).toContain('You cannot see or hear it: say so honestly');
});

test('what was sent is exported with the chat, and erased with it', async () => {
  const { stack, simulator, customer } = scenario();
  const from = customer();
  await simulator.sendFile(BAKERY, from, picture);
  await replyTo(from);
  const folder = await mkdtemp(join(tmpdir(), 'concierge-media-'));
  const about = [from, '--tenant', 'bakery', '--local', stack.url];
  const exported = await runConcierge(['chat', 'export', ...about, '--to', folder]);
  expect(exported).toMatchObject({ exitCode: 0 });
  expect(exported.stdout).toContain('1 file of the customer');
  const sent = (await readdir(folder)).find((name) => name.endsWith('-files')) ?? '';
  const [file = ''] = await readdir(join(folder, sent));
  expect(await readFile(join(folder, sent, file))).toEqual(PICTURE);
  await rm(folder, { recursive: true });
  const erased = await runConcierge(['chat', 'erase', ...about, '--yes']);
  expect(erased).toMatchObject({ exitCode: 0 });
  expect(erased.stdout).toContain('1 file;');
}, 200_000);

test('the voice note is answered by the next process, which neither fetches nor pays for it again', async () => {
  const { simulator, grown } = scenario();
  const { from, before } = interrupted;
  await expect.poll(() => simulator.textsTo(from), { timeout: 150_000 }).toHaveLength(1);
  expect(await simulator.textsTo(from)).toEqual([
    'You said: ⟦The customer sent a voice note. Transcribed, it says⟧ Do you have sourdough today?',
  ]);
  // Counted at the end of an invocation: the one that died has counted nothing.
  expect(await grown(before, ['Transcriptions'])).toEqual({ Transcriptions: 0 });
}, 200_000);

test('no line of a log tells a number, a text or a secret', () => {
  expect(scenario().leaks()).toEqual([]);
});
