import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageSender, OutgoingMessage, ReadReceipt } from '#app/ports/message-sender.ts';
import type { Bubble } from '#domain/conversation/bubble.ts';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import type { Choices } from '#domain/conversation/choices.ts';
import type { Chat } from '#domain/ids.ts';
import { TENANT_ID } from '#test/support/builders.ts';
import type { Loss } from '#test/support/lost-answers.ts';
import { aNewChat, aTurnId } from './store-suite/arrivals.ts';

/** A sender that may send for the tenant `TENANT_ID` and its number `PHONE_NUMBER_ID`. */
export interface SenderStage {
  readonly sender: MessageSender;
  readonly peer: WhatsAppPeer;
  close(): Promise<void>;
}

/** WhatsApp, and the customers who have it. */
interface WhatsAppPeer {
  /** The customer writes, so that they can be answered. */
  customerWrites(chat: Chat): void;
  /** The next text is refused with this error code of the Graph API, and not sent. */
  refuseNext(code: number): void;
  /** Of the next text. */
  loseNextAnswer(when: Loss): void;
  /** What this customer was sent, in order. */
  receivedBy(chat: Chat): readonly ReceivedText[];
}

/** A WhatsApp that knows each message it delivered, and shows who types. */
interface TypingPeer extends WhatsAppPeer {
  /** @returns the message's id */
  customerWrites(chat: Chat): string;
  /** Whether the customer sees now that the business types. */
  isTyping(chat: Chat): boolean;
}

export interface TypingStage extends SenderStage {
  readonly peer: TypingPeer;
}

interface ReceivedText extends Bubble {
  readonly wamid: string;
  /** As a status of the message will give it back. */
  readonly reference: PartReference | undefined;
}

function aText(chat: Chat, over: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    tenantId: TENANT_ID,
    recipient: { waId: chat.contact, userId: undefined },
    text: 'Two left. 👋🏽\nSee you!',
    reference: { chat, turnId: aTurnId(), part: 1 },
    timeoutMs: 20_000,
    ...over,
  };
}

function aReceipt({ phoneNumberId }: Chat, wamid: string): ReadReceipt {
  return { tenantId: TENANT_ID, phoneNumberId, wamid, timeoutMs: 20_000 };
}

/** Meta's error codes by what they mean for the message. */
const REFUSED = [
  [4, 'retry'],
  [80_007, 'retry'],
  [130_429, 'retry'],
  [131_056, 'retry'],
  [190, 'fix-needed'],
  [10, 'fix-needed'],
  [131_031, 'fix-needed'],
  [131_042, 'fix-needed'],
  [131_026, 'give-up-here'],
  [131_047, 'give-up-here'],
  [131_051, 'give-up-here'],
] as const;
const ROW = { id: 'row-1', title: '09:30', description: 'Half an hour' };
const OTHER_ROW = { id: 'row-2', title: '10:00', description: undefined };
const CHOICES: readonly (readonly [string, Choices])[] = [
  ['buttons', { kind: 'buttons', buttons: [{ id: 'yes', title: 'Yes, please' }] }],
  [
    'a list',
    { kind: 'list', button: 'Times', sections: [{ title: undefined, rows: [ROW, OTHER_ROW] }] },
  ],
  [
    'a list of two sections',
    {
      kind: 'list',
      button: 'Times',
      sections: [
        { title: 'Monday', rows: [ROW] },
        { title: 'Tuesday', rows: [OTHER_ROW] },
      ],
    },
  ],
  ['a link', { kind: 'link', title: 'Open', url: 'https://example.com/menu' }],
];
const AMBIGUOUS = [1, 2, 131_000, 131_016];

/** What the way to a customer's phone promises, whatever it is made of. */
export function describeMessageSender(name: string, makeStage: () => Promise<SenderStage>): void {
  describe(name, () => {
    let stage: SenderStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    function aCustomer(): Chat {
      const chat = aNewChat();
      stage.peer.customerWrites(chat);
      return chat;
    }

    describe('a text', () => {
      it('arrives as it was sent, with its reference, and its id comes back', async () => {
        const chat = aCustomer();
        const text = aText(chat);
        const result = await stage.sender.send(text);
        const [received, ...others] = stage.peer.receivedBy(chat);
        expect(others).toEqual([]);
        expect(received).toMatchObject({ text: text.text, reference: text.reference });
        expect(result).toEqual({ kind: 'sent', wamid: received?.wamid });
      });

      it('goes to nobody but its recipient, in the order of the sends', async () => {
        const [chat, other] = [aCustomer(), aCustomer()];
        for (const text of ['one', 'two', 'three']) {
          await stage.sender.send(aText(chat, { text }));
        }
        const texts = stage.peer.receivedBy(chat).map(({ text }) => text);
        expect(texts).toEqual(['one', 'two', 'three']);
        expect(stage.peer.receivedBy(other)).toEqual([]);
      });

      it('is refused where no recipient is known', async () => {
        const nobody = { waId: undefined, userId: undefined };
        const result = await stage.sender.send(aText(aCustomer(), { recipient: nobody }));
        expect(result).toMatchObject({ kind: 'refused', failure: { class: 'give-up-here' } });
      });

      it('is refused to a customer who never wrote', async () => {
        const chat = aNewChat();
        const result = await stage.sender.send(aText(chat));
        const failure = { class: 'give-up-here', code: 'graph:131047' };
        expect(result).toMatchObject({ kind: 'refused', failure });
        expect(stage.peer.receivedBy(chat)).toEqual([]);
      });

      it.each(REFUSED)('refused with %d was not sent: %s', async (code, failureClass) => {
        const chat = aCustomer();
        stage.peer.refuseNext(code);
        const result = await stage.sender.send(aText(chat));
        const failure = { class: failureClass, code: `graph:${code}` };
        expect(result).toMatchObject({ kind: 'refused', failure });
        expect(stage.peer.receivedBy(chat)).toEqual([]);
        expect(await stage.sender.send(aText(chat))).toMatchObject({ kind: 'sent' });
        expect(stage.peer.receivedBy(chat)).toHaveLength(1);
      });

      it('that needs a new token says so', async () => {
        stage.peer.refuseNext(190);
        const result = await stage.sender.send(aText(aCustomer()));
        expect(result).toMatchObject({ kind: 'refused', failure: { remedy: 'token' } });
      });

      it.each(AMBIGUOUS)('answered with %d was perhaps sent, and is not repeated', async (code) => {
        const chat = aCustomer();
        stage.peer.refuseNext(code);
        const result = await stage.sender.send(aText(chat));
        expect(result).toEqual({ kind: 'ambiguous', code: `graph:${code}` });
        expect(stage.peer.receivedBy(chat)).toEqual([]);
      });

      it.each([
        ['before', 0],
        ['after', 1],
      ] as const)('is ambiguous where the answer got lost %s the effect', async (when, arrived) => {
        const chat = aCustomer();
        stage.peer.loseNextAnswer(when);
        const result = await stage.sender.send(aText(chat));
        expect(result).toMatchObject({ kind: 'ambiguous', code: expect.any(String) });
        expect(stage.peer.receivedBy(chat)).toHaveLength(arrived);
      });
    });

    describe('a bubble', () => {
      it.each(CHOICES)('has %s beneath it', async (_, choices) => {
        const chat = aCustomer();
        const message = aText(chat, { choices });
        expect(await stage.sender.send(message)).toMatchObject({ kind: 'sent' });
        const { text, reference } = message;
        expect(stage.peer.receivedBy(chat)).toMatchObject([{ text, choices, reference }]);
      });

      it('quotes a message of the customer', async () => {
        const chat = aCustomer();
        await stage.sender.send(aText(chat, { quotes: 'wamid.ASKED' }));
        await stage.sender.send(aText(chat));
        const quoted = stage.peer.receivedBy(chat).map(({ quotes }) => quotes);
        expect(quoted).toEqual(['wamid.ASKED', undefined]);
      });

      it('with more buttons than WhatsApp takes is refused for its form, and its words are not', async () => {
        const chat = aCustomer();
        const buttons = ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id }));
        const result = await stage.sender.send(
          aText(chat, { choices: { kind: 'buttons', buttons } }),
        );
        const failure = { class: 'give-up-here', code: 'graph:131009', isOfTheForm: true };
        expect(result).toMatchObject({ kind: 'refused', failure });
        expect(stage.peer.receivedBy(chat)).toEqual([]);
        expect(await stage.sender.send(aText(chat))).toMatchObject({ kind: 'sent' });
      });
    });

    it.each(['before', 'after'] as const)(
      'typing that got lost %s the effect is no exception',
      async (when) => {
        stage.peer.loseNextAnswer(when);
        expect(await stage.sender.showTyping(aReceipt(aCustomer(), 'wamid.LOST'))).toBe(false);
      },
    );
  });
}

/**
 * What only the sender of a WhatsApp with phones promises: in the simulation nobody looks at one, and
 * typing has no effect there.
 */
export function describeTyping(name: string, makeStage: () => Promise<TypingStage>): void {
  describe(`${name}: typing`, () => {
    let stage: TypingStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('is seen by the customer until our text comes', async () => {
      const chat = aNewChat();
      const wamid = stage.peer.customerWrites(chat);
      expect(stage.peer.isTyping(chat)).toBe(false);
      expect(await stage.sender.showTyping(aReceipt(chat, wamid))).toBe(true);
      expect(stage.peer.isTyping(chat)).toBe(true);
      await stage.sender.send(aText(chat));
      expect(stage.peer.isTyping(chat)).toBe(false);
    });

    it('in answer to a message that there is not is no exception', async () => {
      const chat = aNewChat();
      stage.peer.customerWrites(chat);
      expect(await stage.sender.showTyping(aReceipt(chat, 'wamid.NONE'))).toBe(false);
      expect(stage.peer.isTyping(chat)).toBe(false);
    });
  });
}
