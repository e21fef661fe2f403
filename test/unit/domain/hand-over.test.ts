import { describe, expect, test } from 'vitest';
import {
  CHAT_STATES,
  type ChatStateName,
  HAND_OVER_EVENTS,
  type HandOverEvent,
  moveOn,
  TRANSITIONS,
  withRecord,
} from '#domain/conversation/hand-over.ts';
import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import { joinedHandOver } from '#domain/conversation/joined-hand-over.ts';
import { answeredBy, isTakenUp, keep } from '#domain/conversation/kept-messages.ts';
import { idleDueMs, isSilent } from '#domain/conversation/silence.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { aStoredInbound, aTextMessage } from '#test/support/builders.ts';

const NOW_MS = Date.parse('2026-11-26T12:00:00Z');
const HOUR_MS = 3_600_000;
const ALWAYS = { handOver: DEFAULT_HAND_OVER, hours: undefined };
const DAY = [{ from: '09:00', to: '17:00' }];
const WEEKDAYS = {
  handOver: DEFAULT_HAND_OVER,
  hours: { timeZone: 'UTC', locale: 'en', week: [[], DAY, DAY, DAY, DAY, DAY, []], closed: [] },
};

function occur(head: ChatHead, event: HandOverEvent, atMs = NOW_MS, by = 'ana') {
  return moveOn(head, { event, atMs, cause: 'operator', by });
}

function inState(state: ChatStateName): ChatHead {
  const head = { ...newHead(), version: 5, failures: 2 };
  if (state === 'assistant') return head;
  return occur(head, state === 'waiting' ? 'requested' : 'taken').head;
}

/** The whole table, as one reads it: what each event makes of each state, and what is told of it. */
const EXPECTED: Readonly<
  Record<ChatStateName, Readonly<Record<HandOverEvent, readonly [ChatStateName, string]>>>
> = {
  assistant: {
    requested: ['waiting', 'hand-over.requested'],
    taken: ['human', 'chat.taken'],
    spoken: ['human', 'chat.taken'],
    released: ['assistant', '-'],
    idled: ['assistant', '-'],
  },
  waiting: {
    requested: ['waiting', '-'],
    taken: ['human', 'chat.taken'],
    spoken: ['human', 'chat.taken'],
    released: ['assistant', 'chat.released'],
    idled: ['assistant', 'chat.released'],
  },
  human: {
    requested: ['human', '-'],
    taken: ['human', 'chat.taken'],
    spoken: ['human', '-'],
    released: ['assistant', 'chat.released'],
    idled: ['assistant', 'chat.released'],
  },
};

describe.each(CHAT_STATES)('in the state %s', (state) => {
  test.each(HAND_OVER_EVENTS)('%s', (event) => {
    const before = inState(state);
    const { head, tells } = occur(before, event, NOW_MS + 1);
    const [to, told] = EXPECTED[state][event];
    expect([head.state, tells ?? '-']).toEqual([to, told]);
    expect(head.version).toBe(before.version);
    // Whoever has the chat, or is asked for, is written down; and who had it, once that is over.
    expect(head.handOver !== undefined || (state === 'assistant' && to === 'assistant')).toBe(true);
    expect(head.handOver?.releasedAtMs !== undefined).toBe(
      to === 'assistant' && state !== 'assistant',
    );
    if (told === '-' && event !== 'spoken') expect(head).toEqual(before);
  });
});

test('the table has every state and every event, and nothing else', () => {
  expect(Object.keys(TRANSITIONS)).toEqual(CHAT_STATES);
  for (const state of CHAT_STATES)
    expect(Object.keys(TRANSITIONS[state])).toEqual(HAND_OVER_EVENTS);
});

test('a hand-over tells since when, who, why and what it was about', () => {
  const asked = moveOn(inState('assistant'), {
    event: 'requested',
    atMs: NOW_MS,
    cause: 'assistant',
    reason: 'a refund',
    summary: 'The cake was late.',
  }).head;
  expect(asked).toMatchObject({ flag: 'hand-over' });
  expect(asked.handOver).toMatchObject({ version: 5, sinceMs: NOW_MS, by: undefined });
  const taken = occur(asked, 'taken', NOW_MS + 5).head;
  expect(taken.flag).toBeUndefined();
  expect(taken.handOver).toMatchObject({
    version: 5,
    sinceMs: NOW_MS,
    by: 'ana',
    reason: 'a refund',
    summary: 'The cake was late.',
    activeAtMs: NOW_MS + 5,
  });
  const other = occur(taken, 'taken', NOW_MS + 6, 'ben').head;
  expect(other.handOver).toMatchObject({ sinceMs: NOW_MS, by: 'ben' });
  const back = occur(other, 'released', NOW_MS + 7).head;
  expect(back).toMatchObject({ failures: 0 });
  expect(back.handOver).toMatchObject({ ended: 'released', releasedAtMs: NOW_MS + 7, by: 'ben' });
  const again = occur({ ...back, version: 9 }, 'taken', NOW_MS + 8, 'cy').head;
  expect(again.handOver).toMatchObject({ version: 9, reason: undefined, by: 'cy' });
});

test('nobody looked at a chat that was only waited for, so its flag stays', () => {
  const idle = occur(inState('waiting'), 'idled').head;
  expect(idle).toMatchObject({ state: 'assistant', flag: 'hand-over' });
  expect(occur(inState('waiting'), 'released').head.flag).toBeUndefined();
});

test('a chat that a person had before there were records gets one', () => {
  const old: ChatHead = { ...newHead(), version: 3, state: 'human' };
  expect(withRecord(old, NOW_MS).handOver).toMatchObject({ version: 3, sinceMs: NOW_MS });
  expect(idleDueMs(old, ALWAYS)).toBeUndefined();
  expect(occur(old, 'released').head.handOver).toMatchObject({ ended: 'released' });
});

describe('the assistant is silent', () => {
  test.each([
    ['assistant', ALWAYS, NOW_MS, false],
    ['human', ALWAYS, NOW_MS, true],
    ['waiting', ALWAYS, NOW_MS, true],
    ['waiting', WEEKDAYS, NOW_MS, true],
    ['waiting', WEEKDAYS, NOW_MS + 12 * HOUR_MS, false],
    ['human', WEEKDAYS, NOW_MS + 12 * HOUR_MS, true],
  ] as const)('%s', (state, terms, nowMs, expected) => {
    expect(isSilent({ state }, terms, nowMs)).toBe(expected);
  });

  test('until the business opens, where it wants that', () => {
    const silent = { ...DEFAULT_HAND_OVER, outsideHours: 'silent' } as const;
    const terms = { ...WEEKDAYS, handOver: silent };
    expect(isSilent({ state: 'waiting' }, terms, NOW_MS + 12 * HOUR_MS)).toBe(true);
  });
});

test('a person has twelve hours, and whoever waits an hour of opening time', () => {
  expect(idleDueMs(inState('assistant'), ALWAYS)).toBeUndefined();
  expect(idleDueMs(inState('human'), ALWAYS)).toBe(NOW_MS + 12 * HOUR_MS);
  expect(idleDueMs(inState('waiting'), ALWAYS)).toBe(NOW_MS + HOUR_MS);
  // A Thursday evening: it opens on Friday at nine.
  const evening = moveOn(inState('assistant'), {
    event: 'requested',
    atMs: NOW_MS + 8 * HOUR_MS,
    cause: 'customer',
  }).head;
  expect(idleDueMs(evening, WEEKDAYS)).toBe(Date.parse('2026-11-27T10:00:00Z'));
  const spoken = occur(inState('human'), 'spoken', NOW_MS + HOUR_MS).head;
  expect(idleDueMs(spoken, ALWAYS)).toBe(NOW_MS + 13 * HOUR_MS);
});

function written(second: number, acceptedAtMs = NOW_MS + second * 1000 + 300) {
  const timestamp = String(NOW_MS / 1000 + second);
  return aStoredInbound(aTextMessage('x', { id: `wamid.${second}`, timestamp }), acceptedAtMs);
}

test('what a person has not answered is known, as far as an item can hold it', () => {
  const record = withRecord(inState('human'), NOW_MS).handOver;
  const [one, two, three] = [written(1), written(2), written(3)];
  const kept = keep(keep(record, [one, two]), [two, three]);
  expect(kept.kept).toEqual([one.key, two.key, three.key]);
  const word = (ms: number) => ({ atMs: NOW_MS + ms, acceptedAtMs: NOW_MS + ms });
  // What was written in the same second may have come after.
  expect(answeredBy(kept, word(3_000)).kept).toEqual([three.key]);
  expect(answeredBy(kept, word(3_999)).kept).toEqual([three.key]);
  expect(answeredBy(kept, word(4_000)).kept).toEqual([]);
  const many = Array.from({ length: 300 }, (_, second) => written(second));
  expect(keep(record, many).kept).toEqual(many.slice(100).map(({ key }) => key));
  const back = occur({ ...inState('human'), handOver: kept }, 'released').head;
  expect(isTakenUp(back, one.key)).toBe(true);
  expect(isTakenUp(back, written(4).key)).toBe(false);
  expect(isTakenUp({ ...inState('human'), handOver: kept }, one.key)).toBe(false);
});

test('what was there when a person spoke is answered, and what came late is not', () => {
  const record = withRecord(inState('human'), NOW_MS).handOver;
  const spoken = answeredBy(record, { atMs: NOW_MS + 9_000, acceptedAtMs: NOW_MS + 9_500 });
  const [seen, late] = [written(5), written(6, NOW_MS + 9_501)];
  expect(keep(spoken, [seen, late]).kept).toEqual([late.key]);
});

test('of two chats of a contact the person who has either keeps it', () => {
  const [assistant, waiting, human] = CHAT_STATES.map(inState);
  if (!assistant || !waiting || !human) throw new Error('There are three states');
  const left = { ...human, handOver: keep(withRecord(human, NOW_MS).handOver, [written(1)]) };
  expect(joinedHandOver(assistant, left)).toMatchObject({ state: 'human', flag: undefined });
  expect(joinedHandOver(assistant, waiting)).toMatchObject({ flag: 'hand-over' });
  expect(joinedHandOver(assistant, left).handOver?.kept).toEqual([]);
  // What came along before, and is over by now, does not come again.
  const over = occur({ ...assistant, ...joinedHandOver(assistant, left) }, 'released').head;
  expect(joinedHandOver(over, left)).toMatchObject({ state: 'assistant' });
  expect(joinedHandOver({ ...waiting, handOver: undefined }, human)).toMatchObject({
    state: 'human',
  });
  expect(joinedHandOver(human, waiting)).toEqual({
    state: 'human',
    handOver: human.handOver,
    flag: human.flag,
  });
});
