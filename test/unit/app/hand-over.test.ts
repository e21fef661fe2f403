import { beforeEach, describe, expect, test } from 'vitest';
import { type Command, commandMessage } from '#domain/conversation/command.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { toldOfHandOver } from '#domain/conversation/prompt.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { aChat, aTenant, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { modelFails, modelSays } from '#test/support/peers.ts';

const HOUR_MS = 3_600_000;

let world: ChatWorld;
let ids: number;
beforeEach(() => {
  world = new ChatWorld();
  ids = 0;
});

/** Written now, as Meta tells it: in whole seconds. */
async function hear(...texts: readonly string[]): Promise<void> {
  const timestamp = String(Math.floor(world.clock.now() / 1000));
  await world.accept(...texts.map((text) => aTextMessage(text, { timestamp })));
}

async function order(command: Command): Promise<string> {
  ids += 1;
  const message = commandMessage(aChat(), command, { id: `c-${ids}`, atMs: world.clock.now() });
  await world.accept(message);
  return inboundKey(message);
}

const take = () => order({ kind: 'take', by: 'ana' });
const release = () => order({ kind: 'release', by: 'ana' });
const say = (text: string) => order({ kind: 'say', by: 'ana', content: { kind: 'text', text } });
const head = () => world.store.readHead(aChat());
const kinds = () => world.jobs.notices.map(({ kind }) => kind);

async function pass(ms: number): Promise<void> {
  world.clock.advance(ms);
  expect(await world.answer()).toEqual({ kind: 'settled' });
}

async function settle(): Promise<void> {
  await pass(2_000);
}

describe('a person who takes the chat', () => {
  test('has what is written from then on, and what waits already; the assistant is silent', async () => {
    await hear('one');
    await take();
    await settle();
    expect(await head()).toMatchObject({ state: 'human', handOver: { by: 'ana' } });
    await hear('two');
    await settle();
    expect(world.texts).toEqual([]);
    expect(world.model.requests).toEqual([]);
    expect(world.outcomes()).toEqual(['handed-over', 'handed-over']);
    expect(world.commandOutcomes()).toEqual(['recorded']);
    expect(kinds()).toEqual(['chat.taken', 'message.kept', 'message.kept']);
  });

  test('speaks through the same engine, and is seen as a person in what the model reads later', async () => {
    await hear('Is the cake ready?');
    await take();
    await settle();
    await say('Yes, it is.');
    await settle();
    expect(world.texts).toEqual(['Yes, it is.']);
    expect(world.commandOutcomes()).toEqual(['recorded', 'answered']);
    await release();
    await settle();
    expect(world.model.requests).toEqual([]);
    await hear('And the bread?');
    await settle();
    expect(world.model.requests[0]?.conversation.map(({ role, text }) => [role, text])).toEqual([
      ['data', expect.stringContaining('given it back to you')],
      ['customer', 'Is the cake ready?'],
      ['person', 'Yes, it is.'],
      ['customer', 'And the bread?'],
    ]);
  });

  test('is not told what a command did twice, and does not do it twice, wherever a process dies', async () => {
    await hear('hello');
    const key = await take();
    world.jobs.failing = 1;
    world.clock.advance(2_000);
    expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'jobs-not-taken' });
    const { version } = await head();
    expect(await world.store.readFate(aChat(), key)).toBe('unfinished');
    await settle();
    expect(kinds()).toEqual(['chat.taken', 'message.kept']);
    expect(await head()).toMatchObject({ state: 'human', handOver: { untold: undefined } });
    expect((await head()).handOver?.version).toBeLessThan(version);
    const once = new Set(world.jobs.notices.map(({ id }) => id));
    expect(once.size).toBe(2);
  });

  test('has the same notice of the same event, however often it is told', async () => {
    await take();
    const finish = world.store.finish.bind(world.store);
    world.store.finish = async () => {
      throw new Error('crash');
    };
    await expect(world.answer()).rejects.toThrow('crash');
    world.store.finish = finish;
    await settle();
    expect(await head()).toMatchObject({ state: 'human' });
    expect(new Set(world.jobs.notices.map(({ id }) => id)).size).toBe(1);
  });

  test('is heard before a reply that is on its way from the model', async () => {
    await hear('hello');
    world.model.next.push(async () => {
      await take();
      return modelSays('too late');
    });
    await settle();
    expect(world.texts).toEqual([]);
    expect(world.outcomes()).toEqual(['handed-over']);
  });

  test('is heard before a reply that only waits for its turn', async () => {
    await hear('hello');
    const paid = { ...(await head()), pairPaidUpToMs: world.clock.now() + 46 * 6_000 };
    await world.store.saveHead(aChat(), paid);
    expect(await world.answer()).toMatchObject({ cause: 'pair-budget' });
    await take();
    await settle();
    expect(world.texts).toEqual([]);
    expect(world.outcomes()).toEqual(['handed-over']);
  });
});

describe('what a person leaves unanswered', () => {
  test('is answered by the assistant once it is back, and nothing else is', async () => {
    await hear('one');
    await take();
    await settle();
    await say('Answered.');
    await settle();
    await hear('two');
    await settle();
    await release();
    await settle();
    expect(world.texts).toEqual(['Answered.', 'You said: two']);
    expect(world.outcomes()).toEqual(['handed-over', 'answered']);
    expect(kinds()).toEqual(['chat.taken', 'message.kept', 'message.kept', 'chat.released']);
  });

  test('is answered for as long as WhatsApp takes a reply, however long the person had it', async () => {
    await hear('old');
    await take();
    await settle();
    await pass(13 * HOUR_MS);
    await release();
    await settle();
    expect(world.texts).toEqual(['You said: old']);
  });

  test('is flagged for a person after that', async () => {
    world.tenant = aTenant({ handOver: { ...DEFAULT_HAND_OVER, personIdleMinutes: 3_000 } });
    await hear('very old');
    await take();
    await settle();
    await pass(24 * HOUR_MS);
    await release();
    await settle();
    expect(world.texts).toEqual([]);
    expect(world.outcomes()).toEqual(['handed-over']);
    expect((await head()).flag).toBe('too-old');
  });

  test('is answered once where the process dies after it was taken up', async () => {
    await hear('one');
    await take();
    await settle();
    await release();
    world.jobs.failing = 1;
    world.clock.advance(2_000);
    expect(await world.answer()).toMatchObject({ cause: 'jobs-not-taken' });
    await settle();
    expect(world.texts).toEqual(['You said: one']);
  });

  test('is answered where the word of the person reached nobody', async () => {
    await hear('one');
    await take();
    await settle();
    world.sender.next.push(() => ({
      kind: 'refused',
      failure: { class: 'give-up-here', code: 'graph:132000' },
    }));
    await say('nobody hears this');
    await settle();
    expect(world.commandOutcomes()).toEqual(['recorded', 'undeliverable']);
    await release();
    await settle();
    expect(world.texts).toEqual(['You said: one']);
  });

  test('is put to the model however often that was asked before a person took the chat', async () => {
    await hear('one');
    for (const meanwhile of [() => hear('two'), () => hear('three'), take]) {
      world.model.next.push(async () => {
        world.clock.advance(1_000);
        await meanwhile();
        return modelSays('too late');
      });
    }
    await settle();
    expect(await head()).toMatchObject({ state: 'human' });
    await release();
    await settle();
    expect(world.texts).toEqual(['You said: one / two / three']);
  });

  test('is found and answered however much was said since', async () => {
    await take();
    await settle();
    for (let nth = 0; nth < 90; nth += 1) {
      await hear(`m${nth}`);
      await settle();
    }
    await release();
    await settle();
    expect(world.texts[0]).toMatch(/^You said: m0 \/ m1 .* m89$/);
  });
});

describe('a chat goes back to the assistant by itself', () => {
  test('when the person has done nothing for half a day, and not before', async () => {
    await take();
    await settle();
    await pass(6 * HOUR_MS);
    await say('Still here.');
    await settle();
    await hear('thanks, and the bread?');
    await settle();
    await pass(7 * HOUR_MS);
    expect(await head()).toMatchObject({ state: 'human' });
    await pass(6 * HOUR_MS);
    expect(await head()).toMatchObject({ state: 'assistant', handOver: { ended: 'idled' } });
    expect(world.texts).toEqual(['Still here.', 'You said: thanks, and the bread?']);
    expect(world.jobs.notices.at(-1)).toMatchObject({ kind: 'chat.released', reason: 'idled' });
    const waiting = await world.store.listUnfinished({
      acceptedBeforeMs: Number.POSITIVE_INFINITY,
      limit: 9,
    });
    expect(waiting).toEqual([]);
  });

  test('its timer is nothing that is late', async () => {
    await take();
    await settle();
    const acceptedBefore = (acceptedBeforeMs: number) =>
      world.store.listUnfinished({ acceptedBeforeMs, limit: 9 });
    expect(await acceptedBefore(world.clock.now() + 11 * HOUR_MS)).toEqual([]);
    expect(await acceptedBefore(world.clock.now() + 13 * HOUR_MS)).toHaveLength(1);
  });

  test('with one timer, however much the person says: others would hide what was said', async () => {
    await take();
    await settle();
    for (let nth = 0; nth < 45; nth += 1) {
      await say(`word ${nth}`);
      await pass(20_000);
    }
    const timers = world.store
      .transcript(aChat())
      .filter((each) => each.direction === 'in' && each.message.command?.kind === 'idle');
    expect(timers).toHaveLength(1);
    await release();
    await settle();
    await hear('thanks');
    await settle();
    const [request] = world.model.requests;
    expect(request?.conversation.filter(({ role }) => role === 'person').at(-1)).toEqual({
      role: 'person',
      text: 'word 44',
    });
  });

  test('when nobody has come within an hour', async () => {
    await hear('human');
    await settle();
    expect(await head()).toMatchObject({ state: 'waiting', flag: 'hand-over' });
    await hear('anybody?');
    await settle();
    await pass(HOUR_MS);
    expect(world.texts).toEqual([DEFAULT_HAND_OVER.personText, 'You said: anybody?']);
    expect(await head()).toMatchObject({ state: 'assistant', flag: 'hand-over' });
  });
});

describe('a person is asked for', () => {
  test('beside something else: that is left to the person, and answered if nobody comes', async () => {
    await hear('What does a cake cost?', 'human');
    await settle();
    expect(world.texts).toEqual([DEFAULT_HAND_OVER.personText]);
    expect(world.outcomes()).toEqual(['handed-over', 'answered']);
    expect(kinds()).toEqual(['hand-over.requested', 'message.kept']);
    await pass(HOUR_MS);
    expect(world.texts.slice(1)).toEqual(['You said: What does a cake cost?']);
  });

  test('by the model, whose words are sent', async () => {
    await hear('I want my money back');
    const handOver = { reason: 'refund', summary: 'The cake was late.' };
    world.model.next.push(() => modelSays('A colleague will look at it.', { handOver }));
    await settle();
    expect(world.texts).toEqual(['A colleague will look at it.']);
    expect(await head()).toMatchObject({
      state: 'waiting',
      flag: 'hand-over',
      handOver: { cause: 'assistant', ...handOver, untold: undefined },
    });
    expect(world.jobs.notices).toMatchObject([
      { kind: 'hand-over.requested', reason: 'assistant', messageKeys: [] },
    ]);
    expect(toldOfHandOver(await head())[0]?.text).toContain('The cake was late.');
  });

  test('and told of when the turn is closed, where the queue was unwell before', async () => {
    await hear('I want my money back');
    world.model.next.push(() =>
      modelSays('One moment.', { handOver: { reason: '', summary: '' } }),
    );
    world.jobs.failing = 2;
    world.clock.advance(2_000);
    expect(await world.answer()).toMatchObject({ cause: 'jobs-not-taken' });
    expect(world.outcomes()).toEqual(['unfinished']);
    await settle();
    expect(world.texts).toEqual(['One moment.']);
    expect(world.outcomes()).toEqual(['answered']);
    expect(kinds()).toEqual(['hand-over.requested']);
  });

  test('by the customer, before any model is paid', async () => {
    await hear('Can I talk to a human?');
    await settle();
    expect(world.model.requests).toEqual([]);
    expect(world.texts).toEqual([DEFAULT_HAND_OVER.personText]);
    expect(await head()).toMatchObject({ state: 'waiting', handOver: { cause: 'customer' } });
  });

  test('after three turns in a row without an answer', async () => {
    for (const text of ['one', 'two', 'three']) {
      await hear(text);
      world.model.next.push(() => modelFails({ class: 'reply-anyway', code: 'openai:refusal' }));
      await settle();
    }
    expect(world.texts).toEqual([aTenant().fallbackText]);
    expect(await head()).toMatchObject({ state: 'waiting', handOver: { cause: 'failures' } });
    expect(kinds()).toEqual(['hand-over.requested', 'message.kept']);
  });

  test('an answer in between counts anew', async () => {
    for (const isWell of [false, false, true, false, false]) {
      await hear('again');
      if (!isWell) {
        world.model.next.push(() => modelFails({ class: 'reply-anyway', code: 'openai:refusal' }));
      }
      await settle();
    }
    expect(await head()).toMatchObject({ state: 'assistant', failures: 2 });
  });

  test.each([
    ['off', 'assistant', undefined],
    ['flag', 'assistant', 'low-confidence'],
    ['hand-over', 'waiting', 'hand-over'],
  ] as const)('where the model is not sure: %s', async (lowConfidence, state, flag) => {
    world.tenant = aTenant({ handOver: { ...DEFAULT_HAND_OVER, lowConfidence } });
    await hear('Is it vegan?');
    world.model.next.push(() => modelSays('I think so.', { confidence: 'low' }));
    await settle();
    expect(await head()).toMatchObject({ state, flag });
    const more = state === 'waiting' ? `\n\n${DEFAULT_HAND_OVER.personText}` : '';
    expect(world.texts).toEqual([`I think so.${more}`]);
  });
});

describe('outside the hours of the business', () => {
  const week = Array.from({ length: 7 }, () => [{ from: '09:00', to: '10:00' }]);
  const hours = { timeZone: 'UTC', locale: 'en-GB', week, closed: [] };

  /** At half past ten in the evening of 2026-09-26. */
  function closed(over: Partial<typeof DEFAULT_HAND_OVER> = {}, locale = hours.locale): void {
    world.clock.advance(Date.parse('2026-09-26T22:30:00Z') - world.clock.now());
    const handOver = { ...DEFAULT_HAND_OVER, ...over };
    world.tenant = aTenant({ hours: { ...hours, locale }, handOver });
  }

  test('the model is told what day it is and that nobody is there, before all else', async () => {
    closed();
    await hear('When can I come?');
    await pass(0);
    const [first] = world.model.requests[0]?.conversation ?? [];
    expect(first).toMatchObject({ role: 'data', text: expect.stringMatching(/Today is .*UTC/s) });
    expect(first?.text).toContain('Nobody of the business is there now.');
  });

  test('the customer is told when somebody is back, and is answered until then', async () => {
    closed();
    await hear('agent');
    await settle();
    expect(world.texts[0]).toContain('Sunday 09:00');
    await hear('Do you sell bread?');
    await settle();
    expect(world.texts[1]).toContain('Do you sell bread?');
    // In the morning somebody may come, so the assistant is silent again; for an hour.
    await pass(Date.parse('2026-09-27T09:10:00Z') - world.clock.now());
    await hear('Good morning');
    await settle();
    expect(world.texts).toHaveLength(2);
    await pass(HOUR_MS);
    expect(world.texts).toHaveLength(3);
  });

  test.each([
    ['ours, in a language that we have', undefined, 'de', 'ist ab Sonntag, 09:00 wieder da'],
    ['ours, in none that we have', undefined, 'ja', 'is back on Sunday 09:00'],
    ['the one of the business', 'Volvemos el {opens}.', 'de', 'Volvemos el domingo, 09:00.'],
  ])('a text names the day in its own language: %s', async (_, own, language, words) => {
    closed(own === undefined ? {} : { closedText: own }, 'es');
    world.model.next.push(() => modelSays('Hm.', { language }));
    await hear('Hello there!');
    await settle();
    await hear('agent');
    await settle();
    expect(world.texts.at(-1)).toContain(words);
  });

  test('or is not, where the business wants that', async () => {
    closed({ outsideHours: 'silent' });
    await hear('agent');
    await settle();
    await hear('Do you sell bread?');
    await settle();
    expect(world.texts).toHaveLength(1);
    expect(world.outcomes()).toEqual(['answered', 'handed-over']);
  });

  test("the model's own words are followed by when somebody is back", async () => {
    closed();
    await hear('I want my money back');
    const handOver = { reason: 'refund', summary: '' };
    world.model.next.push(() => modelSays('A colleague will see to it.', { handOver }));
    await settle();
    expect(world.texts).toHaveLength(1);
    expect(world.texts[0]).toMatch(/^A colleague will see to it\.\n\nOf course.*Sunday 09:00/);
  });
});

describe('what a person says', () => {
  test('takes the chat, also where nobody had it', async () => {
    await hear('hello');
    await say('Hi, it is Ana.');
    await settle();
    expect(world.texts).toEqual(['Hi, it is Ana.']);
    expect(await head()).toMatchObject({ state: 'human', handOver: { by: 'ana' } });
    expect(kinds()).toContain('chat.taken');
  });

  test('goes out in order, and each once', async () => {
    await hear('hello');
    await settle();
    for (const text of ['one', 'two', 'three']) {
      await say(text);
      world.clock.advance(1);
    }
    world.sender.next.push(() => 'crash-after');
    await expect(world.answer()).rejects.toThrow();
    expect(await world.answer()).toMatchObject({ cause: 'awaiting-evidence' });
    world.clock.advance(61_000);
    await settle();
    expect(world.texts.slice(1).filter((text) => text !== 'one')).toEqual(['two', 'three']);
    expect(world.commandOutcomes()).toEqual(['answered', 'answered', 'answered']);
  });

  test("is refused outside the 24-hour window with WhatsApp's code, and a template is not", async () => {
    await hear('hello');
    await settle();
    await pass(25 * HOUR_MS);
    await say('Your cake is ready.');
    await settle();
    expect(world.texts).toHaveLength(1);
    const bubbles = world.store.transcript(aChat()).filter((each) => each.direction === 'out');
    expect(bubbles.at(-1)).toMatchObject({ refusedCode: 'graph:131047', author: 'person' });
    expect(world.commandOutcomes()).toEqual(['undeliverable']);
    const content = {
      kind: 'template',
      name: 'cake_ready',
      language: 'es',
      parameters: ['Mira'],
    } as const;
    await order({ kind: 'say', by: 'ana', content });
    await settle();
    expect(world.sender.delivered.at(-1)).toMatchObject({
      text: '[Template cake_ready] Mira',
      template: { name: 'cake_ready', language: 'es', parameters: ['Mira'] },
    });
  });

  test('is not counted against what the contact may have', async () => {
    await hear('hello');
    await settle();
    const { usage } = await head();
    await say('one');
    await settle();
    expect((await head()).usage).toEqual(usage);
  });

  test('reaches a contact of whom no message is left', async () => {
    const content = { kind: 'template', name: 'x', language: 'en', parameters: [] } as const;
    await order({ kind: 'say', by: 'ana', content });
    await settle();
    expect(world.sender.delivered[0]?.recipient).toEqual({
      waId: aChat().contact,
      userId: undefined,
    });
  });
});

describe("what is typed on the business's phone", () => {
  const echo = (text: string, over: object = {}) =>
    order({ kind: 'echo', by: 'phone', text, ...over });

  test('pauses the assistant, and is known to it later', async () => {
    await hear('Is it ready?');
    world.clock.advance(2_000);
    await echo('Yes, come by.');
    await settle();
    expect(await head()).toMatchObject({ state: 'human', handOver: { cause: 'phone' } });
    expect(world.texts).toEqual([]);
    await release();
    await settle();
    await hear('Thanks! Until when?');
    await settle();
    const said = world.model.requests[0]?.conversation.slice(1) ?? [];
    expect(said.map(({ role }) => role)).toEqual(['customer', 'person', 'customer']);
  });

  test('does not, where it is only what we have sent ourselves', async () => {
    await hear('hello');
    await settle();
    const bubble = world.store.transcript(aChat()).find((each) => each.direction === 'out');
    const id = bubble?.direction === 'out' ? bubble.wamid : undefined;
    const command = { kind: 'echo', by: 'phone', text: 'You said: hello' } as const;
    await world.accept(commandMessage(aChat(), command, { id: id ?? '', atMs: world.clock.now() }));
    await settle();
    expect(await head()).toMatchObject({ state: 'assistant' });
    await hear('again');
    await settle();
    expect(world.model.requests.at(-1)?.conversation).toHaveLength(3);
  });

  test('does not, where it is older than what somebody gave back since', async () => {
    await take();
    await settle();
    const atMs = world.clock.now() - 1_500;
    await release();
    await settle();
    const command = { kind: 'echo', by: 'phone', text: 'late' } as const;
    await world.accept(commandMessage(aChat(), command, { id: 'wamid.E', atMs }));
    await settle();
    expect(await head()).toMatchObject({ state: 'assistant' });
  });

  test('an edit of it counts, and pauses nobody', async () => {
    await hear('Open on Sunday?');
    world.clock.advance(2_000);
    await echo('Yes');
    await settle();
    await release();
    await settle();
    await echo('No', { changes: 'c-1' });
    await settle();
    expect(await head()).toMatchObject({ state: 'assistant' });
    await hear('Sure?');
    await settle();
    expect(world.model.requests[0]?.conversation).toContainEqual({ role: 'person', text: 'No' });
  });
});

test('what another tenant of the number wanted is not done in our name', async () => {
  await hear('hello');
  await settle();
  const stored = await head();
  await world.store.saveHead(aChat(), { ...stored, tenantSinceMs: world.clock.now() + 1_000 });
  await say('from before');
  const tenantId = aTenant().id;
  await order({ kind: 'take', by: 'ana', tenantId: `${tenantId}-x` as typeof tenantId });
  await settle();
  expect(world.texts).toEqual(['You said: hello']);
  expect(await head()).toMatchObject({ state: 'assistant' });
  await order({ kind: 'take', by: 'ana', tenantId });
  await settle();
  expect(await head()).toMatchObject({ state: 'human' });
});

test('commands of a business that is suspended wait for it', async () => {
  world.tenant = aTenant({ status: 'suspended' });
  const key = await take();
  expect(await world.answer()).toMatchObject({ kind: 'parked', keys: [key] });
  world.tenant = aTenant();
  await world.answer(aChat(), { rung: [key] });
  expect(await head()).toMatchObject({ state: 'human' });
});

test('a message that calls itself a command is none', async () => {
  await world.accept(
    aTextMessage('x', { type: 'command', command: { kind: 'take', by: 'mallory' } }),
  );
  await settle();
  expect(await head()).toMatchObject({ state: 'assistant' });
  expect(world.outcomes()).toEqual(['recorded']);
});
