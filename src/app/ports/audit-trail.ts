import type { TenantId } from '#domain/ids.ts';

/** Who acts. */
export interface Actor {
  /** ARN of the caller, as AWS confirms it. */
  readonly arn: string;
  /** User of the operating system, as the machine claims it; undefined where it has none. */
  readonly claimedUser: string | undefined;
}

/** What an operator does, in names only: no value, no customer's word, contacts by pseudonym. */
export interface OperatorAction {
  /** Of this run of the command, and of no other. */
  readonly id: string;
  readonly beganAtMs: number;
  readonly by: Actor;
  /** Such as `tenant set`. */
  readonly command: string;
  /** Undefined: it is about the platform. */
  readonly tenant: TenantId | undefined;
  /** Pseudonym of the contact or message that it is about. */
  readonly subject: string | undefined;
  /** Names of the options that were given. */
  readonly options: readonly string[];
  /** Names of what is to be changed. */
  readonly fields: readonly string[];
}

export interface ActionEnd {
  readonly endedAtMs: number;
  /** `incomplete`: it ran to its end, and something failed or was left. */
  readonly outcome: 'done' | 'incomplete' | 'failed';
  /** The name of what it failed with, never its message. */
  readonly error: string | undefined;
  /** Names of what did change, as far as the command tells. */
  readonly changed: readonly string[];
  /** Pseudonyms of the chats that it reached, as the logs have them. */
  readonly chats: readonly string[];
}

export interface RecordedAction extends OperatorAction {
  /** Undefined: still at it, or it died, and what it did of it is unknown. */
  readonly end: ActionEnd | undefined;
}

/** What operators did: entries are added, and never changed or taken back. */
export interface AuditTrail {
  /** The trail's own time in milliseconds: the operator's machine may have a wrong one. */
  now(): Promise<number>;
  /** Recorded when it resolves; nothing may be done before. Repeating it does no harm. */
  begin(action: OperatorAction): Promise<void>;
  /** Beside what `begin` has recorded; the first end stays. */
  end(action: OperatorAction, end: ActionEnd): Promise<void>;
  /** Begun at this time or later: of one tenant, or of all and of the platform. */
  list(wanted: {
    readonly tenant: TenantId | undefined;
    readonly sinceMs: number;
  }): Promise<RecordedActions>;
}

export interface RecordedActions {
  /** Oldest first. */
  readonly actions: readonly RecordedAction[];
  /** Entries that this release cannot read. */
  readonly unreadable: number;
}
