import type { Fault } from './fault.ts';

/** Everything that a run does, as data: a run is a function of this, so it can be shrunk piece by piece. */
export interface Schedule {
  readonly seed: number;
  readonly customers: readonly Customer[];
  readonly messages: readonly PlannedMessage[];
  readonly webhooks: readonly PlannedWebhook[];
  readonly operations: readonly Operation[];
  readonly statuses: StatusHabits;
  readonly faults: readonly Fault[];
}

/** Two businesses; each has one number. */
export type BusinessIndex = 0 | 1;

/** A person who writes to one business. */
export interface Customer {
  readonly index: number;
  readonly business: BusinessIndex;
  /** The second is the one after a change of number. */
  readonly phones: readonly [string, string];
  readonly userId: string;
}

/** Times are milliseconds since the start of the run. */
export interface PlannedMessage {
  /** Unique in the schedule; its token stands in the text. */
  readonly id: number;
  readonly customer: number;
  readonly writtenAtMs: number;
  readonly type: MessageType;
  /** Which of the customer's ids Meta sends along. */
  readonly ids: 'phone' | 'user' | 'both';
  readonly phone: 0 | 1;
}

export type MessageType =
  | 'text'
  | 'image'
  | 'document'
  | 'voice'
  | 'location'
  | 'button'
  | 'reaction'
  | 'unsupported'
  /** The customer wants to hear nothing more, or is back. */
  | 'stop'
  | 'start'
  /** The customer asks for a person. */
  | 'wants-person'
  /** A text that our own code fails on whenever the model is to read it. */
  | 'poison'
  /** Meta's notice that the customer goes on under the other phone number. */
  | 'changed-number';

/** One POST of Meta's, until it is taken or seven days have passed. */
export interface PlannedWebhook {
  readonly atMs: number;
  /** Ids of messages, in the order of the body. */
  readonly messages: readonly number[];
  /** Further deliveries of the same body, after the first by so much; not repeated when refused. */
  readonly copiesAfterMs: readonly number[];
}

/** What the operator and the businesses do. */
export type Operation = { readonly atMs: number } & (
  | { readonly kind: 'tenant'; readonly business: BusinessIndex; readonly state: TenantState }
  /** The business's budget of a day is as good as used up, or is as much as it takes again. */
  | { readonly kind: 'budget'; readonly business: BusinessIndex; readonly hasRoom: boolean }
  /** A customer of the business may write hardly anything in a minute. */
  | { readonly kind: 'limits'; readonly business: BusinessIndex }
  /** Meta stops taking the token that the vault has. */
  | { readonly kind: 'revoke-token'; readonly business: BusinessIndex }
  /** A new token is made and put into the vault. */
  | { readonly kind: 'put-token'; readonly business: BusinessIndex }
  /** The vault gets a new app secret before the old one, then Meta signs with it. */
  | { readonly kind: 'rotate-app-secret'; readonly metaAfterMs: number }
  /** Somebody of the business, with the customer under one of the ids; `id` is unique in the schedule. */
  | {
      readonly kind: 'person';
      readonly customer: number;
      readonly does: 'take' | 'release' | 'say' | 'echo';
      readonly id: number;
      readonly at: 0 | 1 | 2;
    }
  | { readonly kind: 'redrive' }
  /** Everything of a customer, named by one of the ids: both phone numbers, then the user id. */
  | { readonly kind: 'erase'; readonly customer: number; readonly id: 0 | 1 | 2 }
);

export type TenantState = 'active' | 'suspended' | 'misconfigured' | 'unknown';

/** How Meta reports on sent messages; probabilities per bubble. */
export interface StatusHabits {
  readonly never: number;
  readonly late: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** `failed` after the send was accepted. */
  readonly failed: number;
}

export const CALM_STATUSES: StatusHabits = {
  never: 0,
  late: 0,
  duplicated: 0,
  reordered: 0,
  failed: 0,
};
