import * as z from 'zod/mini';
import { COMMAND_ID } from '#domain/conversation/command.ts';
import { CHAT_STATES, HAND_OVER_CAUSES } from '#domain/conversation/hand-over.ts';
import { FLAGS } from '#domain/conversation/head.ts';
import { NOTICE_KINDS } from '#domain/tenant/notices-settings.ts';

/**
 * What the business API takes and gives, once: requests are checked by these, and docs/openapi.json is made of
 * them. `zod/mini`, since it adds 16 KB to the bundle where all of zod adds 440.
 */

function text(most: number, description: string) {
  return z.string().check(z.minLength(1), z.maxLength(most), z.describe(description));
}

/** Taken as a header too, as `Idempotency-Key`. */
export const commandId = z
  .string()
  .check(
    z.regex(COMMAND_ID),
    z.describe('The same for every try of the same command, so that it is carried out once'),
  );

const by = z.optional(
  text(64, 'Who of the business it is, such as "Ana"; default: the name of who signs the request'),
);

const common = { id: z.optional(commandId), by };

const template = z.strictObject({
  name: z.string().check(z.regex(/^[a-z0-9_]{1,512}$/), z.describe('As Meta has approved it')),
  language: z
    .string()
    .check(z.regex(/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/), z.describe('Such as "es" or "pt_BR"')),
  parameters: z
    ._default(z.array(text(1024, 'A value')).check(z.maxLength(20)), [])
    .check(z.describe('For the placeholders of the body, in their order')),
});

/** Longer than one bubble is sent as several. */
const LONGEST_TEXT = 20_000;

export const messageRequest = z.union([
  z.strictObject({
    ...common,
    text: text(LONGEST_TEXT, 'The words; possible for 24 hours after the customer’s last message'),
  }),
  z.strictObject({ ...common, template: template.check(z.describe('Possible at any time')) }),
]);

export const changeRequest = z.strictObject(common);

const MOST_LISTED = 200;

function limit(usual: number) {
  const count = z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MOST_LISTED));
  return z._default(count, usual);
}

const number = z
  .string()
  .check(z.regex(/^\d{1,32}$/), z.describe("Meta's phone number id of the business's number"));

const flag = z.enum(['true', 'false']);

export const listQuery = z.strictObject({
  number,
  state: z.optional(z.enum(CHAT_STATES).check(z.describe('Only chats that are answered so'))),
  flagged: z.optional(flag.check(z.describe('Only those that a person should look at'))),
  before: z.optional(
    z.iso
      .datetime()
      .check(z.describe('Only those whose last message is older: `next` of the page before')),
  ),
  limit: limit(50),
});

export const chatQuery = z.strictObject({ number, limit: limit(50) });

export const commandQuery = z.strictObject({ number });

const time = z.iso.datetime();

export const chatView = z.strictObject({
  number,
  contact: z.string().check(z.describe('User id or phone number: the id that the contact has now')),
  state: z
    .enum(CHAT_STATES)
    .check(
      z.describe('Who answers: the assistant, nobody yet since a person is asked for, or a person'),
    ),
  flag: z.nullable(z.enum(FLAGS)).check(z.describe('Why a person should look at it')),
  lastMessageAt: z.nullable(time),
});

export const messageView = z.strictObject({
  id: z
    .string()
    .check(
      z.describe(
        "Meta's id; of a message of the business the id that it was given, else one of ours",
      ),
    ),
  at: time,
  from: z.enum(['customer', 'assistant', 'person']),
  type: z.string().check(z.describe("Meta's type, or `text`")),
  text: z.nullable(z.string()).check(z.describe('Null where it has no words')),
  outcome: z.string().check(z.describe('What became of it, such as `handed-over` or `delivered`')),
});

export const chatList = z.strictObject({
  chats: z.array(chatView),
  next: z
    .nullable(time)
    .check(
      z.describe(
        'Null where there are no more; else `before` of the next page. A page may have fewer than `limit`',
      ),
    ),
});

export const chatDetails = z.strictObject({
  chat: chatView,
  window: z
    .strictObject({
      open: z.boolean(),
      closesAt: z.nullable(time),
    })
    .check(z.describe('Until when free words can be sent; templates can be at any time')),
  handOver: z
    .nullable(
      z.strictObject({
        since: time,
        cause: z.enum(HAND_OVER_CAUSES),
        by: z.nullable(z.string()).check(z.describe('Who has the chat, or had it last')),
        explanation: z
          .nullable(z.string())
          .check(z.describe('Why a person is asked for, in the words of who asked')),
        summary: z.nullable(z.string()).check(z.describe('What the assistant tells the person')),
        releasedAt: z.nullable(time),
      }),
    )
    .check(z.describe('The latest time that the chat was handed over')),
  messages: z.array(messageView).check(z.describe('The newest, oldest of them first')),
});

export const accepted = z.strictObject({
  id: z.string(),
  number,
  contact: z.string(),
  at: time.check(z.describe('Where it stands among the messages')),
});

export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string().check(z.describe('Stable word; `type` ends with it')),
  detail: z.optional(z.string()),
  errors: z.optional(z.array(z.strictObject({ field: z.string(), message: z.string() }))),
  closedAt: z.optional(time),
  templatePossible: z.optional(z.boolean()),
});

/** What the business's own server is sent. */
export const noticeEvent = z.strictObject({
  type: z.enum(NOTICE_KINDS),
  timestamp: time.check(z.describe('When it happened; there is no order of arrival')),
  data: z.strictObject({
    tenant: z.string(),
    chat: z.strictObject({
      number,
      contact: z.string(),
      state: z.enum(CHAT_STATES).check(z.describe('As it is when this is sent')),
    }),
    reason: z.nullable(z.string()),
    explanation: z
      .nullable(z.string())
      .check(z.describe('Why a person is asked for, in the words of who asked')),
    summary: z.nullable(z.string()).check(z.describe('What the assistant tells the person')),
    messages: z.array(messageView),
  }),
});
