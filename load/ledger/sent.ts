import type { Kind, Side } from '../scenarios/scenario.ts';

/** A webhook as it was sent. */
export interface SentWebhook {
  readonly id: string;
  readonly atMs: number;
  /** Who sent it, over one connection. */
  readonly sender: string;
  readonly kind: Kind;
  readonly side: Side;
  /** Names its messages together with their numbers, from `first` on. */
  readonly run: string;
  readonly first: number;
  readonly messages: number;
  readonly statuses: number;
}

/** How it was answered: `ms` until the answer began, without the way there and back. */
export interface Answered {
  readonly id: string;
  readonly status: number;
  readonly ms: number;
}

export interface Posted extends SentWebhook {
  /** Undefined where no answer came. */
  readonly answer: Omit<Answered, 'id'> | undefined;
}

/** What the app has to say to it. */
export function expectedStatus(kind: Kind): number {
  return kind === 'forged' ? 401 : 200;
}
