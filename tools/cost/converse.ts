import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const transcript = z.object({ messages: z.array(z.object({ direction: z.string() })) });

/** What a customer of a bakery asks; the first word is a greeting, which is waited for. */
const WORDS = [
  'Hello!',
  'Would you keep two loaves of the dark one for me until the evening, please?',
  'And is there something without walnuts? My daughter Mira is allergic to them.',
  'Could I pick it up at half past seven, or do you close before that?',
  'Thank you, then I will come by shortly after seven.',
  'One more thing: do you have candles for a birthday cake?',
  'How many people does the small cake serve?',
  'Then please write "Happy birthday, Bruno" on it.',
];

const POLL_MS = 50;
const READ_AFTER_MS = 1_600;
const LONGEST_MS = 60_000;

/** A customer writes, is answered and reads it, so many times. @throws Error when no answer comes */
export async function converse(
  url: string,
  to: string,
  from: string,
  turns: number,
): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    const text = WORDS[turn % WORDS.length];
    const written = await fetch(`${url}/simulator/api/messages`, {
      method: 'POST',
      body: JSON.stringify({ to, from, text }),
    });
    if (written.status !== 202) throw new Error(`The simulator took no message: ${written.status}`);
    await answered(url, { to, from }, turn + 1);
    // The three statuses of the answer come one by one; a person takes longer still.
    await sleep(READ_AFTER_MS);
  }
}

async function answered(
  url: string,
  { to, from }: { readonly to: string; readonly from: string },
  answers: number,
): Promise<void> {
  const until = Date.now() + LONGEST_MS;
  while (Date.now() < until) {
    const read = await fetch(`${url}/simulator/api/chats/${to}/${from}`);
    const { messages } = transcript.parse(await read.json());
    if (messages.filter(({ direction }) => direction === 'out').length >= answers) return;
    await sleep(POLL_MS);
  }
  throw new Error(`${from} was not answered within ${LONGEST_MS / 1_000} s`);
}
