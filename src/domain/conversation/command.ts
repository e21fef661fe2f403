import { type Chat, parseTenantId, type TenantId } from '#domain/ids.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';

/**
 * What somebody of the business wants of a chat. It lies in the chat's inbox like a customer's message, so
 * that one writer carries everything out, in order and once: docs/adr/024.
 * - `take`: a person answers from now on; `release`: the assistant does again
 * - `say`: a person's words, to be sent
 * - `echo`: what a person has said already, on the business's own phone
 * - `idle`: our own timer, which lies there with the time at which it is due: is anybody still at it?
 */
export type Command = (
  | { readonly kind: 'take'; readonly by: string }
  | { readonly kind: 'release'; readonly by: string }
  | { readonly kind: 'say'; readonly by: string; readonly content: SaidContent }
  | {
      readonly kind: 'echo';
      readonly by: string;
      /** Empty for what has no words, and for one that takes another back. */
      readonly text: string;
      /** WhatsApp's id of the earlier message that this one edits or takes back. */
      readonly changes?: string | undefined;
    }
  | { readonly kind: 'idle'; readonly by: string; readonly version: number }
) & {
  /** Whose the number was when it was asked for: nobody else's chat obeys it. Unsaid, its time decides. */
  readonly tenantId?: TenantId | undefined;
};

/** The 24-hour window lets everything through while it is open, and templates alone afterwards. */
export type SaidContent =
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

/**
 * The ids that a command may be given by whoever wants it: not those of our timers, since an entry is told to
 * be one by its key alone, and after an erasure would be dropped, or kept, as one.
 */
export const COMMAND_ID = /^(?!idle-\d+$)[\w.:~-]{1,128}$/;

const TIMER = 'concierge';

/**
 * The timer of the hand-over that began with this version of the head. It names no contact, and is the same
 * entry however often it is set to the same time.
 */
export function idleMessage(chat: Chat, version: number, dueMs: number): InboundMessage {
  const command: Command = { kind: 'idle', by: TIMER, version };
  return commandMessage(chat, command, { id: `idle-${version}`, atMs: dueMs });
}

/** Whether an entry is a command, by its key alone: where it cannot be read, or makes us fail. */
export function isCommandKey(key: string): boolean {
  return /^\d+#command\./.test(key);
}

/** Whether an entry is a timer, by its key alone. */
export function isTimerKey(key: string): boolean {
  return /^\d+#command\.idle-\d+$/.test(key);
}

/** The id that WhatsApp gave to what was said on the business's phone. */
export function echoedWamid({ wamid, command }: InboundMessage): string | undefined {
  return command?.kind === 'echo' ? wamid.slice('command.'.length) : undefined;
}

/** @returns undefined for what is no command */
export function parseCommand(value: unknown): Command | undefined {
  if (!isObject(value)) return undefined;
  const by = textAt(value, 'by');
  if (!by) return undefined;
  const tenantId = parseTenantId(value['tenantId']);
  const command = parseKind(value, by);
  return command && (tenantId === undefined ? command : { ...command, tenantId });
}

function parseKind(value: JsonObject, by: string): Command | undefined {
  switch (value['kind']) {
    case 'take':
    case 'release':
      return { kind: value['kind'], by };
    case 'say': {
      const content = parseContent(objectAt(value, 'content'));
      return content && { kind: 'say', by, content };
    }
    case 'echo': {
      const changes = textAt(value, 'changes');
      const echo = { kind: 'echo', by, text: textAt(value, 'text') ?? '' } as const;
      return changes === undefined ? echo : { ...echo, changes };
    }
    case 'idle': {
      const version = numberAt(value, 'version');
      return version === undefined ? undefined : { kind: 'idle', by, version };
    }
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
