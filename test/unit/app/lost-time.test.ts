import { beforeEach, describe, expect, test } from 'vitest';
import { recordEvent } from '#app/record-event.ts';
import { writeCallbackData } from '#domain/conversation/callback-data.ts';
import { type Command, commandMessage } from '#domain/conversation/command.ts';
import { evidenceWaitMs } from '#domain/conversation/turn.ts';
import { parseTurnId } from '#domain/ids.ts';
import { aChat, aTextMessage, PHONE_NUMBER_ID, present } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { modelSays } from '#test/support/peers.ts';

let world: ChatWorld;
beforeEach(() => {
  world = new ChatWorld();
});

/** Written now, as Meta tells it: in whole seconds. */
async function hear(text: string, over: Record<string, unknown> = {}): Promise<void> {
  const timestamp = String(Math.floor(world.clock.now() / 1000));
  await world.accept(aTextMessage(text, { timestamp, ...over }));
}

async function order(command: Command): Promise<void> {
  await world.accept(commandMessage(aChat(), command, { id: 'c-1', atMs: world.clock.now() }));
}

/** Tables of a while ago serve from now on. */
function restore(): void {
  world.clock.advance(60_000);
  world.restoredUntilMs = world.clock.now();
  world.clock.advance(5_000);
}

const head = () => world.store.readHead(aChat());
const notices = () => world.jobs.notices.map(({ kind, reason }) => [kind, reason]);

async function settle(): Promise<void> {
  expect(await world.answer()).toEqual({ kind: 'settled' });
}

describe('a message of before tables were restored', () => {
  test('goes to a person with that remark: no model is asked and nothing is said', async () => {
    await hear('Is the cake ready?');
    restore();
    await settle();
    expect(world.model.requests).toEqual([]);
    expect(world.texts).toEqual([]);
    expect(world.outcomes()).toEqual(['maybe-answered']);
    expect(await head()).toMatchObject({ state: 'assistant', flag: 'maybe-answered' });
    expect(world.jobs.notices).toMatchObject([
      { kind: 'hand-over.requested', reason: 'maybe-answered', messageKeys: [expect.any(String)] },
    ]);
    expect(world.metrics.of('MessagesMaybeAnswered')).toBe(1);
    await settle();
    expect(world.jobs.notices).toHaveLength(1);
  });

  test('is answered where no table was restored', async () => {
    await hear('Is the cake ready?');
    world.clock.advance(65_000);
    await settle();
    expect(world.texts).toEqual(['You said: Is the cake ready?']);
  });

  test('falls under it also when Meta delivers it again afterwards', async () => {
    const timestamp = String(world.clock.now() / 1000);
    restore();
    await hear('Is the cake ready?', { timestamp });
    await settle();
    expect(world.outcomes()).toEqual(['maybe-answered']);
    expect(world.texts).toEqual([]);
  });

  test('does not keep a newer one from its answer, which the model gives without the older one', async () => {
    await hear('Is the cake ready?');
    restore();
    await hear('And do you have bread?');
    await world.answer(undefined, { attempt: 9 });
    expect(world.texts).toEqual(['You said: And do you have bread?']);
    expect(world.outcomes()).toEqual(['maybe-answered', 'answered']);
    expect(await head()).toMatchObject({ flag: 'maybe-answered' });
  });

  test('that arrives while the model is asked is not answered along with the others', async () => {
    const timestamp = String(world.clock.now() / 1000);
    restore();
    await hear('one');
    world.model.next.push(async () => {
      await hear('again', { timestamp });
      return modelSays('You said: one');
    });
    await world.answer(undefined, { attempt: 9 });
    expect(world.model.requests).toHaveLength(1);
    expect(world.texts).toEqual(['You said: one']);
    expect(world.outcomes()).toEqual(['unfinished', 'answered']);
    await settle();
    expect(world.texts).toHaveLength(1);
    expect(world.outcomes()).toEqual(['maybe-answered', 'answered']);
  });

  test('is told again where the business could not be told, and not finished before', async () => {
    await hear('Is the cake ready?');
    restore();
    world.jobs.failing = 1;
    expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'jobs-not-taken' });
    expect(world.outcomes()).toEqual(['unfinished']);
    await settle();
    expect(world.outcomes()).toEqual(['maybe-answered']);
    expect(notices()).toEqual([['hand-over.requested', 'maybe-answered']]);
  });

  test('holds as a wish for no answers, without a second confirmation', async () => {
    await hear('STOP');
    restore();
    await settle();
    expect(world.texts).toEqual([]);
    expect((await head()).replies).toMatchObject({ kind: 'stopped' });
    await hear('hello');
    await settle();
    expect(world.outcomes()).toEqual(['maybe-answered', 'opted-out']);
  });

  test('is shown to the person who has the chat, and is not taken up when they give it back', async () => {
    await order({ kind: 'take', by: 'ana' });
    await settle();
    world.clock.advance(2_000);
    await hear('Is the cake ready?');
    restore();
    await settle();
    expect(notices()).toEqual([
      ['chat.taken', 'operator'],
      ['message.kept', 'maybe-answered'],
    ]);
    await world.accept(
      commandMessage(
        aChat(),
        { kind: 'release', by: 'ana' },
        { id: 'c-2', atMs: world.clock.now() },
      ),
    );
    await settle();
    await settle();
    expect(await head()).toMatchObject({ state: 'assistant' });
    expect(world.texts).toEqual([]);
    expect(world.outcomes()).toEqual(['maybe-answered']);
  });

  test('that a person had left unanswered goes to a person again, and to no model', async () => {
    await order({ kind: 'take', by: 'ana' });
    await settle();
    world.clock.advance(2_000);
    await hear('Is the cake ready?');
    await settle();
    expect(world.outcomes()).toEqual(['handed-over']);
    restore();
    await world.accept(
      commandMessage(
        aChat(),
        { kind: 'release', by: 'ana' },
        { id: 'c-2', atMs: world.clock.now() },
      ),
    );
    await settle();
    await settle();
    expect(world.model.requests).toEqual([]);
    expect(world.outcomes()).toEqual(['maybe-answered']);
    expect(await head()).toMatchObject({ state: 'assistant', flag: 'maybe-answered' });
  });
});

describe('what somebody of the business wanted before tables were restored', () => {
  test('is not said', async () => {
    await hear('hello');
    await settle();
    await order({ kind: 'say', by: 'ana', content: { kind: 'text', text: 'Come by!' } });
    restore();
    await settle();
    expect(world.texts).toEqual(['You said: hello']);
    expect(world.commandOutcomes()).toEqual(['maybe-answered']);
    expect(await head()).toMatchObject({ state: 'assistant', flag: 'maybe-answered' });
    expect(world.metrics.of('CommandsFinished')).toBe(1);
  });

  test('is carried out where it says who has the chat', async () => {
    await order({ kind: 'take', by: 'ana' });
    restore();
    await settle();
    expect(await head()).toMatchObject({ state: 'human' });
    expect(world.commandOutcomes()).toEqual(['recorded']);
  });
});

describe('a turn that was open in restored tables', () => {
  /** Drafted, and perhaps sent: nobody knows. */
  async function ambiguous(): Promise<void> {
    await hear('hello');
    world.sender.next.push(() => 'crash-after');
    await expect(world.answer()).rejects.toThrow('crash');
  }

  async function prove(): Promise<void> {
    const { reference } = present(world.sender.delivered[0]);
    const payload = {
      id: 'wamid.PROVEN',
      status: 'delivered',
      timestamp: '1790400001',
      biz_opaque_callback_data: writeCallbackData(reference),
    };
    await recordEvent(
      {
        kind: 'status',
        field: 'messages',
        accountId: undefined,
        phoneNumberId: PHONE_NUMBER_ID,
        payload,
        receivedAtMs: world.clock.now(),
        correlationId: 'request-2',
      },
      world.eventsDeps,
    );
  }

  test('is not sent on, whatever time passes: its part is recorded as perhaps sent', async () => {
    await ambiguous();
    restore();
    world.clock.advance(evidenceWaitMs(0));
    await settle();
    expect(world.texts).toHaveLength(1);
    expect(world.outcomes()).toEqual(['maybe-answered']);
    expect(await head()).toMatchObject({ openTurn: undefined, flag: 'maybe-answered' });
    expect(notices()).toEqual([['hand-over.requested', 'maybe-answered']]);
    const bubble = world.store.transcript(aChat()).find(({ direction }) => direction === 'out');
    expect(bubble).toMatchObject({ refusedCode: 'maybe-sent', text: 'You said: hello' });
  });

  test('is answered where a status proves the part', async () => {
    await ambiguous();
    await prove();
    restore();
    await settle();
    expect(world.texts).toHaveLength(1);
    expect(world.outcomes()).toEqual(['answered']);
    expect(await head()).toMatchObject({ openTurn: undefined, flag: undefined });
  });

  test('is in what the next answer is made of: nothing is said twice in other words', async () => {
    await ambiguous();
    restore();
    await hear('thanks');
    await world.answer(undefined, { attempt: 9 });
    await settle();
    expect(world.model.requests.at(-1)?.conversation.map(({ text }) => text)).toEqual([
      expect.stringMatching(/may be missing here\. A person of the business looks at it/),
      'hello',
      'You said: hello',
      'thanks',
    ]);
  });

  test('of which no part was tried is not sent either: perhaps it was, later', async () => {
    await hear('hello');
    world.sender.next.push(() => ({
      kind: 'refused',
      failure: { class: 'retry', code: 'graph:131056' },
    }));
    expect(await world.answer()).toMatchObject({ kind: 'deferred' });
    restore();
    await settle();
    expect(world.texts).toEqual([]);
    expect(world.outcomes()).toEqual(['maybe-answered']);
  });

  test('tells the business again after a crash, and is closed all the same', async () => {
    await ambiguous();
    restore();
    world.jobs.failing = 1;
    expect(await world.answer()).toMatchObject({ cause: 'jobs-not-taken' });
    await settle();
    expect(notices()).toEqual([['hand-over.requested', 'maybe-answered']]);
    expect(world.outcomes()).toEqual(['maybe-answered']);
  });

  test('of after the restore is finished as ever', async () => {
    restore();
    await ambiguous();
    world.clock.advance(evidenceWaitMs(0));
    await settle();
    expect(world.texts).toHaveLength(2);
    expect(world.outcomes()).toEqual(['answered']);
  });
});

test('a status of a reply in a chat that the tables do not know is counted', async () => {
  const reference = { chat: aChat('34600111333'), turnId: present(parseTurnId('1.0')), part: 0 };
  const payload = {
    id: 'wamid.LOST',
    status: 'read',
    timestamp: '1790400001',
    biz_opaque_callback_data: writeCallbackData(reference),
  };
  await recordEvent(
    {
      kind: 'status',
      field: 'messages',
      accountId: undefined,
      phoneNumberId: PHONE_NUMBER_ID,
      payload,
      receivedAtMs: world.clock.now(),
      correlationId: 'request-2',
    },
    world.eventsDeps,
  );
  expect(world.metrics.of('StatusesUnmatched')).toBe(1);
});

test('a bubble of before that WhatsApp could not deliver is not said again', async () => {
  await hear('hello');
  await settle();
  const { reference } = present(world.sender.delivered[0]);
  const status = {
    reference,
    wamid: 'wamid.OUT1',
    status: 'failed',
    atMs: world.clock.now(),
    errorCode: 131_000,
    pricing: undefined,
  };
  await world.store.mergeDelivery(status);
  const occasion = { nowMs: world.clock.now(), correlationId: 'request-2' };
  await world.store.requestFollowUp(status, 'send-again', occasion);
  restore();
  await settle();
  expect(world.texts).toHaveLength(1);
  expect(await head()).toMatchObject({ flag: 'undeliverable' });
});
