import { describe, expect, it } from 'vitest';
import type { StoredInbound, StoredMessage, StoredOutbound } from '#domain/conversation/message.ts';
import { outboundKey } from '#domain/conversation/message.ts';
import { buildPrompt, placeHistory } from '#domain/conversation/prompt.ts';
import { parseTurnId, type TurnId } from '#domain/ids.ts';
import { estimateTokens, learnRatio } from '#domain/memory/tokens.ts';
import { MOST_HISTORY_TOKENS, planFold } from '#domain/memory/window.ts';
import { aStoredInbound, aTextMessage, present } from '#test/support/builders.ts';

const START_S = 1_790_400_000;

function turnId(version: number): TurnId {
  return present(parseTurnId(`${(START_S + version) * 1000}.${version}`));
}

function asked(text: string, version: number): StoredInbound {
  const message = aTextMessage(text, { id: `wamid.${version}`, timestamp: `${START_S + version}` });
  const progress = { kind: 'finished' as const, outcome: 'answered' as const };
  return { ...aStoredInbound(message, 0), progress: { ...progress, turnId: turnId(version) } };
}

function answered(text: string, version: number): StoredOutbound {
  return {
    direction: 'out',
    key: outboundKey(turnId(version), 0),
    turnId: turnId(version),
    part: 0,
    text,
    wamid: `wamid.OUT${version}`,
    refusedCode: undefined,
    followUp: undefined,
    sends: 1,
    copies: 1,
  };
}

/** Turns of a question and an answer, of so many characters each. */
function turns(count: number, characters = 10): readonly StoredMessage[] {
  return Array.from({ length: count }, (_, version) => [
    asked(`q${version} `.padEnd(characters, 'x'), version),
    answered(`a${version} `.padEnd(characters, 'x'), version),
  ]).flat();
}

function textsOf(prompt: readonly { readonly text: string }[]): readonly string[] {
  return prompt.map(({ text }) => text.split(' ')[0] ?? '');
}

describe('a prompt', () => {
  const now = aStoredInbound(aTextMessage('now'), 0);

  it('has first what is known, then the history, then what is to be answered', () => {
    const prompt = buildPrompt({ known: 'known', history: turns(2), toAnswer: [now] });
    expect(textsOf(prompt)).toEqual(['known', 'q0', 'a0', 'q1', 'a1', 'now']);
    expect(prompt[0]?.role).toBe('data');
  });

  it('loses the oldest messages first where they are too many tokens', () => {
    const prompt = buildPrompt({ history: turns(20, 4_000), toAnswer: [now] });
    const tokens = prompt.slice(0, -1).reduce((sum, { text }) => sum + estimateTokens(text), 0);
    expect(tokens).toBeLessThanOrEqual(MOST_HISTORY_TOKENS);
    expect(tokens).toBeGreaterThan(MOST_HISTORY_TOKENS - 1_100);
    expect(textsOf(prompt).slice(-3)).toEqual(['q19', 'a19', 'now']);
  });

  it('has fewer of them where the chat’s texts are more tokens than they seem', () => {
    const parts = { history: turns(20, 4_000), toAnswer: [now] };
    const usual = buildPrompt(parts).length;
    expect(buildPrompt({ ...parts, tokenRatio: 2 }).length).toBeLessThan(usual);
    expect(buildPrompt({ ...parts, tokenRatio: 0.5 }).length).toBeGreaterThan(usual);
  });
});

describe('tokens', () => {
  it.each([
    ['', 4],
    ['Hello there, how are you?', 11],
    ['Привет, как дела?', 11],
    ['你好，我想订一个蛋糕', 13],
    ['👋🏽', 8],
  ])('of %j are estimated as %i', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  it('are corrected step by step by what was reported', () => {
    const first = learnRatio(undefined, { estimated: 3_000, reported: 3_900 });
    expect(first).toBe(1.3);
    expect(learnRatio(first, { estimated: 3_000, reported: 3_000 })).toBe(1.21);
  });

  it('teach nothing in a short prompt, and nothing absurd', () => {
    expect(learnRatio(1.2, { estimated: 1_999, reported: 9_000 })).toBe(1.2);
    expect(learnRatio(undefined, { estimated: 2_000, reported: 90_000 })).toBe(3);
    expect(learnRatio(undefined, { estimated: 2_000, reported: 0 })).toBe(0.5);
  });
});

describe('a fold', () => {
  it('is none while the window is short', () => {
    expect(planFold(placeHistory(turns(15)), 1)).toBeUndefined();
    expect(planFold([], 1)).toBeUndefined();
  });

  it('takes whole turns off the beginning, and leaves room for many more', () => {
    const fold = planFold(placeHistory(turns(16)), 1);
    expect(fold?.messages.map(({ prompt }) => prompt.text.split(' ')[0])).toEqual(
      Array.from({ length: 8 }, (_, turn) => [`q${turn}`, `a${turn}`]).flat(),
    );
    expect(fold).toMatchObject({ upTo: 7, isUrgent: false });
  });

  it('comes sooner where messages are long, or more tokens than they seem', () => {
    const long = placeHistory(turns(5, 2_000));
    expect(planFold(long, 1)).toMatchObject({ upTo: 2 });
    const short = placeHistory(turns(4, 2_000));
    expect(planFold(short, 1)).toBeUndefined();
    expect(planFold(short, 2)).toMatchObject({ isUrgent: true });
  });

  it('is urgent where the prompt is about to lose what is in no summary', () => {
    expect(planFold(placeHistory(turns(18)), 1)).toMatchObject({ isUrgent: false });
    expect(planFold(placeHistory(turns(19)), 1)).toMatchObject({ isUrgent: true });
  });
});
