import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Quoted, wordsForModel } from '#domain/conversation/message-words.ts';
import { isAnswerable } from '#domain/whatsapp/message-text.ts';
import { readWebhook } from '#domain/whatsapp/webhook.ts';
import { aStoredInbound } from '#test/support/builders.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/whatsapp');
const NOTHING: Quoted = () => undefined;
const QUOTED: Quoted = () => ({ whose: 'ours', text: 'Shall I book 09:30?' });

function recorded(name: string) {
  const body = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));
  const [message] = readWebhook(body).messages;
  if (!message) throw new Error(`${name} holds no message`);
  return message;
}

const CANNOT_SEE = 'You cannot see or hear it: say so honestly';

/** What the model is told of each recorded message, and which of them get an answer. */
test.each([
  ['message-text', 'Hola'],
  ['message-text-reply', '[In reply to what you said: “Shall I book 09:30?”]'],
  ['message-text-reply', '[About the product sku-red-42]'],
  ['message-text-forwarded', '[Forwarded many times]'],
  ['message-text-from-ad', '[Came from an ad of the business: “Spring offer — 20% off”]'],
  ['message-button-reply', 'Yes, book it [chosen; id book_yes]'],
  ['message-list-reply', '09:30 [chosen; Tomorrow; id slot_0930]'],
  ['message-template-button', 'Confirm [chosen; id CONFIRM_123]'],
  ['message-flow-reply', '[The customer filled in a form]\nname: Mira'],
  [
    'message-contacts',
    '[The customer shared their own contact details] Leo Paz (Paz SL, +34 600 999 888, leo@example.invalid)',
  ],
  ['message-order', '2 × sku-red-42 at 19.9 EUR (please gift wrap)'],
  ['message-location', '40.4168, -3.7038 (Sol, Puerta del Sol, Madrid'],
  ['message-edit', '[The customer changed an earlier message, which now reads] new'],
  ['message-unsupported', 'does not pass on to businesses (poll creation)'],
  ['message-unsupported', CANNOT_SEE],
  ['message-unavailable', CANNOT_SEE],
  ['message-media-too-large', CANNOT_SEE],
])('%s is put to the model in words', (name, words) => {
  const message = recorded(name);
  expect(isAnswerable(message)).toBe(true);
  expect(wordsForModel(aStoredInbound(message, 0), QUOTED)).toContain(words);
});

test.each([
  'message-reaction',
  'message-reaction-removed',
  'message-revoke',
  'message-request-welcome',
  'message-text-in-group',
  'message-unsupported-in-group',
  'message-system-number-changed',
  'message-type-of-tomorrow',
  'message-unknown',
  'message-call-permission-reply',
])('%s gets no answer of its own', (name) => {
  expect(isAnswerable(recorded(name))).toBe(false);
});

test('every recorded message has words, or is recorded', () => {
  const names = readdirSync(FIXTURES).filter((name) => name.startsWith('message-'));
  expect(names.length).toBeGreaterThan(30);
  for (const name of names) {
    const message = recorded(name.replace('.json', ''));
    const words = wordsForModel(aStoredInbound(message, 0), NOTHING);
    expect([name, words !== '' || !isAnswerable(message)]).toEqual([name, true]);
  }
});

test('a reaction is put in words where the business wants it answered', () => {
  const stored = aStoredInbound(recorded('message-reaction'), 0);
  expect(wordsForModel(stored, QUOTED)).toBe(
    '[In reply to what you said: “Shall I book 09:30?”]\n[The customer reacted with 👍]',
  );
});
