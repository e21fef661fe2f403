import { describe, expect, it } from 'vitest';
import { type ExtractedFact, learn, MOST_ITEMS } from '#domain/memory/learn.ts';
import type { MemoryItem } from '#domain/memory/memory.ts';
import { extractionQuestion } from '#domain/memory/questions.ts';
import { DEFAULT_MEMORY } from '#domain/tenant/memory-settings.ts';
import { aFact } from '#test/support/scripted-memory-model.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW_MS = 1_790_400_000_000;

function learning(over: Partial<Parameters<typeof learn>[2]> = {}) {
  let count = 0;
  return {
    settings: DEFAULT_MEMORY,
    keptDays: 90,
    nowMs: NOW_MS,
    keys: ['key-0', 'key-1'],
    newId: () => {
      count += 1;
      return `n${count}`;
    },
    ...over,
  };
}

function learned(
  facts: readonly ExtractedFact[],
  known: readonly MemoryItem[] = [],
  over: Parameters<typeof learning>[0] = {},
): readonly MemoryItem[] {
  return learn(known, { profile: {}, facts }, learning(over));
}

function textsOf(items: readonly MemoryItem[]): readonly string[] {
  return items.map(({ text }) => text);
}

describe('what is learned', () => {
  it('has its source, its time and its end', () => {
    const [item] = learned([aFact('Likes rye', { source: 1, level: 'short' })]);
    expect(item).toEqual({
      id: 'n1',
      formerIds: [],
      kind: 'fact',
      text: 'Likes rye',
      category: 'preference',
      confidence: 0.9,
      times: 1,
      level: 'short',
      source: 'key-1',
      seenAtMs: NOW_MS,
      expiresAtMs: NOW_MS + 30 * DAY_MS,
    });
  });

  it.each([
    ['session', 90, 1],
    ['short', 90, 30],
    ['long', undefined, 365],
    ['long', 90, 90],
    ['long', 500, 365],
    ['permanent', 90, 3_650],
  ] as const)('at level %s, with %s days of retention, is kept for %i', (level, keptDays, days) => {
    const [item] = learned([aFact('Likes rye', { level })], [], { keptDays });
    expect(item?.expiresAtMs).toBe(NOW_MS + days * DAY_MS);
  });

  it('is not permanent where the tenant does not let it', () => {
    const settings = { ...DEFAULT_MEMORY, permanent: false };
    const [item] = learned([aFact('Likes rye', { level: 'permanent' })], [], { settings });
    expect(item).toMatchObject({ level: 'long', expiresAtMs: NOW_MS + 90 * DAY_MS });
  });

  it('makes surer what was said before, and takes its place', () => {
    const before = learned([aFact('Likes rye', { confidence: 0.6, level: 'short' })]);
    const again = learned([aFact('LIKES rye!', { confidence: 0.7 })], before, {
      newId: () => 'again',
    });
    expect(again).toMatchObject([
      { id: 'again', formerIds: ['n1'], times: 2, confidence: 0.85, level: 'long' },
    ]);
    const inOtherWords = aFact('Rye bread, please', { repeats: 'again', level: 'session' });
    expect(learned([inOtherWords], again)).toMatchObject([
      { text: 'Rye bread, please', formerIds: ['again', 'n1'], times: 3, level: 'long' },
    ]);
  });

  it('replaces what it contradicts, and nothing that is no fact', () => {
    const known = learn(
      [],
      { profile: { name: 'Ana' }, facts: [aFact('Lives in Rome'), aFact('Likes rye')] },
      learning(),
    );
    const [name, rome] = known;
    const moved = aFact('Lives in Oslo', { replaces: [rome?.id ?? '', name?.id ?? '', 'nobody'] });
    const after = learned([moved], known);
    expect(textsOf(after)).toEqual(['Ana', 'Likes rye', 'Lives in Oslo']);
    expect(after.at(-1)?.formerIds).toEqual([rome?.id]);
  });

  it('leaves out what is doubtful, empty or forbidden, whatever its category says', () => {
    const facts = [
      aFact('Maybe likes rye', { confidence: 0.4 }),
      aFact('  '),
      aFact('Her card is 4111111111111111'),
      aFact('Allergic to nuts'),
      aFact('Something mild', { category: 'health' }),
      aFact('Likes rye'),
    ];
    expect(textsOf(learned(facts))).toEqual(['Likes rye']);
    const settings = { ...DEFAULT_MEMORY, health: true };
    expect(textsOf(learned(facts, [], { settings }))).toEqual([
      'Allergic to nuts',
      'Something mild',
      'Likes rye',
    ]);
  });

  it('is cut to a line of moderate length', () => {
    const [item] = learned([aFact(`Likes\n\n  rye ${'👋'.repeat(200)}`)]);
    expect(item?.text).toMatch(/^Likes rye 👋/u);
    expect(item?.text.length).toBeLessThanOrEqual(241);
    expect(item?.text.isWellFormed()).toBe(true);
  });

  it('is one name, one language and one set of preferences', () => {
    const first = learn(
      [],
      { profile: { name: 'Ana', language: 'es', preferences: '  ' }, facts: [] },
      learning(),
    );
    const second = learn(
      first,
      { profile: { name: 'Anna', language: undefined, preferences: 'PIN 4711' }, facts: [] },
      learning({ newId: () => 'new' }),
    );
    expect(second.map(({ kind, text }) => [kind, text])).toEqual([
      ['language', 'es'],
      ['name', 'Anna'],
    ]);
    expect(second.at(-1)?.formerIds).toEqual(['n1']);
  });

  it('is nothing where the tenant has turned it off', () => {
    const all = { profile: { name: 'Ana' }, facts: [aFact('Likes rye')] };
    const without = (over: object) => learning({ settings: { ...DEFAULT_MEMORY, ...over } });
    expect(textsOf(learn([], all, without({ profile: false })))).toEqual(['Likes rye']);
    expect(textsOf(learn([], all, without({ facts: false })))).toEqual(['Ana']);
  });
});

describe('of more than fit', () => {
  it('what is kept briefly goes first, then what is doubtful or said once, then what is old', () => {
    const many = Array.from({ length: MOST_ITEMS - 3 }, (_, nth) => aFact(`Likes bread ${nth}`));
    const known = learned(many);
    const more = [
      aFact('For today', { level: 'session' }),
      aFact('For ever', { level: 'permanent', confidence: 0.5 }),
      aFact('In doubt', { confidence: 0.6 }),
      aFact('Surely', { confidence: 1 }),
      aFact('For weeks', { level: 'short' }),
    ];
    let count = 100;
    const newId = () => {
      count += 1;
      return `n${count}`;
    };
    const all = learn(known, { profile: { name: 'Ana' }, facts: more }, learning({ newId }));
    expect(all).toHaveLength(MOST_ITEMS);
    expect(textsOf(all)).toEqual(expect.arrayContaining(['Ana', 'For ever', 'Surely']));
    for (const gone of ['For today', 'In doubt', 'For weeks']) {
      expect(textsOf(all)).not.toContain(gone);
    }
  });

  it('what belongs together is joined before there is no room, and then is one', () => {
    const few = learned(Array.from({ length: 31 }, (_, nth) => aFact(`Likes bread ${nth}`)));
    const many = learned([aFact('Likes rolls')], few, { newId: () => 'rolls' });
    const asked = (known: typeof few) => extractionQuestion([], known, DEFAULT_MEMORY).instructions;
    expect(asked(few)).not.toContain('Join notes');
    expect(asked(many)).toContain(
      'There is room for 40 notes in all, and few are left. Join notes',
    );
    const joined = aFact('Likes all bread', {
      source: undefined,
      replaces: few.map(({ id }) => id),
    });
    const after = learned([joined], many, { newId: () => 'all' });
    expect(textsOf(after)).toEqual(['Likes rolls', 'Likes all bread']);
    // Whoever was shown one of them and wants it forgotten means this one too.
    expect(after[1]?.formerIds).toEqual(few.map(({ id }) => id));
  });

  it('the same ones go each time', () => {
    const many = Array.from({ length: 60 }, (_, nth) => aFact(`Likes bread ${nth}`));
    expect(textsOf(learned(many))).toEqual(textsOf(learned(many)));
    expect(learned(many)).toHaveLength(MOST_ITEMS);
  });
});
