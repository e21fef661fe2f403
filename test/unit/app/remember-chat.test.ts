import { describe, expect, test } from 'vitest';
import type { Job } from '#app/ports/jobs.ts';
import { type RememberChatDeps, rememberChat } from '#app/remember-chat.ts';
import type { JobOutcome } from '#app/run-job.ts';
import { KNOWN_HEADING } from '#domain/memory/known-text.ts';
import type { MemoryItem } from '#domain/memory/memory.ts';
import { DEFAULT_MEMORY, type MemorySettings } from '#domain/tenant/memory-settings.ts';
import {
  aChat,
  aMessage,
  aTenant,
  aTextMessage,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { aVoiceNote } from '#test/support/files.ts';
import { modelSays } from '#test/support/peers.ts';
import { aFact, extracts, ScriptedMemoryModel } from '#test/support/scripted-memory-model.ts';

type MemoryJob = Extract<Job, { readonly kind: 'memory' }>;

/** Answers, and remembers when a test lets the jobs run. */
class RememberingWorld extends ChatWorld {
  readonly memoryModel = new ScriptedMemoryModel();
  #said = 0;

  async say(text: string, chat = aChat()): Promise<void> {
    this.#said += 1;
    // Nobody is answered more often.
    this.clock.advance(10_000);
    const seconds = Math.floor(this.clock.now() / 1_000);
    const at = { id: `wamid.S${this.#said}`, timestamp: String(seconds) };
    await this.accept(aTextMessage(text, { ...at, from: chat.contact }));
    await this.answer(chat);
  }

  get jobDeps(): RememberChatDeps {
    const { defaultModel, ledger, pseudonyms, random, tenants } = this.deps;
    const { clock, ids, memoryModel, metrics, store } = this;
    const { memories } = store;
    const peers = { ledger, memoryModel, defaultModel, pseudonyms };
    return { ...peers, memories, store, tenants, ids, random, clock, metrics };
  }

  remember(job: MemoryJob = this.lastJob, attempt = 1): Promise<JobOutcome> {
    const work = { attempt, time: { remainingMs: () => 40_000 }, log: this.log };
    return rememberChat(job, work, this.jobDeps);
  }

  get lastJob(): MemoryJob {
    const job = present(this.jobs.sent.at(-1)).job;
    if (job.kind !== 'memory') throw new Error('That job is another one');
    return job;
  }

  get items(): readonly MemoryItem[] {
    return this.store.memories.of(aChat()).items;
  }

  get remembered(): readonly string[] {
    return this.items.map(({ text }) => text);
  }

  /** What the model was told in the last turn before the conversation. */
  get told(): string {
    const [first] = present(this.model.requests.at(-1)).conversation;
    return first?.role === 'data' ? first.text : '';
  }

  remembers(over: Partial<MemorySettings>): void {
    this.tenant = aTenant({ memory: { ...DEFAULT_MEMORY, ...over } });
  }
}

test('after a turn is closed a job is sent, for later; one that is lost harms nobody', async () => {
  const world = new RememberingWorld();
  await world.say('I like rye');
  const { version } = await world.store.readHead(aChat());
  expect(world.jobs.sent).toEqual([
    {
      job: { kind: 'memory', chat: aChat(), headVersion: version, correlationId: 'request-1' },
      delaySeconds: 90,
    },
  ]);
  world.jobs.isDown = true;
  await world.say('and wheat');
  expect(world.outcomes()).toEqual(['answered', 'answered']);
  expect(world.log.lines.map(({ event }) => event)).toContain('memory_job_lost');
});

test('what a job learns is told to the model in the next turn, with its ids, as data', async () => {
  const world = new RememberingWorld();
  await world.say('I like rye, I am Ana');
  world.memoryModel.next.push(extracts([aFact('Likes rye')], { name: 'Ana' }));
  expect(await world.remember()).toEqual({ kind: 'done' });
  expect(world.memoryModel.extractions[0]?.data).toContain('0. customer: I like rye, I am Ana');
  await world.say('which bread for me?');
  const [name, fact] = world.items;
  expect(world.told).toBe(
    [
      ...world.told.split('\n').slice(0, 2),
      `│ [${name?.id}] name: Ana`,
      `│ [${fact?.id}] preference: Likes rye`,
    ].join('\n'),
  );
  expect(world.told).toContain(`\n│ ${KNOWN_HEADING}`);
  expect(world.told).not.toContain('undefined');
});

test('a job learns from what was heard in a voice note', async () => {
  const world = new RememberingWorld();
  world.source.files.set('voice', aVoiceNote(2, 'I like rye'));
  const at = { id: 'wamid.V', timestamp: String(Math.floor(world.clock.now() / 1_000)) };
  await world.accept(aMessage({ ...at, type: 'audio', audio: { id: 'voice', voice: true } }));
  await world.answer();
  await world.remember();
  expect(world.memoryModel.extractions[0]?.data).toContain('I like rye');
});

test('a job that comes twice finds nothing to do, and is not paid for', async () => {
  const world = new RememberingWorld();
  await world.say('I like rye');
  await world.remember();
  const settled = world.ledger.settled.length;
  expect(await world.remember()).toEqual({ kind: 'done' });
  expect(world.memoryModel.extractions).toHaveLength(1);
  expect(world.ledger.settled).toHaveLength(settled);
});

test('a job leaves to a newer turn’s what is little, and takes what is much', async () => {
  const world = new RememberingWorld();
  await world.say('one');
  const first = world.lastJob;
  await world.say('two');
  await world.remember(first);
  expect(world.memoryModel.extractions).toEqual([]);
  for (const text of ['3', '4', '5', '6', '7', '8']) await world.say(text);
  await world.remember(first);
  expect(world.memoryModel.extractions).toHaveLength(1);
  await world.remember();
  expect(world.memoryModel.extractions).toHaveLength(1);
});

test('a job that is late reads as far back as something is to be done', async () => {
  const world = new RememberingWorld();
  for (let turn = 0; turn < 40; turn += 1) await world.say(`word ${turn}`);
  const limits: number[] = [];
  const readRecent = world.store.readRecent.bind(world.store);
  world.store.readRecent = async (chat, wanted) => {
    limits.push(wanted.limit);
    return readRecent(chat, wanted);
  };
  await world.remember();
  expect(limits).toEqual([60, 250]);
  expect(world.memoryModel.extractions[0]?.data).toContain('0. customer: word 0\n');
  await world.say('more');
  limits.length = 0;
  await world.remember();
  expect(limits).toEqual([60]);
});

test('of two jobs at once the second one’s work counts for nothing, and is done again', async () => {
  const world = new RememberingWorld();
  await world.say('I like rye');
  world.memoryModel.next.push(async () => {
    world.memoryModel.next.push(extracts([aFact('Likes rye')]));
    await world.remember();
    return extracts([aFact('Likes rye, it seems')]);
  });
  expect(await world.remember()).toMatchObject({ kind: 'later', cause: 'memory-stale' });
  expect(world.remembered).toEqual(['Likes rye']);
  expect(await world.remember(world.lastJob, 2)).toEqual({ kind: 'done' });
});

describe('the summary', () => {
  async function aLongConversation(world: RememberingWorld): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await world.say(`word ${turn}`);
  }

  test('takes what leaves the prompt, which begins after it from then on', async () => {
    const world = new RememberingWorld();
    await aLongConversation(world);
    world.memoryModel.summary = { kind: 'said', said: 'They said words.', usage: undefined };
    await world.remember();
    expect(world.memoryModel.summaries[0]?.data).toContain('customer: word 0\n');
    expect(world.memoryModel.summaries[0]?.data).not.toContain('word 15');
    await world.say('and now?');
    expect(world.told).toContain('What was said before the messages below:\n│ They said words.');
    const shown = present(world.model.requests.at(-1)).conversation.map(({ text }) => text);
    expect(shown).not.toContain('word 11');
    expect(shown).toEqual(expect.arrayContaining(['word 12', 'word 19', 'and now?']));
    // The next prompt begins as this one.
    await world.say('and then?');
    const next = present(world.model.requests.at(-1)).conversation.map(({ text }) => text);
    expect(next.slice(0, shown.length)).toEqual(shown);
  });

  test('that is behind leaves out nothing that a prompt has room for', async () => {
    const world = new RememberingWorld();
    const shown = () => present(world.model.requests.at(-1)).conversation.map(({ text }) => text);
    await world.say('The code word is heron');
    for (let turn = 0; turn < 45; turn += 1) await world.say(`word ${turn}`);
    expect(shown()).toEqual(
      expect.arrayContaining(['The code word is heron', 'word 0', 'word 44']),
    );
    const limits: number[] = [];
    const readRecent = world.store.readRecent.bind(world.store);
    world.store.readRecent = async (chat, wanted) => {
      limits.push(wanted.limit);
      return readRecent(chat, wanted);
    };
    world.memoryModel.summary = { kind: 'said', said: 'They said words.', usage: undefined };
    await world.remember();
    limits.length = 0;
    await world.say('and now?');
    // What is in the summary is neither read nor told again.
    expect(Math.max(...limits)).toBe(40);
    expect(shown()).not.toContain('word 0');
    expect(shown()).toContain('word 44');
  });

  test('is asked for again with the next job where it failed, and what was learned is kept', async () => {
    const world = new RememberingWorld();
    await aLongConversation(world);
    world.memoryModel.next.push(extracts([aFact('Likes words')]));
    const failure = { class: 'retry', code: 'openai:503' } as const;
    world.memoryModel.summary = { kind: 'failed', failure };
    await world.remember();
    expect(world.remembered).toEqual(['Likes words']);
    world.memoryModel.summary = { kind: 'said', said: 'They said words.', usage: undefined };
    await world.say('more');
    await world.remember();
    expect(world.remembered).toEqual(['Likes words', 'They said words.']);
  });

  test('holds no sentence that is not to be remembered', async () => {
    const world = new RememberingWorld();
    await aLongConversation(world);
    const said = 'Ana came. Her PIN is 4711. She has diabetes. She left.';
    world.memoryModel.summary = { kind: 'said', said, usage: undefined };
    await world.remember();
    expect(world.remembered).toEqual(['Ana came. She left.']);
  });
});

describe('what the customer wants forgotten', () => {
  async function aKnownCustomer(): Promise<RememberingWorld> {
    const world = new RememberingWorld();
    await world.say('I like rye and live in Rome');
    world.memoryModel.next.push(extracts([aFact('Likes rye'), aFact('Lives in Rome')]));
    await world.remember();
    return world;
  }

  test('goes when the turn closes, and stays gone whatever is read of the old messages', async () => {
    const world = await aKnownCustomer();
    const [rye] = world.items;
    world.model.next.push(modelSays('Forgotten.', { forgets: [present(rye).id, 'made-up'] }));
    await world.say('forget that I like rye');
    expect(world.texts).toEqual(['You said: I like rye and live in Rome', 'Forgotten.']);
    expect(world.remembered).toEqual(['Lives in Rome']);
    await world.remember();
    expect(world.memoryModel.extractions).toHaveLength(1);
    await world.say('what do you know?');
    expect(world.told).not.toContain('rye');
    world.memoryModel.next.push(extracts([aFact('Asks much')]));
    await world.remember();
    const { data } = present(world.memoryModel.extractions.at(-1));
    expect(data).not.toContain('rye');
    expect(data).toContain('customer: what do you know?');
  });

  test('goes also where a worker died on the way', async () => {
    const world = await aKnownCustomer();
    const [rye] = world.items;
    world.model.next.push(modelSays('Forgotten.', { forgets: [present(rye).id] }));
    const { memories } = world.store;
    const forget = memories.forget.bind(memories);
    memories.forget = async () => Promise.reject(new Error('crash'));
    await expect(world.say('forget that I like rye')).rejects.toThrow('crash');
    memories.forget = forget;
    await world.answer(aChat(), { attempt: 2 });
    expect(world.remembered).toEqual(['Lives in Rome']);
  });

  test('does not come back by a job that read before', async () => {
    const world = await aKnownCustomer();
    await world.say('hello');
    const job = world.lastJob;
    const [rye] = world.items;
    world.memoryModel.next.push(async () => {
      world.model.next.push(modelSays('Forgotten.', { forgets: [present(rye).id] }));
      await world.say('forget that I like rye');
      return extracts([aFact('Likes rye', { repeats: present(rye).id })]);
    });
    expect(await world.remember(job)).toMatchObject({ kind: 'later' });
    expect(world.remembered).toEqual(['Lives in Rome']);
    await world.remember(job, 2);
    expect(world.remembered).toEqual(['Lives in Rome']);
  });
});

describe('an erasure', () => {
  async function erase(world: RememberingWorld): Promise<void> {
    const { version, items } = await world.store.look(aChat());
    const grave = { version, atMs: world.clock.now(), linked: [], tenant: TENANT_ID };
    await world.store.bury(aChat(), grave);
    await world.store.remove(aChat(), items);
  }

  test('that comes while a job is at it leaves nothing of what that writes', async () => {
    const world = new RememberingWorld();
    await world.say('I like rye');
    world.memoryModel.next.push(async () => {
      await erase(world);
      return extracts([aFact('Likes rye')]);
    });
    expect(await world.remember()).toEqual({ kind: 'done' });
    expect(world.store.memories.of(aChat()).revision).toBe('');
  });

  test('makes what a job has left behind count for nothing, until the next one deletes it', async () => {
    const world = new RememberingWorld();
    await world.say('I like rye');
    const { memories } = world.store;
    const read = memories.readWithHead.bind(memories);
    let reads = 0;
    memories.readWithHead = async (chat) => {
      reads += 1;
      // It dies before it looks again.
      if (reads === 2) throw new Error('crash');
      return read(chat);
    };
    world.memoryModel.next.push(async () => {
      await erase(world);
      return extracts([aFact('Likes rye')]);
    });
    await expect(world.remember()).rejects.toThrow('crash');
    expect(world.items).toHaveLength(1);
    await world.say('hello again');
    expect(world.told).toBe('');
    await world.remember();
    expect(world.items).toEqual([]);
  });
});

test('another tenant is told nothing of what was remembered, and it is deleted', async () => {
  const world = new RememberingWorld();
  await world.say('I like rye');
  world.memoryModel.next.push(extracts([aFact('Likes rye')]));
  await world.remember();
  world.clock.advance(1_000);
  world.tenant = aTenant({ id: present(aTenant().id.replace('bakery', 'clinic') as never) });
  await world.say('hello');
  expect(world.told).toBe('');
  expect(world.store.memories.of(aChat()).revision).toBe('');
});

test('what is remembered follows the contact to another id', async () => {
  const world = new RememberingWorld();
  const user = aChat('ES.9021');
  await world.say('I like rye');
  world.memoryModel.next.push(extracts([aFact('Likes rye')], { name: 'Ana' }));
  await world.remember();
  world.clock.advance(5_000);
  const from = { from: undefined, from_user_id: 'ES.9021', id: 'wamid.U1' };
  const both = { ...from, from: '34600111222', timestamp: '1790400100' };
  await world.accept(aTextMessage('hello', both));
  await world.answer(user);
  expect(world.told).toContain('Likes rye');
  expect(world.items).toEqual([]);
  expect(world.store.memories.of(user).items).toHaveLength(2);
  // Should they come back, nothing of before is looked through once more.
  expect(world.store.memories.of(aChat()).extractedUpTo).toBeGreaterThanOrEqual(0);
});

describe('money', () => {
  test('is held before a call and settled after it, and no turn of the tenant’s', async () => {
    const world = new RememberingWorld();
    await world.say('I like rye');
    await world.remember();
    const { spender, amount } = present(world.ledger.held.at(-1));
    expect(spender.terms.turnsPerMinute).toBeUndefined();
    expect(amount).toBeGreaterThan(present(world.ledger.settled.at(-1)).model ?? 0);
    expect(world.ledger.settled.at(-1)).toEqual({ model: expect.any(Number) });
  });

  test('that a budget has no room for drops the job without harm', async () => {
    const world = new RememberingWorld();
    await world.say('I like rye');
    world.ledger.next.push({ kind: 'refused', by: 'tenant-day', retryAfterMs: 1 });
    expect(await world.remember()).toEqual({ kind: 'done' });
    expect(world.memoryModel.extractions).toEqual([]);
    expect(world.metrics.counts.get('MemoryBudgetStops')).toBe(1);
  });
});

describe('a model that fails', () => {
  test('is asked again a few times, and then by the next turn’s job', async () => {
    const world = new RememberingWorld();
    await world.say('I like rye');
    const failure = { class: 'retry', code: 'openai:503' } as const;
    world.memoryModel.next.push({ kind: 'failed', failure }, { kind: 'failed', failure });
    expect(await world.remember()).toMatchObject({ kind: 'later', cause: 'openai:503' });
    expect(await world.remember(world.lastJob, 5)).toEqual({ kind: 'done' });
    await world.say('and wheat');
    await world.remember();
    expect(world.memoryModel.extractions.at(-1)?.data).toContain('I like rye');
  });

  test('at these very messages is not asked about them again', async () => {
    const world = new RememberingWorld();
    await world.say('odd');
    const failure = { class: 'reply-anyway', code: 'openai:refusal' } as const;
    world.memoryModel.next.push({ kind: 'failed', failure });
    expect(await world.remember()).toEqual({ kind: 'done' });
    await world.say('even');
    await world.remember();
    expect(world.memoryModel.extractions.at(-1)?.data).not.toContain('odd');
  });
});

describe('a tenant that turned it off', () => {
  test('has nothing learned, summarised or told', async () => {
    const world = new RememberingWorld();
    await world.say('I like rye');
    world.memoryModel.next.push(extracts([aFact('Likes rye')], { name: 'Ana' }));
    await world.remember();
    world.remembers({ facts: false });
    await world.say('hello');
    expect(world.told).toContain('Ana');
    expect(world.told).not.toContain('rye');
    world.remembers({ facts: false, profile: false, summary: false });
    await world.say('hello');
    expect(world.told).toBe('');
    await world.remember();
    expect(world.memoryModel.extractions).toHaveLength(1);
    expect(world.items).toEqual([]);
  });
});

test('what is past its time is not told, and goes with the next write', async () => {
  const world = new RememberingWorld();
  await world.say('I like rye today');
  world.memoryModel.next.push(extracts([aFact('Likes rye today', { level: 'session' })]));
  await world.remember();
  world.clock.advance(25 * 60 * 60_000);
  await world.accept(
    aTextMessage('hello', { id: 'wamid.LATE', timestamp: String(1_790_400_000 + 90_100) }),
  );
  await world.answer();
  expect(world.told).toBe('');
  await world.remember();
  expect(world.items).toEqual([]);
});

test.each(['STOP', 'human'])(
  'what was said before %s is learned from all the same',
  async (word) => {
    const world = new ChatWorld();
    await world.accept(aTextMessage('I like rye', { timestamp: '1790400001' }));
    await world.answer();
    await world.accept(aTextMessage(word, { timestamp: '1790400005' }));
    await world.answer();
    const versions = world.jobs.sent.flatMap(({ job }) =>
      job.kind === 'memory' ? [job.headVersion] : [],
    );
    const { version } = await world.store.readHead(aChat());
    expect(versions).toEqual([expect.any(Number), version]);
  },
);
