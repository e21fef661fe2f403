import type {
  ActionEnd,
  AuditTrail,
  OperatorAction,
  RecordedActions,
} from '#app/ports/audit-trail.ts';
import type { Clock } from '#app/ports/clock.ts';
import type { TenantId } from '#domain/ids.ts';

/** The audit trail of a process, for tests. */
export class InMemoryAuditTrail implements AuditTrail {
  readonly #begun = new Map<string, OperatorAction>();
  readonly #ends = new Map<string, ActionEnd>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async now(): Promise<number> {
    return this.#clock.now();
  }

  async begin(action: OperatorAction): Promise<void> {
    if (!this.#begun.has(action.id)) this.#begun.set(action.id, action);
  }

  async end({ id }: OperatorAction, end: ActionEnd): Promise<void> {
    if (!this.#ends.has(id)) this.#ends.set(id, end);
  }

  async list({
    tenant,
    sinceMs,
  }: {
    readonly tenant: TenantId | undefined;
    readonly sinceMs: number;
  }): Promise<RecordedActions> {
    const actions = [...this.#begun.values()]
      .filter((each) => tenant === undefined || each.tenant === tenant)
      .filter(({ beganAtMs }) => beganAtMs >= sinceMs)
      .map((action) => ({ ...action, end: this.#ends.get(action.id) }))
      .sort((one, other) => one.beganAtMs - other.beganAtMs);
    return { actions, unreadable: 0 };
  }
}
