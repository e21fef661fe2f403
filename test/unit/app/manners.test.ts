import { describe, expect, it, test } from 'vitest';
import type { ModelReply } from '#app/ports/reply-model.ts';
import { canaryOf } from '#domain/conversation/canary.ts';
import { instructionsOf } from '#domain/conversation/instructions.ts';
import { costOfUsage, upperBoundOf } from '#domain/money/model-cost.ts';
import { DEFAULT_MANNERS, type MannersSettings } from '#domain/tenant/manners-settings.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { aChat, aTenant, aTextMessage, present } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { modelSays } from '#test/support/peers.ts';

function aWorld(manners: Partial<MannersSettings> = {}, over: Partial<Tenant> = {}): ChatWorld {
  const world = new ChatWorld();
  world.tenant = aTenant({ manners: { ...DEFAULT_MANNERS, ...manners }, ...over });
  return world;
}

/** One message of a contact, answered. */
async function hear(world: ChatWorld, text = 'Hello', from = '34600111222'): Promise<void> {
  await world.accept(aTextMessage(text, { from }));
  await world.answer(aChat(from));
}

const CANARY = canaryOf(aTenant().id);
const USAGE = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 };

function stopped(at: 'input' | 'output'): ModelReply {
  return {
    kind: 'failed',
    failure: { class: 'reply-anyway', code: `openai:moderation-${at}` },
    stopped: { by: 'moderation', at },
    usage: USAGE,
  };
}

describe('an answer that must not be sent', () => {
  it('is replaced, counted, paid once, and logged without its words', async () => {
    const world = aWorld();
    world.model.next.push(modelSays(`The mark is ${CANARY}`));
    await hear(world);
    expect(world.texts).toEqual([aTenant().fallbackText]);
    expect(world.outcomes()).toEqual(['apologised']);
    expect(await world.store.readHead(aChat())).toMatchObject({ flag: 'fallback-sent' });
    expect(world.model.requests).toHaveLength(1);
    expect(world.ledger.settled).toEqual([{ model: costOfUsage('gpt-6-luna', USAGE) }]);
    expect(world.metrics.of('RepliesWithheld')).toBe(1);
    expect(world.metrics.of('ModelFailures')).toBe(0);
    expect(world.log.lines).toContainEqual(
      expect.objectContaining({
        event: 'reply_withheld',
        fields: expect.objectContaining({ because: 'canary' }),
      }),
    );
    expect(JSON.stringify(world.log.lines)).not.toContain(CANARY);
    expect(JSON.stringify(world.store.transcript(aChat()))).not.toContain(CANARY);
  });

  const parted = (text: string, by: string) => [...text].join(by);
  const escaped = (text: string) => [...text].map((each) => `&#${each.charCodeAt(0)};`).join('');
  test.each([
    ['the canary in escapes of HTML', escaped(CANARY), 'canary'],
    ['a key with tags inside', parted('sk-proj-abcdefghijklmnopqrstuvwx', '<b></b>'), 'secret'],
    ['a key with a comment inside', 'sk-<!-- a -->proj-abcdefghijklmnopqrstuvwx', 'secret'],
    ["somebody's number with tags inside", parted('34600222333', '<i></i>'), 'identifier'],
    ['a link with an escaped dot', 'See evil&#46;example/x', 'link'],
    ['nothing but an escape of what is not seen', '&#8203;', 'nothing-visible'],
  ])('is looked at as it is shown: %s', async (_, text, because) => {
    const world = aWorld({ links: ['shop.example'] });
    world.model.next.push(modelSays(text));
    await hear(world);
    expect(world.texts).toEqual([aTenant().fallbackText]);
    expect(world.log.lines.find(({ event }) => event === 'reply_withheld')?.fields).toMatchObject({
      because,
    });
  });

  it.each([
    ['in entities', [...CANARY].map((letter) => `&#${letter.charCodeAt(0)};`).join('')],
    ['parted by comments', [...CANARY].join('<!--none-->')],
    ['parted by tags', [...CANARY].join('<b></b>')],
    ['a number parted by comments', 'Ana is at 600<!--x-->222<!--x-->333.'],
    ['a key in two styles', 'It is sk-pro**j-abcdefgh**ijklmnop12345678'],
  ])('is seen as it would be read, not only as it was written: %s', async (_, text) => {
    const world = aWorld();
    world.model.next.push(modelSays(text));
    await hear(world);
    expect(world.texts).toEqual([aTenant().fallbackText]);
    expect(world.metrics.of('RepliesWithheld')).toBe(1);
  });

  it('costs the customer no answer that is there already', async () => {
    const world = aWorld();
    world.model.next.push(
      async () => {
        await world.accept(aTextMessage('And cake?'));
        return modelSays('We have bread.');
      },
      modelSays(`The mark is ${CANARY}`),
      modelSays('And cake.'),
    );
    await hear(world, 'Bread?');
    await world.answer();
    expect(world.texts).toEqual(['We have bread.', 'And cake.']);
    expect(world.metrics.of('RepliesWithheld')).toBe(1);
  });

  it('is not sent as a later draft either', async () => {
    const world = aWorld();
    world.model.next.push(async () => {
      await world.accept(aTextMessage('And cake?'));
      return modelSays(`The mark is ${CANARY}`);
    });
    await hear(world, 'Bread?');
    await world.answer();
    expect(world.texts).toEqual([aTenant().fallbackText, 'You said: And cake?']);
  });

  it('is not apologised for over and over', async () => {
    const world = aWorld();
    for (const text of ['one', 'two', 'three']) {
      world.model.next.push(modelSays(CANARY));
      await hear(world, text);
    }
    expect(world.texts).toEqual([aTenant().fallbackText]);
    expect(world.outcomes()).toEqual(['apologised', 'handed-over', 'handed-over']);
    expect(world.metrics.of('RepliesWithheld')).toBe(3);
  });
});

describe('moderation', () => {
  test.each(['input', 'output'] as const)('that stops the %s is told in a set text', async (at) => {
    const world = aWorld({ moderation: 'block', texts: { es: { blocked: 'Aquí no.' } } });
    world.model.next.push(stopped(at));
    await hear(world);
    expect(world.texts).toEqual(['Aquí no.']);
    expect(world.model.requests[0]?.moderation).toBe('block');
    expect(world.metrics.of('ModerationStops')).toBe(1);
    expect(world.metrics.of('RepliesWithheld')).toBe(0);
    expect(await world.store.readHead(aChat())).toMatchObject({ flag: 'fallback-sent' });
  });

  it('is counted where it is to be no more than that', async () => {
    const world = aWorld({ moderation: 'score' });
    const said = modelSays('Yes.');
    world.model.next.push({ ...said, flagged: ['input'] } as ModelReply);
    await hear(world);
    expect(world.texts).toEqual(['Yes.']);
    expect(world.metrics.of('ModerationFlags')).toBe(1);
  });
});

describe('a greeting', () => {
  const greeting = 'Hi, this is the assistant of The Bakery.';
  const texts = { es: { greeting: '¡Hola! Soy el asistente.' }, de: { greeting: 'Guten Tag!' } };

  it('stands once before the first answer, in the same bubble', async () => {
    const world = aWorld({ greeting });
    await hear(world, 'one');
    await hear(world, 'two');
    expect(world.texts).toEqual([`${greeting}\n\nYou said: one`, 'You said: two']);
  });

  it('is in the language of the answer, else of where the contact is from, else the usual one', async () => {
    const world = aWorld({ greeting, texts });
    world.model.next.push(modelSays('Gern.', { language: 'de-AT' }));
    await hear(world, 'Hallo');
    await hear(world, 'one', '34600111333');
    await hear(world, 'two', '447700900123');
    expect(world.texts).toEqual([
      'Guten Tag!\n\nGern.',
      '¡Hola! Soy el asistente.\n\nYou said: one',
      `${greeting}\n\nYou said: two`,
    ]);
  });

  it('is a bubble of its own only where the first has no room', async () => {
    const world = aWorld({ greeting });
    world.model.next.push(modelSays('x'.repeat(4_090)));
    await hear(world);
    expect(world.texts).toEqual([greeting, 'x'.repeat(4_090)]);
  });

  it('comes before an apology too, if that is the first word', async () => {
    const world = aWorld({ greeting });
    world.model.next.push(modelSays(CANARY));
    await hear(world, 'one');
    await hear(world, 'two');
    expect(world.texts).toEqual([`${greeting}\n\n${aTenant().fallbackText}`, 'You said: two']);
  });

  it('is told to the model, so that it does not greet a second time', () => {
    const plain = instructionsOf(aTenant());
    const greets = { ...DEFAULT_MANNERS, greeting };
    expect(plain).not.toContain('do not greet there');
    expect(instructionsOf(aTenant({ manners: greets }))).toContain('do not greet there');
  });
});

describe('a set text', () => {
  const texts = {
    es: { fallback: 'Le responderemos.', limit: 'Un momento.', optOut: 'Adiós.' },
    pt: { fallback: 'Responderemos.' },
  };
  const fails = { kind: 'failed', failure: { class: 'reply-anyway', code: 'openai:400' } } as const;

  it('is in the language of our last answer', async () => {
    const world = aWorld({ texts });
    world.model.next.push(modelSays('Olá.', { language: 'pt-BR' }), fails);
    await hear(world, 'Oi');
    await hear(world, 'E bolo?');
    expect(world.texts).toEqual(['Olá.', 'Responderemos.']);
  });

  it('is in the language of where the contact is from, before there is an answer', async () => {
    const world = aWorld({ texts });
    for (const from of ['34600111222', '5511987654321', '4915112345678']) {
      world.model.next.push(fails);
      await hear(world, 'x', from);
    }
    expect(world.texts).toEqual(['Le responderemos.', 'Responderemos.', aTenant().fallbackText]);
  });

  it('confirms a wish in it', async () => {
    const world = aWorld({ texts });
    await hear(world, 'STOP');
    expect(world.texts).toEqual(['Adiós.']);
  });

  it('tells of a limit in it', async () => {
    const limits = {
      contact: { answersPerMinute: 10, messagesPerMinute: 1, messagesPerHour: 1 },
      turnsPerMinute: undefined,
    };
    const world = aWorld({ texts }, { limits });
    await world.accept(aTextMessage('one'), aTextMessage('two'));
    await world.answer();
    expect(world.texts).toEqual(['You said: one', 'Un momento.']);
  });
});

describe('what the model is asked', () => {
  it('has the instructions, effort and bounds of the tenant', async () => {
    const world = aWorld({ effort: 'high', maxOutputTokens: 900, purpose: 'Bread and cakes.' });
    await hear(world);
    const [request] = world.model.requests;
    expect(request).toMatchObject({ effort: 'high', maxOutputTokens: 900, moderation: 'off' });
    expect(request?.instructions).toContain('Purpose: Bread and cakes.');
    expect(request?.instructions).toContain('You answer for a bakery.');
    const { instructions, conversation } = present(request);
    expect(world.ledger.held[0]?.amount).toBe(
      upperBoundOf('gpt-6-luna', { instructions, conversation, maxOutputTokens: 900 }),
    );
  });

  it('begins alike for every contact and at every time', async () => {
    const world = aWorld();
    await hear(world, 'one', '34600111222');
    world.clock.advance(600_000);
    await hear(world, 'two', '4915112345678');
    const [one, two] = world.model.requests;
    expect(one?.instructions).toBe(two?.instructions);
    expect(one?.cacheKey).toBe(two?.cacheKey);
  });

  it('is about the business’s own affairs where nobody said what it is for', () => {
    expect(instructionsOf(aTenant())).toContain('Purpose: Answering the customers of The Bakery');
  });
});
