import type { ChatHead } from './head.ts';
import type { MessageKey } from './message.ts';

/**
 * Who answers a chat:
 * - `assistant`: the model
 * - `waiting`: a person is asked for, and nobody has come yet
 * - `human`: a person of the business
 */
export const CHAT_STATES = ['assistant', 'waiting', 'human'] as const;
export type ChatStateName = (typeof CHAT_STATES)[number];

/**
 * What happens to a chat:
 * - `requested`: by the model, by the customer, or because the assistant gets nowhere
 * - `taken`: somebody of the business takes the chat
 * - `spoken`: somebody of the business has written in it, here or on the business's own phone
 * - `released`: somebody gives it back to the assistant
 * - `idled`: nobody came, or the person did nothing for too long
 */
export const HAND_OVER_EVENTS = ['requested', 'taken', 'spoken', 'released', 'idled'] as const;
export type HandOverEvent = (typeof HAND_OVER_EVENTS)[number];

export const HAND_OVER_CAUSES = [
  'assistant',
  'customer',
  'failures',
  'low-confidence',
  'operator',
  'phone',
] as const;
export type HandOverCause = (typeof HAND_OVER_CAUSES)[number];

/** The last thing that a person said: when, and when we heard of it. */
export interface SpokenWord {
  readonly atMs: number;
  readonly acceptedAtMs: number;
}

/** The latest time that a chat was handed over; it stays when that is over, for the model to know of. */
export interface HandOver {
  /** The head's version when it began: no other of this chat has the same. */
  readonly version: number;
  readonly sinceMs: number;
  readonly cause: HandOverCause;
  /** Why, in the words of who asked. */
  readonly reason: string | undefined;
  /** What the chat was about, as the model told it. */
  readonly summary: string | undefined;
  /** Who has the chat, or had it last. */
  readonly by: string | undefined;
  /** When a person last did something, else when it began. */
  readonly activeAtMs: number;
  readonly spoke: SpokenWord | undefined;
  /** Messages that the assistant left to a person and that no person has answered, oldest first. */
  readonly kept: readonly MessageKey[];
  /** What the business has not been told yet; what a command brings about is told with the command. */
  readonly untold: Transition['tells'];
  /** The command that was carried out last, so that it is not carried out again. */
  readonly done: MessageKey | undefined;
  readonly releasedAtMs: number | undefined;
  /** Whether somebody gave it back, or nobody did anything for too long. */
  readonly ended: 'released' | 'idled' | undefined;
}

/** What becomes of the record of the hand-over. */
type Effect =
  /** One begins. */
  | 'begin'
  /** Somebody else has it from now on. */
  | 'take'
  /** The person is at it. */
  | 'touch'
  | 'end'
  | 'none';

interface Transition {
  readonly to: ChatStateName;
  readonly effect: Effect;
  /** What the business is told. */
  readonly tells: 'hand-over.requested' | 'chat.taken' | 'chat.released' | undefined;
}

const NOTHING = { effect: 'none', tells: undefined } as const;
const BACK: Transition = { to: 'assistant', effect: 'end', tells: 'chat.released' };

/** Every state with every event. */
export const TRANSITIONS: Readonly<
  Record<ChatStateName, Readonly<Record<HandOverEvent, Transition>>>
> = {
  assistant: {
    requested: { to: 'waiting', effect: 'begin', tells: 'hand-over.requested' },
    taken: { to: 'human', effect: 'begin', tells: 'chat.taken' },
    spoken: { to: 'human', effect: 'begin', tells: 'chat.taken' },
    released: { to: 'assistant', ...NOTHING },
    idled: { to: 'assistant', ...NOTHING },
  },
  waiting: {
    requested: { to: 'waiting', ...NOTHING },
    taken: { to: 'human', effect: 'take', tells: 'chat.taken' },
    spoken: { to: 'human', effect: 'take', tells: 'chat.taken' },
    released: BACK,
    idled: BACK,
  },
  human: {
    requested: { to: 'human', ...NOTHING },
    taken: { to: 'human', effect: 'take', tells: 'chat.taken' },
    spoken: { to: 'human', effect: 'touch', tells: undefined },
    released: BACK,
    idled: BACK,
  },
};

/** Who did it, and why. */
export interface HandOverOccasion {
  readonly event: HandOverEvent;
  readonly atMs: number;
  readonly cause: HandOverCause;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly summary?: string | undefined;
}

export interface Moved {
  readonly head: ChatHead;
  readonly tells: Transition['tells'];
}

/** The head after an event, to be saved, and what the business is to be told of it. */
export function moveOn(head: ChatHead, occasion: HandOverOccasion): Moved {
  const { to, effect, tells } = TRANSITIONS[head.state][occasion.event];
  return { head: { ...head, state: to, ...changeBy(effect, head, occasion) }, tells };
}

function changeBy(
  effect: Effect,
  head: ChatHead,
  occasion: HandOverOccasion,
): Pick<ChatHead, 'flag' | 'handOver' | 'failures'> {
  const { flag, failures } = head;
  const { atMs, by } = occasion;
  // Of a chat that a person had before there was a record of it.
  const known = ongoing(head) ?? beginOf(head, occasion);
  switch (effect) {
    case 'begin': {
      const isRequest = occasion.event === 'requested';
      // Somebody is asked to look, or looks already.
      const next = isRequest ? 'hand-over' : undefined;
      return { flag: next, handOver: beginOf(head, occasion), failures };
    }
    case 'take':
      return { flag: undefined, handOver: { ...known, by, activeAtMs: atMs }, failures };
    case 'touch': {
      const handOver = { ...known, by: by ?? known.by, activeAtMs: atMs };
      return { flag, handOver, failures };
    }
    case 'end':
      return {
        flag: occasion.event === 'released' ? undefined : flag,
        handOver: {
          ...known,
          releasedAtMs: atMs,
          ended: occasion.event === 'released' ? 'released' : 'idled',
        },
        failures: 0,
      };
    case 'none':
      return { flag, handOver: head.handOver, failures };
  }
}

function beginOf(
  { version }: ChatHead,
  { atMs, cause, by, reason, summary }: HandOverOccasion,
): HandOver {
  return {
    version,
    sinceMs: atMs,
    cause,
    reason,
    summary,
    by,
    activeAtMs: atMs,
    spoke: undefined,
    kept: [],
    untold: undefined,
    done: undefined,
    releasedAtMs: undefined,
    ended: undefined,
  };
}

/** Undefined where the latest one is over. */
export function ongoing({ handOver }: ChatHead): HandOver | undefined {
  return handOver?.releasedAtMs === undefined ? handOver : undefined;
}

/** With a record of the hand-over, also where a person had the chat before there were any. */
export function withRecord(
  head: ChatHead,
  atMs: number,
): ChatHead & { readonly handOver: HandOver } {
  return {
    ...head,
    handOver: ongoing(head) ?? beginOf(head, { event: 'taken', atMs, cause: 'operator' }),
  };
}
