import type { Command } from '#domain/conversation/command.ts';
import { type Delivery, deliveryState } from '#domain/conversation/delivery.ts';
import {
  keyTimeMs,
  type StoredInbound,
  type StoredOutbound,
} from '#domain/conversation/message.ts';
import type { TurnId } from '#domain/ids.ts';
import { readText } from '#domain/whatsapp/message-text.ts';

/** A message as it is stored, with what Meta has told of a bubble. */
export type KeptMessage =
  | { readonly kind: 'message'; readonly message: StoredInbound }
  | { readonly kind: 'bubble'; readonly bubble: StoredOutbound; readonly delivery: Delivery };

/** A message as the business is told of it. */
export interface SaidMessage {
  /** Meta's id; of a command the id that it was given; of a bubble that has none yet one of ours. */
  readonly id: string;
  /** ISO 8601, in UTC. */
  readonly at: string;
  readonly from: 'customer' | 'assistant' | 'person';
  /** Meta's type word, or what somebody of the business did. */
  readonly type: string;
  /** Null where it has no words. */
  readonly text: string | null;
  /** What became of it. */
  readonly outcome: string;
}

/**
 * Messages as somebody of the business reads them. What a person has said by a command is there once: as what
 * went out, under the command's id. Our own timers are nobody's.
 */
export function saidMessages(kept: readonly KeptMessage[]): readonly SaidMessage[] {
  const sent = new Set(kept.flatMap((each) => (each.kind === 'bubble' ? each.bubble.turnId : [])));
  const named = new Map(
    kept.flatMap((each) => {
      const turnId = each.kind === 'message' ? sayingTurn(each.message) : undefined;
      return turnId && each.kind === 'message' ? [[turnId, idOf(each.message)] as const] : [];
    }),
  );
  return kept.flatMap((each) => {
    if (each.kind === 'bubble') return saidBubble(each, named.get(each.bubble.turnId));
    const turnId = sayingTurn(each.message);
    const isTimer = each.message.message.command?.kind === 'idle';
    return isTimer || (turnId && sent.has(turnId)) ? [] : saidInbound(each.message);
  });
}

/** The turn in which a person's words went out. */
function sayingTurn({ message, progress }: StoredInbound): TurnId | undefined {
  return message.command?.kind === 'say' && progress.kind === 'finished'
    ? progress.turnId
    : undefined;
}

function saidBubble(
  { bubble, delivery }: Extract<KeptMessage, { kind: 'bubble' }>,
  named: string | undefined,
): SaidMessage {
  const { key, wamid, turnId, part, text, author, template } = bubble;
  const ours = named && part > 0 ? `${named}.${part + 1}` : named;
  return {
    id: ours ?? wamid ?? `${turnId}.${part}`,
    at: timeOf(keyTimeMs(key)),
    from: author ?? 'assistant',
    type: template === undefined ? 'text' : 'template',
    text: text || null,
    outcome: deliveryState(bubble, delivery),
  };
}

function saidInbound(stored: StoredInbound): SaidMessage {
  const { key, message, progress } = stored;
  const { command } = message;
  const common = {
    id: idOf(stored),
    at: timeOf(keyTimeMs(key)),
    outcome: progress.kind === 'finished' ? progress.outcome : progress.kind,
  };
  if (command) return { ...common, from: 'person', type: command.kind, text: wordsOf(command) };
  return { ...common, from: 'customer', type: message.type, text: readText(message) || null };
}

/** A command goes by the id that it was given. */
function idOf({ message }: StoredInbound): string {
  return message.command ? message.wamid.replace(/^command\./, '') : message.wamid;
}

function wordsOf(command: Command): string | null {
  switch (command.kind) {
    case 'take':
    case 'release':
    case 'idle':
      return null;
    case 'echo':
      return command.text || null;
    case 'say': {
      const { content } = command;
      if (content.kind === 'text') return content.text;
      return [`[Template ${content.name}]`, ...content.parameters].join(' ');
    }
  }
}

/** What a sender gave for a time may be beyond all times. */
function timeOf(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
