import type { Chat } from '#domain/ids.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';

/**
 * What somebody of the business wants of a chat. It lies in the chat's inbox like a customer's message, so
 * that one writer carries everything out, in order and once: docs/adr/024.
 * - `take`: a person answers from now on; `release`: the assistant does again
 * - `say`: a person's words, to be sent
 * - `echo`: what a person has said already, on the business's own phone
 */
export type Command =
  | { readonly kind: 'take'; readonly by: string }
  | { readonly kind: 'release'; readonly by: string }
  | { readonly kind: 'say'; readonly by: string; readonly content: SaidContent }
  | { readonly kind: 'echo'; readonly by: string; readonly text: string };

/** The 24-hour window lets everything through while it is open, and templates alone afterwards. */
type SaidContent =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'template';
      readonly name: string;
      /** As Meta spells it, such as `en_US`. */
      readonly language: string;
      /** In the order of the body's placeholders. */
      readonly parameters: readonly string[];
    };

/**
 * A command as an entry of its chat's inbox. The same id is the same entry, however often it is put there.
 * `atMs` says where it stands among the chat's messages.
 */
export function commandMessage(
  chat: Chat,
  command: Command,
  { id, atMs }: { readonly id: string; readonly atMs: number },
): InboundMessage {
  const base = { chat, type: 'command', userId: undefined, waId: undefined, raw: {} };
  return { ...base, wamid: `command.${id}`, sentAtMs: atMs, command };
}

/** @returns undefined for what is no command */
export function parseCommand(value: unknown): Command | undefined {
  if (!isObject(value)) return undefined;
  const by = textAt(value, 'by');
  if (!by) return undefined;
  switch (value['kind']) {
    case 'take':
    case 'release':
      return { kind: value['kind'], by };
    case 'say': {
      const content = parseContent(objectAt(value, 'content'));
      return content && { kind: 'say', by, content };
    }
    case 'echo':
      return { kind: 'echo', by, text: textAt(value, 'text') ?? '' };
    default:
      return undefined;
  }
}

function parseContent(content: JsonObject | undefined): SaidContent | undefined {
  switch (content?.['kind']) {
    case 'text': {
      const text = textAt(content, 'text');
      return text ? { kind: 'text', text } : undefined;
    }
    case 'template': {
      const [name, language] = [textAt(content, 'name'), textAt(content, 'language')];
      if (!name || !language) return undefined;
      const parameters = listAt(content, 'parameters').filter((each) => typeof each === 'string');
      return { kind: 'template', name, language, parameters };
    }
    default:
      return undefined;
  }
}
