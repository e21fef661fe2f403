import { SqsError } from '#local/sqs/sqs-error.ts';
import { erase } from './erase.ts';
import { messageUpdate } from './peers/meta-bodies.ts';
import { BUSINESSES, narrowTenantOf, tenantOf } from './people.ts';
import { act } from './person.ts';
import type { Operation, PlannedWebhook, TenantState } from './plan/schedule.ts';
import { draw } from './random.ts';
import { QUEUES, START_MS } from './settings.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** How many webhooks somebody else tries to be faster with. */
const FORGED = 0.05;

/** Puts a schedule's actions on the clock, and is the operator, the businesses and the minute's timer. */
export class Stage {
  readonly #world: World;
  readonly #history = new Set<string>();
  #states: [TenantState, TenantState] = ['active', 'active'];
  #sweepIsDue = false;
  #lastOperationMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get lastOperationMs(): number {
    return this.#lastOperationMs;
  }

  /** Whether a business was ever in a state. */
  businessWas(business: number, state: string): boolean {
    return this.#history.has(`${business} ${state}`);
  }

  /** Whether both businesses can be answered for again. */
  get isRepaired(): boolean {
    const { vault, graph } = this.#world;
    return BUSINESSES.every(
      ({ index, tenantId }) =>
        this.#states[index] === 'active' && vault.tokens.get(tenantId) === graph.tokens[index],
    );
  }

  start(): void {
    const { schedule, clock, faults, oracle } = this.#world;
    oracle.onUnfinished = () => void this.#watchUnfinished();
    for (const webhook of schedule.webhooks) {
      clock.schedule(START_MS + webhook.atMs, () => this.#deliver(webhook));
    }
    for (const operation of schedule.operations) {
      clock.schedule(START_MS + operation.atMs, () => {
        this.#lastOperationMs = clock.now();
        this.#operate(operation);
      });
    }
    for (const fault of schedule.faults) {
      if (fault.kind === 'purge') clock.schedule(START_MS + fault.atMs, () => this.#purge());
      if (fault.kind === 'restore') {
        clock.schedule(START_MS + fault.snapshotAtMs, () => this.#world.takeSnapshot());
        clock.schedule(START_MS + fault.atMs, () => this.#restore());
      }
      if (fault.kind === 'deploy') {
        clock.schedule(START_MS + fault.atMs, () => {
          faults.count('deploy', clock.now());
          for (const pool of Object.values(this.#world.functions)) pool.replaceAll();
        });
      }
    }
  }

  /** When every outage is over: a redrive before that would be in vain. */
  get outagesEndMs(): number {
    const ends = this.#world.schedule.faults.map((fault) =>
      fault.kind === 'outage' ? fault.untilMs : 0,
    );
    return START_MS + Math.max(0, ...ends);
  }

  /** Everything that lies on the dead-letter queue is rung again. */
  redrive(): void {
    const { sqs, trace } = this.#world;
    trace?.(() => 'the operator redrives');
    sqs.startMessageMoveTask({
      sourceArn: sqs.arnOf(QUEUES.chatDeadLetters),
      destinationArn: sqs.arnOf(QUEUES.chats),
    });
  }

  /** The rule of every minute; minutes with nothing to sweep are skipped. */
  async #watchUnfinished(): Promise<void> {
    const { clock, sabotage } = this.#world;
    if (this.#sweepIsDue || !sabotage.sweeps) return;
    if (!(await this.#hasUnfinished(Number.POSITIVE_INFINITY)) || this.#sweepIsDue) return;
    this.#sweepIsDue = true;
    const nextMs = (Math.floor(clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
    clock.schedule(nextMs, () => void this.#sweep());
  }

  async #sweep(): Promise<void> {
    const { clock, functions } = this.#world;
    this.#sweepIsDue = false;
    if (await this.#hasUnfinished(clock.now() - MINUTE_MS)) await functions.sweeper.invoke('');
    await this.#watchUnfinished();
  }

  async #hasUnfinished(acceptedBeforeMs: number): Promise<boolean> {
    const found = await this.#world.store.listUnfinished({ acceptedBeforeMs, limit: 1 });
    return found.length > 0;
  }

  #deliver({ messages, copiesAfterMs }: PlannedWebhook): void {
    const { clock, meta, people, schedule, faults, notebook } = this.#world;
    const planned = messages
      .map((id) => schedule.messages.find((each) => each.id === id))
      .filter((each) => each !== undefined);
    const updates = planned.map((each) => messageUpdate(each, people.customer(each.customer)));
    const taken = (generation: number) =>
      this.#world.oracleOf(generation).messages.acknowledge(messages);
    if (draw(schedule.seed, 'forged', messages[0] ?? 0) < FORGED) {
      meta.forge(updates, () => notebook.note('leaked', 'a forged webhook was believed'));
    }
    meta.deliver(updates, taken);
    for (const afterMs of copiesAfterMs) {
      clock.schedule(clock.now() + afterMs, () => {
        faults.count('duplicate', clock.now());
        meta.deliverCopy(updates, taken);
      });
    }
  }

  /** As deployed: new environments with the restored tables; what runs ends with the old ones. */
  #restore(): void {
    const { faults, clock, functions, trace } = this.#world;
    if (!this.#world.restore()) return;
    trace?.(() => 'the tables are restored');
    faults.count('restore', clock.now());
    for (const pool of Object.values(functions)) pool.replaceAll();
    this.#world.oracle.onUnfinished = () => void this.#watchUnfinished();
    void this.#watchUnfinished();
  }

  #purge(): void {
    const { sqs, faults, clock } = this.#world;
    try {
      sqs.purgeQueue(QUEUES.chats);
      faults.count('purge', clock.now());
    } catch (error) {
      // SQS takes one purge a minute.
      if (!(error instanceof SqsError)) throw error;
    }
  }

  #operate(operation: Operation): void {
    const { vault, graph, meta, tenants, clock } = this.#world;
    switch (operation.kind) {
      case 'budget': {
        const business = BUSINESSES[operation.business];
        if (this.#states[operation.business] !== 'active') return;
        tenants.put(business.phoneNumberId, tenantOf(business, operation.hasRoom));
        return;
      }
      case 'limits': {
        const business = BUSINESSES[operation.business];
        tenants.put(business.phoneNumberId, narrowTenantOf(business));
        return;
      }
      case 'tenant': {
        const business = BUSINESSES[operation.business];
        this.#states[operation.business] = operation.state;
        const { closedSinceMs } = this.#world.notebook;
        if (operation.state === 'active') closedSinceMs.delete(operation.business);
        else closedSinceMs.set(operation.business, clock.now());
        this.#history.add(`${operation.business} ${operation.state}`);
        const tenant = tenantOf(business);
        if (operation.state === 'unknown') tenants.remove(business.phoneNumberId);
        else if (operation.state === 'misconfigured') {
          tenants.put(business.phoneNumberId, 'misconfigured');
        } else tenants.put(business.phoneNumberId, { ...tenant, status: operation.state });
        return;
      }
      case 'revoke-token':
        graph.tokens[operation.business] = `EAAG-new-${clock.now()}`;
        return;
      case 'put-token':
        vault.tokens.set(BUSINESSES[operation.business].tenantId, graph.tokens[operation.business]);
        return;
      case 'rotate-app-secret': {
        const secret = `app-secret-${clock.now()}`;
        const { platform } = vault;
        vault.platform = { ...platform, appSecrets: [secret, ...platform.appSecrets] };
        clock.schedule(clock.now() + operation.metaAfterMs, () => {
          meta.appSecret = secret;
        });
        return;
      }
      case 'person':
        void act(this.#world, operation);
        return;
      case 'redrive':
        this.redrive();
        return;
      case 'erase':
        void erase(this.#world, operation, () => {
          this.#lastOperationMs = clock.now();
        });
    }
  }
}
