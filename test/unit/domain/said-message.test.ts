import { describe, expect, test } from 'vitest';
import { type Command, commandMessage } from '#domain/conversation/command.ts';
import type { Delivery } from '#domain/conversation/delivery.ts';
import { outboundKey, type Progress, type StoredOutbound } from '#domain/conversation/message.ts';
import { parseTurnId } from '#domain/ids.ts';
import { type KeptMessage, saidMessages } from '#domain/notice/said-message.ts';
import { aChat, aMessage, aStoredInbound, aTextMessage, present } from '#test/support/builders.ts';

const TURN = present(parseTurnId('1790400005000.4'));
const SENT: Progress = { kind: 'finished', outcome: 'answered', turnId: TURN };

function aCommand(command: Command, id: string, progress?: Progress): KeptMessage {
  const stored = aStoredInbound(
    commandMessage(aChat(), command, { id, atMs: 1_790_400_004_000 }),
    1,
  );
  return { kind: 'message', message: { ...stored, ...(progress && { progress }) } };
}

function aBubble(
  over: Partial<StoredOutbound> = {},
  delivery: Partial<Delivery> = {},
): KeptMessage {
  const { part = 0 } = over;
  const bubble = {
    turnId: TURN,
    part,
    text: 'It is ready.',
    wamid: 'wamid.OUT',
    sends: 1,
    copies: 1,
  };
  return {
    kind: 'bubble',
    bubble: {
      direction: 'out',
      key: outboundKey(TURN, part),
      refusedCode: undefined,
      followUp: undefined,
      ...bubble,
      ...over,
    },
    delivery: delivery as Delivery,
  };
}

const say: Command = { kind: 'say', by: 'Ana', content: { kind: 'text', text: 'It is ready.' } };

describe('what a person said by a command', () => {
  test('is there once: as what went out, under the id that it was given', () => {
    const kept = [
      aCommand(say, 'reply-1', SENT),
      aBubble({ author: 'person' }, { deliveredAtMs: 5 }),
      aBubble({ author: 'person', part: 1, text: 'Come by!' }),
    ];
    expect(saidMessages(kept)).toMatchObject([
      { id: 'reply-1', from: 'person', type: 'text', text: 'It is ready.', outcome: 'delivered' },
      { id: 'reply-1.2', from: 'person', text: 'Come by!', outcome: 'accepted' },
    ]);
  });

  test('is there as the command while it has not gone out', () => {
    expect(saidMessages([aCommand(say, 'reply-1')])).toMatchObject([
      { id: 'reply-1', from: 'person', type: 'say', text: 'It is ready.', outcome: 'unfinished' },
    ]);
  });
});

test('what others have said and done is told with who it was', () => {
  const echo: Command = { kind: 'echo', by: 'phone', text: 'On my way' };
  const template = { kind: 'template', name: 'back', language: 'en', parameters: ['8'] } as const;
  const kept: readonly KeptMessage[] = [
    { kind: 'message', message: aStoredInbound(aTextMessage('Hello'), 1) },
    { kind: 'message', message: aStoredInbound(aMessage({ type: 'reaction' }), 1) },
    aCommand({ kind: 'take', by: 'Ana' }, 'take-1'),
    aCommand(echo, 'echo-1'),
    aCommand({ kind: 'idle', by: 'timer', version: 1 }, 'idle-1'),
    aCommand({ ...say, content: template }, 'say-1'),
    aBubble({ wamid: undefined, text: '' }),
    aBubble({ template: 'back', author: 'person', refusedCode: 'graph:131047' }),
  ];
  expect(saidMessages(kept).map(({ id: _, at: __, ...rest }) => rest)).toEqual([
    { from: 'customer', type: 'text', text: 'Hello', outcome: 'unfinished' },
    { from: 'customer', type: 'reaction', text: null, outcome: 'unfinished' },
    { from: 'person', type: 'take', text: null, outcome: 'unfinished' },
    { from: 'person', type: 'echo', text: 'On my way', outcome: 'unfinished' },
    { from: 'person', type: 'say', text: '[Template back] 8', outcome: 'unfinished' },
    { from: 'assistant', type: 'text', text: null, outcome: 'unknown' },
    { from: 'person', type: 'template', text: 'It is ready.', outcome: 'refused graph:131047' },
  ]);
});
