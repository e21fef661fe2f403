import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { ArchivedMessage } from '#app/ports/chat-archive.ts';
import { type ShownChat, type ShownContact, showChat } from '#app/show-chat.ts';
import { isObject } from '#domain/json.ts';
import {
  handOverView,
  headView,
  marketingView,
  messageView,
  turnView,
  wordsOf,
} from '#operator/archive-view.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import { tableOf } from '#operator/plain-text.ts';
import type { TargetOptions } from '#operator/target.ts';
import { withoutControls } from '#operator/terminal.ts';
import { askFor, type ContactOptions, nothingStored, readWish } from './find-chat.ts';

interface ShowOptions extends TargetOptions, ContactOptions {
  readonly limit: number;
  readonly text?: boolean;
}

/** `concierge chat show`. */
export async function showChatCommand(
  name: string,
  options: ShowOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const wish = readWish(name, options);
  const { target, tenant, subject } = wish;
  const application = await connect(target, { tenant, subject });
  try {
    const asked = await askFor(wish, application);
    const shown = await showChat(asked, options.limit, application.archive);
    for (const doubt of asked.doubts) terminal.err(`concierge: ${doubt}\n`);
    if (shown.length === 0) throw nothingStored(asked, target);
    application.note({
      chats: shown.flatMap(({ chats }) => chats.map(({ chat }) => pseudonyms.ofChat(chat))),
    });
    const hasText = options.text === true;
    terminal.out(
      options.json
        ? `${JSON.stringify({ tenant, conversations: shown.map((each) => viewOf(each, hasText)) })}\n`
        : shown.map((each) => inWords(each, hasText)).join('\n'),
    );
  } finally {
    application.close();
  }
}

function viewOf({ phoneNumberId, chats, messages }: ShownChat, hasText: boolean) {
  return {
    phoneNumberId,
    chats: chats.map((each) => chatView(each, hasText)),
    messages: messages.map((each) => ({
      ...messageView(each),
      ...(hasText && { text: wordsOf(each) ?? null }),
    })),
  };
}

function chatView({ chat, head, marketing }: ShownContact, hasText: boolean) {
  const names = { contact: chat.contact, chat: pseudonyms.ofChat(chat) };
  const chosen = marketingView(marketing);
  if (head === undefined) return { ...names, head: 'none', ...chosen };
  if (head === 'unreadable') return { ...names, head, ...chosen };
  const openTurn = head.openTurn && turnView(head.openTurn);
  const handOver = head.handOver && handOverView(head.handOver, hasText ? 'with-words' : undefined);
  return { ...names, ...headView(head), handOver, ...chosen, openTurn };
}

function inWords({ phoneNumberId, chats, messages }: ShownChat, hasText: boolean): string {
  const heads = chats.map((each) => {
    const { openTurn, ...view } = { openTurn: undefined, ...chatView(each, hasText) };
    const turn = openTurn && `${openTurn.kind}, parts ${openTurn.parts.join(' ')}`;
    const rows = Object.entries({ number: phoneNumberId, ...view, openTurn: turn }).flatMap(
      ([field, value]) => (value === undefined ? [] : [[field, valueInWords(value)]]),
    );
    return `${tableOf(rows)}\n`;
  });
  return `${heads.join('')}${messagesInWords(messages, hasText)}`;
}

function valueInWords(value: unknown): string {
  if (!isObject(value)) return String(value);
  const told = Object.entries(value).filter(([, each]) => each !== undefined);
  return told.map(([name, each]) => `${name} ${each}`).join(', ');
}

function messagesInWords(messages: readonly ArchivedMessage[], hasText: boolean): string {
  if (messages.length === 0) return 'No message.\n';
  const head = ['TIME', 'FROM', 'WHAT', 'OUTCOME'];
  const rows = messages.map((each) => {
    const { at, outcome } = messageView(each);
    return [at, ...whoAndWhat(each), outcome].map(withoutControls);
  });
  const [titles = '', ...lines] = tableOf([head, ...rows])
    .trimEnd()
    .split('\n');
  const texts = messages.map((each) => (hasText ? indented(wordsOf(each)) : ''));
  return `${titles}\n${lines.map((line, index) => `${line}\n${texts[index]}`).join('')}`;
}

function whoAndWhat(each: ArchivedMessage): readonly [who: string, what: string] {
  if (each.kind === 'bubble') return [each.bubble.author ?? 'us', `part ${each.bubble.part + 1}`];
  const { command, type } = each.message.message;
  return command ? [command.by, command.kind] : ['customer', type];
}

function indented(words: string | undefined): string {
  if (words === undefined) return '';
  const lines = withoutControls(words).split('\n');
  return lines
    .map((line) => `    ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}
