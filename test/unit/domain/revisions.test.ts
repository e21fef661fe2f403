import { expect, test } from 'vitest';
import type { Outcome, StoredInbound } from '#domain/conversation/message.ts';
import { planTurn } from '#domain/conversation/plan-turn.ts';
import { buildPrompt } from '#domain/conversation/prompt.ts';
import { parseTurnId } from '#domain/ids.ts';
import { aMessage, aStoredInbound, aTextMessage, present } from '#test/support/builders.ts';

const NONE: ReadonlySet<string> = new Set();
const TURN = present(parseTurnId('1790400001000.0'));

function text(body: string, id: string, second = 0): StoredInbound {
  return aStoredInbound(
    aTextMessage(body, { id, timestamp: String(1_790_400_000 + second) }),
    second,
  );
}

function edit(of: string, body: string, second: number): StoredInbound {
  const message = { type: 'text', text: { body } };
  const timestamp = String(1_790_400_000 + second);
  const over = { type: 'edit', edit: { original_message_id: of, message }, timestamp };
  return aStoredInbound(aMessage(over), second);
}

function revoke(of: string, second: number): StoredInbound {
  const timestamp = String(1_790_400_000 + second);
  const over = { type: 'revoke', revoke: { original_message_id: of }, timestamp };
  return aStoredInbound(aMessage(over), second);
}

function finished(stored: StoredInbound, outcome: Outcome = 'answered'): StoredInbound {
  return { ...stored, progress: { kind: 'finished', outcome, turnId: TURN } };
}

const saidIn = (toAnswer: readonly StoredInbound[]) =>
  buildPrompt({ history: [], toAnswer }).map((each) => each.text);

test('an edit of what waits is answered in its place, the newest of several', () => {
  const messages = [text('two loaves', 'A'), edit('A', 'three', 1), edit('A', 'four loaves', 2)];
  const { toAnswer, toRecord } = planTurn(messages, NONE);
  expect(saidIn(toAnswer)).toEqual(['[Edited by the customer since]\nfour loaves']);
  expect(toRecord).toHaveLength(2);
});

test('what was deleted before the answer is not answered', () => {
  const messages = [text('secret', 'A'), text('hello', 'B', 1), revoke('A', 2)];
  const { toAnswer, toRecord } = planTurn(messages, NONE);
  expect(saidIn(toAnswer)).toEqual(['hello']);
  expect(toRecord.map(({ message }) => message.type)).toEqual(['text', 'revoke']);
});

test('an edit after the answer is answered, and the history has the new words', () => {
  const messages = [finished(text('two loaves', 'A')), edit('A', 'three loaves', 9)];
  const { toAnswer } = planTurn(messages, NONE);
  expect(buildPrompt({ history: messages, toAnswer }).map((each) => each.text)).toEqual([
    '[Edited by the customer since]\nthree loaves',
    '[The customer changed an earlier message, which now reads] three loaves',
  ]);
});

test('a deletion after the answer is recorded, and the history says so', () => {
  const messages = [finished(text('my number is 1234', 'A')), revoke('A', 9)];
  const { toAnswer, toRecord } = planTurn(messages, NONE);
  expect([toAnswer.length, toRecord.length]).toEqual([0, 1]);
  expect(buildPrompt({ history: messages, toAnswer: [] }).map((each) => each.text)).toEqual([
    '[The customer deleted this message]',
  ]);
});

test('an edit of what is not at hand is answered for itself', () => {
  const { toAnswer } = planTurn([edit('LOST', 'three loaves', 9)], NONE);
  expect(toAnswer).toHaveLength(1);
});

test('an edit changes words and captions, and nothing else', () => {
  const image = aStoredInbound(
    aMessage({ id: 'A', type: 'image', image: { id: '7', caption: 'this?' } }),
    0,
  );
  const message = { type: 'image', image: { id: '8', caption: 'that?' } };
  const over = {
    type: 'edit',
    edit: { original_message_id: 'A', message },
    timestamp: '1790400009',
  };
  const [revised] = planTurn([image, aStoredInbound(aMessage(over), 1)], NONE).toAnswer;
  expect(revised?.message.raw['image']).toEqual({ id: '7', caption: 'that?' });
  const [kept] = planTurn([image, edit('A', 'now a text', 1)], NONE).toAnswer;
  expect(kept?.message.raw['image']).toEqual({ id: '7', caption: 'this?' });
});
