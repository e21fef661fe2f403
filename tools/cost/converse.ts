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

/** A photo, as the model takes it for one; filled up to what WhatsApp makes of a telephone's. */
export const PICTURE_BYTES = 200_000;
const PICTURE = {
  message: { type: 'image', image: { caption: 'Is this one still there?' } },
  file: { content: '/9j/4AAQSkZJRg==', mime_type: 'image/jpeg', bytes: PICTURE_BYTES },
};

const POLL_MS = 50;
const READ_AFTER_MS = 1_600;
const LONGEST_MS = 60_000;

/** Who writes to whom, by the simulator at this address. */
interface Customer {
  readonly url: string;
  readonly to: string;
  readonly from: string;
}

/** A customer writes, is answered and reads it, so many times. @throws Error when no answer comes */
export async function converse(customer: Customer, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await say(customer, { text: WORDS[turn % WORDS.length] }, turn + 1);
  }
}

/** A customer sends a picture. @throws Error when no answer comes */
export function sendPicture(customer: Customer): Promise<void> {
  return say(customer, PICTURE, 1);
}

async function say(customer: Customer, content: object, answers: number): Promise<void> {
  const { url, to, from } = customer;
  const written = await fetch(`${url}/simulator/api/messages`, {
    method: 'POST',
    body: JSON.stringify({ to, from, ...content }),
  });
  if (written.status !== 202) throw new Error(`The simulator took no message: ${written.status}`);
  await answered(customer, answers);
  // The three statuses of the answer come one by one; a person takes longer still.
  await sleep(READ_AFTER_MS);
}

async function answered({ url, to, from }: Customer, answers: number): Promise<void> {
  const until = Date.now() + LONGEST_MS;
  while (Date.now() < until) {
    const read = await fetch(`${url}/simulator/api/chats/${to}/${from}`);
    const { messages } = transcript.parse(await read.json());
    if (messages.filter(({ direction }) => direction === 'out').length >= answers) return;
    await sleep(POLL_MS);
  }
  throw new Error(`${from} was not answered within ${LONGEST_MS / 1_000} s`);
}
