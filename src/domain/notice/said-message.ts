import type { Command } from '#domain/conversation/command.ts';
import { type Delivery, deliveryState } from '#domain/conversation/delivery.ts';
import {
  keyTimeMs,
  type StoredInbound,
  type StoredOutbound,
} from '#domain/conversation/message.ts';
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

export function saidMessage(kept: KeptMessage): SaidMessage {
  return kept.kind === 'bubble' ? saidBubble(kept) : saidInbound(kept.message);
}

function saidBubble({ bubble, delivery }: Extract<KeptMessage, { kind: 'bubble' }>): SaidMessage {
  const { key, wamid, turnId, part, text } = bubble;
  return {
    id: wamid ?? `${turnId}.${part}`,
    at: timeOf(keyTimeMs(key)),
    from: 'assistant',
    type: 'text',
    text: text || null,
    outcome: deliveryState(bubble, delivery),
  };
}

function saidInbound({ key, message, progress }: StoredInbound): SaidMessage {
  const { command, wamid } = message;
  const common = {
    at: timeOf(keyTimeMs(key)),
    outcome: progress.kind === 'finished' ? progress.outcome : progress.kind,
  };
  if (!command) {
    const text = readText(message) || null;
    return { ...common, id: wamid, from: 'customer', type: message.type, text };
  }
  const id = wamid.replace(/^command\./, '');
  return { ...common, id, from: 'person', type: command.kind, text: wordsOf(command) };
}

function wordsOf(command: Command): string | null {
  switch (command.kind) {
    case 'take':
    case 'release':
      return null;
    case 'echo':
      return command.text || null;
    case 'say': {
      const { content } = command;
      if (content.kind === 'text') return content.text;
      return [`[template ${content.name}, ${content.language}]`, ...content.parameters].join(' ');
    }
  }
}

/** What a sender gave for a time may be beyond all times. */
function timeOf(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
