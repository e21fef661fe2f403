import { describe, expect, it } from 'vitest';
import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import { type Chat, parseContactId } from '#domain/ids.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { present, TENANT_ID } from '#test/support/builders.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat, aTurnId } from './arrivals.ts';

function aFullHead(chat: Chat): ChatHead {
  return {
    version: 0,
    tenantId: TENANT_ID,
    tenantSinceMs: 1_790_300_000_000,
    state: 'human',
    handOver: {
      version: 7,
      sinceMs: 1_790_400_000_500,
      cause: 'assistant',
      reason: 'wants a refund 👋🏽',
      summary: 'The cake was late.',
      by: 'ana',
      activeAtMs: 1_790_400_001_000,
      spoke: { atMs: 1_790_400_000_900, acceptedAtMs: 1_790_400_000_950 },
      kept: ['1790400000000#wamid.A'],
      untold: 'chat.taken',
      done: '1790400000700#command.c-1',
      releasedAtMs: undefined,
      ended: undefined,
    },
    failures: 2,
    flag: 'fallback-sent',
    openTurn: {
      id: aTurnId(),
      kind: 'fallback',
      waitingSinceMs: 1_790_400_001_500,
      answers: ['1790400000000#wamid.A', '1790400000000#wamid.B'],
      recipient: { waId: chat.contact, userId: undefined },
      parts: [
        { text: 'one', delivery: { kind: 'sent', wamid: 'wamid.OUT', copies: 2 } },
        { text: 'two', delivery: { kind: 'sending', sinceMs: 1_790_400_011_000, resends: 1 } },
        { text: 'three 👋🏽', delivery: { kind: 'waiting', resends: undefined } },
        { text: 'perhaps', delivery: { kind: 'waiting', resends: 2 } },
        { text: 'four', delivery: { kind: 'refused', code: 'graph:131047' } },
      ],
      pairRefusals: 2,
      repeats: { key: '1790400000000#turn-3.0', sends: 1 },
      forgets: ['m-1'],
    },
    lastMessageAtMs: 1_790_400_000_000,
    asked: 1,
    apologisedAtMs: 1_790_400_002_000,
    pairPaidUpToMs: 1_790_400_030_000,
    usage: {
      answersPaidUpToMs: 1_790_400_006_000,
      noticesPaidUpToMs: 1_790_400_600_000,
      minutePaidUpToMs: 1_790_400_001_000,
      hourPaidUpToMs: 1_790_400_003_600,
      countedAtMs: 1_790_400_000_500,
      day: '2026-09-26',
      spentInDay: microUsd(1_234),
      spentInMonth: microUsd(5_678),
      toldAtMs: 1_790_400_002_000,
    },
    movedTo: present(parseContactId('ES.1')),
    movedAtMs: 1_790_400_000_000,
    phone: present(parseContactId('34600000001')),
    formerly: present(parseContactId('34600000000')),
    tokenRatio: 1.25,
    language: 'pt-BR',
    replies: { kind: 'stopped', atMs: 1_790_399_000_000 },
    erasure: { atMs: 1_790_300_000_000, version: 0 },
  };
}

export function describeHead(stores: () => Stores): void {
  describe('head', () => {
    it('is new in a chat that has none', async () => {
      expect(await stores().conversations.readHead(aNewChat())).toEqual(newHead());
    });

    it('comes back as it was saved, one version later', async () => {
      const chat = aNewChat();
      const saved = await stores().conversations.saveHead(chat, aFullHead(chat));
      expect(saved).toEqual({ ...aFullHead(chat), version: 1 });
      expect(await stores().conversations.readHead(chat)).toEqual(saved);
    });

    it('forgets what a later version no longer has', async () => {
      const chat = aNewChat();
      const { conversations } = stores();
      await conversations.saveHead(chat, aFullHead(chat));
      await conversations.saveHead(chat, { ...newHead(), version: 1 });
      expect(await conversations.readHead(chat)).toEqual({ ...newHead(), version: 2 });
    });

    it('is not saved by someone who read an older version', async () => {
      const chat = aNewChat();
      const { conversations } = stores();
      await conversations.saveHead(chat, newHead());
      await conversations.saveHead(chat, { ...newHead(), version: 1, state: 'human' });
      expect(await conversations.saveHead(chat, newHead())).toBe('stale');
      expect(await conversations.saveHead(chat, { ...newHead(), version: 1 })).toBe('stale');
      expect(await conversations.saveHead(chat, { ...newHead(), version: 7 })).toBe('stale');
      expect(await conversations.readHead(chat)).toMatchObject({ version: 2, state: 'human' });
    });

    it('is saved by exactly one of many who read the same version', async () => {
      const chat = aNewChat();
      const many = Array.from({ length: 8 }, () =>
        stores().conversations.saveHead(chat, aFullHead(chat)),
      );
      const saved = (await Promise.all(many)).filter((result) => result !== 'stale');
      expect(saved).toHaveLength(1);
    });
  });
}
